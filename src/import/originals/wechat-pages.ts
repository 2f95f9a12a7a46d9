import { z } from 'zod';
import { CONTACT_COLUMNS, EMPLOYEE_COLUMNS, FOLLOW_COLUMNS, TAG_COLUMNS } from '../../wechat-customers/rows.reply';
import { BUSINESS, count, payloadOf, rowOf, WireRow } from './answers';
import type { System } from './system';
import type { PageOf, Pages } from './walk';

/** The most that the contract allows (CONTRACT 2.3). */
const PAGE_ROWS = 100;

const LIST = 'plugin/WechatCustomers/getList';

const rows = <Row>(row: z.ZodType<Row>) => z.array(row, 'is no list');

/** A row of getList, with its contact and employee. */
const follow: z.ZodType<WireRow> = rowOf([...FOLLOW_COLUMNS, 'tag_name']).extend({
  has_one_customer: rowOf(CONTACT_COLUMNS).nullable(),
  has_one_employee: rowOf(EMPLOYEE_COLUMNS).nullable(),
});

const list = z.object({
  data: rows(follow),
  total: count,
  last_page: count,
  tag: rows(rowOf(TAG_COLUMNS)),
  employee: rows(rowOf(['user_id', 'name'])),
});

/** Asks getList (CONTRACT 2.3). @throws SystemFailed */
export async function getList(system: System, params: Record<string, unknown>): Promise<z.infer<typeof list>> {
  const { base, secrets } = system;
  return payloadOf({ base, route: LIST, secrets }, BUSINESS, list, await system.ask({ route: LIST, params }));
}

/** All follows of the enterprise, each with its contact and employee. */
export function followPages(system: System): Pages<WireRow> {
  return {
    base: system.base,
    route: LIST,
    keyOf: ({ id }) => String(id),
    async ask(page): Promise<PageOf<WireRow>> {
      const { data, total, last_page } = await getList(system, { page, per_page: PAGE_ROWS });
      return { rows: data, total, pages: last_page };
    },
  };
}

/** All tags of the enterprise. */
export async function allTags(system: System): Promise<WireRow[]> {
  return (await getList(system, { page: 1, per_page: 1 })).tag;
}

/**
 * All employees of the enterprise. The list names them only; the rest stands beside an employee's follows, so those
 * without any are known by name alone, and come last: their ids are free to be chosen then.
 */
export async function allEmployees(system: System): Promise<WireRow[]> {
  const { employee: named } = await getList(system, { page: 1, per_page: 1 });
  const whole: WireRow[] = [];
  const nameOnly: WireRow[] = [];
  for (const employee of named) {
    const search = { employee_member: employee.user_id };
    const { data } = await getList(system, { page: 1, per_page: 1, search });
    const found = data[0]?.has_one_employee as WireRow | null | undefined;
    if (found && found.user_id === employee.user_id) whole.push(found);
    else nameOnly.push(employee);
  }
  return [...whole, ...nameOnly];
}
