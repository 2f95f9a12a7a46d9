import type { EntityManager, EntityMetadata } from 'typeorm';
import { HIDDEN } from '../../audit/changes';
import { Entry, EntryActor, note } from '../../audit/note';
import { wallClock } from '../../base/time';
import { Rows } from '../../database/rows';
import { placeholders } from '../../database/where';
import { Customer } from '../../user-customer/entities/customer.entity';
import type { Compared } from '../../wechat-customers/write/compare';
import type { Context, Plan } from '../kinds/kind';
import { changesOf, compareRow, outcomeOf, writeRows } from './compared';

export type GivenCustomer = Partial<Customer> & Pick<Customer, 'customerId'>;

const TEXTS = [
  ...(['name', 'description', 'expId', 'province', 'city', 'address', 'phone', 'contact'] as const),
  ...(['mobile', 'email', 'template', 'script', 'reference', 'created'] as const),
];
const GIVEN = [...TEXTS, 'secret'] as const;

export async function compareCustomers(
  manager: EntityManager,
  rows: GivenCustomer[],
  { actor, lock, metadataOf }: Context,
): Promise<Plan> {
  const ids = rows.map(({ customerId }) => customerId);
  const stored = await new Rows(manager, Customer).read(`customer_id IN (${placeholders(ids)}) ${lock}`, ids);
  const known = new Map(stored.map((customer) => [customer.customerId, customer]));
  const now = wallClock();
  const compared = rows.map((row) => compareRow(known.get(row.customerId), blank(row.customerId, now), row, GIVEN));
  return {
    outcomes: compared.map(outcomeOf),
    write: async () => {
      const written = compared.filter(({ isChanged }) => isChanged);
      await writeRows(manager, Customer, written, GIVEN);
      await note(manager, ...written.map((each) => entryOf(each, metadataOf(Customer), actor)));
    },
  };
}

/** As the routes note it: the secret never, the name by that of the wire. */
function entryOf(customer: Compared<Customer>, metadata: EntityMetadata, actor: EntryActor): Entry {
  const { stored, next } = customer;
  const { name, ...changes } = changesOf(metadata, TEXTS, customer);
  const hasNewSecret = stored !== undefined && stored.secret !== next.secret;
  return {
    ...({ kind: 'customer', action: stored ? 'edit' : 'add', actor, customerId: next.customerId } as const),
    changes: { ...(name && { customer_name: name }), ...changes, ...(hasNewSecret && { secret: HIDDEN }) },
  };
}

/** Without a code no user can follow it. */
const blank = (customerId: number, now: string): Customer => ({
  customerId,
  name: '',
  secret: '',
  description: '',
  expId: '',
  province: '',
  city: '',
  address: '',
  phone: '',
  contact: '',
  mobile: '',
  email: '',
  template: null,
  script: null,
  reference: '',
  created: now,
});
