import type { EntityManager } from 'typeorm';
import { Entry, EntryActor, note } from '../../audit/note';
import { wallClock } from '../../base/time';
import { dialectOf } from '../../database/dialect';
import { Rows } from '../../database/rows';
import { placeholders } from '../../database/where';
import { UserCustomer } from '../../user-customer/entities/user-customer.entity';
import type { Compared } from '../../wechat-customers/write/compare';
import type { Context, Plan } from '../kinds/kind';
import { changesOf, compareRow, outcomeOf, writeRows } from './compared';

export type GivenRelation = Partial<UserCustomer> & Pick<UserCustomer, 'userId' | 'customerId'>;

const GIVEN = ['template', 'script', 'reference', 'created', 'isAvailable', 'bossSync'] as const;

export async function compareRelations(manager: EntityManager, rows: GivenRelation[], context: Context): Promise<Plan> {
  const partners = await readPartners(manager, rows, context);
  const known = await readRelations(manager, rows, context.lock);
  const now = wallClock();
  const compared = rows.map((row) => compareRow(known.get(pairOf(row)), blank(row, now), row, GIVEN));
  const faults = rows.map((row) => faultOf(row, partners));
  return {
    outcomes: compared.map((each, i) => (faults[i] ? { refused: faults[i] } : outcomeOf(each))),
    write: async () => {
      const written = compared.filter(({ isChanged }, i) => isChanged && !faults[i]);
      await writeRows(manager, UserCustomer, written, GIVEN);
      const metadata = context.metadataOf(UserCustomer);
      await note(manager, ...written.map((each) => entryOf(each, context.actor, changesOf(metadata, GIVEN, each))));
    },
  };
}

const pairOf = ({ userId, customerId }: Pick<UserCustomer, 'userId' | 'customerId'>) => `${userId} ${customerId}`;

interface Partners {
  users: ReadonlySet<number>;
  customers: ReadonlySet<number>;
}

/** The accounts and customers that exist. The latter are locked: none is deleted before its relation is there. */
async function readPartners(manager: EntityManager, rows: GivenRelation[], context: Context): Promise<Partners> {
  const userIds = [...new Set(rows.map(({ userId }) => userId))];
  const customerIds = [...new Set(rows.map(({ customerId }) => customerId))];
  const users = await manager.query<{ id: number }[]>(
    `SELECT user_id AS id FROM \`user\` WHERE user_id IN (${placeholders(userIds)})`,
    userIds,
  );
  const customers = await manager.query<{ id: number }[]>(
    `SELECT customer_id AS id FROM customer WHERE customer_id IN (${placeholders(customerIds)}) ${context.lock}`,
    customerIds,
  );
  const assumed = (word: string, ids: number[]) => ids.filter((id) => context.assumed.has(`${word} ${id}`));
  return {
    users: new Set([...users.map(({ id }) => id), ...assumed('account', userIds)]),
    customers: new Set([...customers.map(({ id }) => id), ...assumed('customer', customerIds)]),
  };
}

function faultOf({ userId, customerId }: GivenRelation, { users, customers }: Partners): string | undefined {
  if (!users.has(userId)) return 'unknown account: import accounts first';
  return customers.has(customerId) ? undefined : 'unknown customer: import customers first';
}

async function readRelations(
  manager: EntityManager,
  rows: GivenRelation[],
  lock: string,
): Promise<Map<string, UserCustomer>> {
  const among = dialectOf(manager.dataSource).amongTuples(2, rows.length);
  const stored = await new Rows(manager, UserCustomer).read(
    `(user_id, customer_id) ${among} ${lock}`,
    rows.flatMap(({ userId, customerId }) => [userId, customerId]),
  );
  return new Map(stored.map((relation) => [pairOf(relation), relation]));
}

function entryOf({ stored, next }: Compared<UserCustomer>, actor: EntryActor, changes: Entry['changes']): Entry {
  const { userId, customerId } = next;
  return { kind: 'relation', action: stored ? 'edit' : 'add', actor, userId, customerId, changes };
}

const blank = ({ userId, customerId }: GivenRelation, now: string): UserCustomer => ({
  userId,
  customerId,
  template: null,
  script: null,
  reference: '',
  created: now,
  isAvailable: 1,
  bossSync: 0,
});
