import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { DataSource, EntityManager } from 'typeorm';
import { Customer } from '../src/user-customer/entities/customer.entity';

/** Ids of rows that exist beforehand, one per transaction. */
const SEEDS_FROM = 500_000;
const PLAIN_FROM = 1_000_000;

export class RolledBack extends Error {}

const customer = (customerId: number) => ({ customerId, name: 'queue', secret: 'QUEUE' });

export const insertCustomer = (manager: EntityManager, customerId: number) =>
  manager.insert(Customer, customer(customerId));

const seedOf = (transaction: number) => SEEDS_FROM + transaction;

/** Ids of the rows that a transaction writes: 1000, 1001, 1002 for the first, 1010 … for the second. */
const idsOf = (transaction: number) => [0, 1, 2].map((row) => 1000 + transaction * 10 + row);

/**
 * Replaces its seed by its three rows, with a pause after each: even transactions delete the seed, odd ones turn it
 * into their first row. A quarter fails at its end.
 */
function runTransaction(dataSource: DataSource, transaction: number): Promise<void> {
  return dataSource.transaction(async (manager) => {
    const seed = { customerId: seedOf(transaction) };
    const [first, ...others] = idsOf(transaction);
    if (transaction % 2 === 0) {
      await manager.delete(Customer, seed);
      others.push(first!);
    } else await manager.update(Customer, seed, { customerId: first });
    for (const id of others) {
      await sleep(transaction % 3);
      await insertCustomer(manager, id);
    }
    await sleep(transaction % 3);
    if (transaction % 8 === 3 || transaction % 8 === 6) throw new RolledBack();
  });
}

/**
 * Runs this many transactions and plain inserts concurrently. @returns each caller's outcome and the rows afterwards
 * @param dataSource whose table of customers is empty
 * @param width how many of each may run at once
 */
export async function runTransactions(
  dataSource: DataSource,
  transactions: number,
  plainInserts: number,
  width = Infinity,
) {
  const numbers = Array.from({ length: transactions }, (_, number) => number);
  const plainIds = Array.from({ length: plainInserts }, (_, number) => PLAIN_FROM + number);
  await dataSource.manager.insert(
    Customer,
    numbers.map((number) => customer(seedOf(number))),
  );
  const [inTransactions, inPlainInserts] = [pLimit(width), pLimit(width)];
  const [told, plain] = await Promise.all([
    Promise.allSettled(numbers.map((number) => inTransactions(() => runTransaction(dataSource, number)))),
    Promise.allSettled(
      plainIds.map((id, index) =>
        inPlainInserts(async () => {
          await sleep(index % 10);
          await insertCustomer(dataSource.manager, id);
        }),
      ),
    ),
  ]);
  const isPromised = (number: number) => told[number]?.status === 'fulfilled';
  const promised = numbers.filter(isPromised);
  const failed = numbers.filter((number) => !isPromised(number));
  const kept = plainIds.filter((_, index) => plain[index]?.status === 'fulfilled');
  return {
    reasons: told.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : [])),
    promised,
    kept,
    /** The rows that must exist if every outcome is true. */
    expected: [...promised.flatMap(idsOf), ...failed.map(seedOf), ...kept],
    found: await customerIds(dataSource),
  };
}

export async function customerIds(dataSource: DataSource): Promise<number[]> {
  const rows = await dataSource.getRepository(Customer).find({ order: { customerId: 'ASC' } });
  return rows.map(({ customerId }) => customerId);
}
