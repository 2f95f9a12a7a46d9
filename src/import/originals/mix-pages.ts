import { z } from 'zod';
import { CUSTOMER_COLUMNS } from '../../user-customer/customers/customer-query';
import { RELATION_COLUMNS } from '../../user-customer/relation-query';
import { count, MIX, payloadOf, rowOf, WireRow } from './answers';
import type { System } from './system';
import type { PageOf, Pages } from './walk';

/** Rows of a page: so few requests that a gentle rate is enough, so few bytes that a page comes in a second. */
const PAGE_ROWS = 500;

export const CUSTOMER_FIELDS = [...Object.keys(CUSTOMER_COLUMNS), 'secret'];
export const RELATION_FIELDS = Object.keys(RELATION_COLUMNS);

/** All customers, with their codes (CONTRACT 1.4). */
export const customerPages = (system: System): Pages<WireRow> =>
  new MixPages(system, 'customer/get_all_list', CUSTOMER_FIELDS, ({ customer_id }) => String(customer_id));

/** The relations of all users (CONTRACT 1.3). */
export const relationPages = (system: System): Pages<WireRow> =>
  new MixPages(
    system,
    'user_customer/get_list',
    RELATION_FIELDS,
    ({ user_id, customer_id }) => `${String(user_id)} ${String(customer_id)}`,
  );

class MixPages implements Pages<WireRow> {
  readonly base: string;
  private readonly shape: z.ZodType<PageOf<WireRow>>;

  constructor(
    private readonly system: System,
    readonly route: string,
    fields: string[],
    readonly keyOf: (row: WireRow) => string,
  ) {
    this.base = system.base;
    this.shape = z
      .object({ total_pages: count, total_records: count, data: z.array(rowOf(fields), 'is no list') })
      .transform(({ data, total_records, total_pages }) => ({ rows: data, total: total_records, pages: total_pages }));
  }

  async ask(page: number): Promise<PageOf<WireRow>> {
    const params = { page_index: page, page_size: PAGE_ROWS };
    const { base, route, system } = this;
    return payloadOf({ base, route, secrets: system.secrets }, MIX, this.shape, await system.ask({ route, params }));
  }
}
