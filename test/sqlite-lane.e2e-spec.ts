import { setTimeout as sleep } from 'node:timers/promises';
import { DataSource, EntityManager } from 'typeorm';
import { readEnv } from '../src/config/env';
import { dataSourceOptions } from '../src/database/options';
import { Customer } from '../src/user-customer/entities/customer.entity';
import { TestApp } from './app';
import { createDatabase, engine } from './database';

const TRANSACTIONS = 40;
const ROWS = 3;
const PLAIN_INSERTS = 40;

const customer = (customerId: number) => ({ customerId, name: 'lane', secret: 'LANE' });
const insert = (manager: EntityManager, customerId: number) => manager.insert(Customer, customer(customerId));

class RolledBack extends Error {}

/** Ids of the rows that a transaction writes: 1000, 1001, 1002 for the first, 1010 … for the second. */
const idsOf = (transaction: number) => Array.from({ length: ROWS }, (_, row) => 1000 + transaction * 10 + row);

/** Inserts the rows of one transaction with a pause after each; every fourth transaction fails at its end. */
function runTransaction(dataSource: DataSource, transaction: number): Promise<void> {
  return dataSource.transaction(async (manager) => {
    for (const id of idsOf(transaction)) {
      await insert(manager, id);
      await sleep(transaction % 3);
    }
    if (transaction % 4 === 0) throw new RolledBack();
  });
}

/** Everything at once; says what each caller was told and which rows are there afterwards. */
async function runWorkload(dataSource: DataSource) {
  const transactions = Array.from({ length: TRANSACTIONS }, (_, index) => index);
  const plainIds = Array.from({ length: PLAIN_INSERTS }, (_, index) => 5000 + index);
  const [told, plain] = await Promise.all([
    Promise.allSettled(transactions.map((transaction) => runTransaction(dataSource, transaction))),
    Promise.allSettled(
      plainIds.map(async (id, index) => {
        await sleep(index % 10);
        await insert(dataSource.manager, id);
      }),
    ),
  ]);
  const promised = transactions.filter((index) => told[index]?.status === 'fulfilled');
  const kept = plainIds.filter((_, index) => plain[index]?.status === 'fulfilled');
  return {
    reasons: told.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : [])),
    promised,
    kept,
    /** What must be there, if nothing lied. */
    expected: [...promised.flatMap(idsOf), ...kept],
    found: await customerIds(dataSource),
  };
}

async function customerIds(dataSource: DataSource): Promise<number[]> {
  const rows = await dataSource.getRepository(Customer).find({ order: { customerId: 'ASC' } });
  return rows.map(({ customerId }) => customerId);
}

/**
 * SQLite has one connection for everybody: src/database/sqlite-lane.ts keeps transactions apart. MariaDB gives each
 * transaction a connection of its own and must show the same.
 */
describe('concurrent transactions', () => {
  let app: TestApp;
  let dataSource: DataSource;

  beforeEach(async () => {
    app = await TestApp.start({ demo: false });
    dataSource = app.dataSource;
  });

  afterEach(() => app.stop());

  test('keep exactly the rows of those that succeeded, and every plain insert in between', async () => {
    const { reasons, promised, kept, expected, found } = await runWorkload(dataSource);
    expect(promised).toHaveLength((TRANSACTIONS * 3) / 4);
    expect(reasons.every((reason) => reason instanceof RolledBack)).toBe(true);
    expect(kept).toHaveLength(PLAIN_INSERTS);
    expect(found).toEqual(expected);
  });

  test('may nest: an inner failure takes back the inner rows only', async () => {
    await Promise.all([
      dataSource.transaction(async (manager) => {
        await insert(manager, 1);
        await manager.transaction((inner) => insert(inner, 2));
        const failing = manager.transaction(async (inner) => {
          await insert(inner, 3);
          throw new RolledBack();
        });
        await expect(failing).rejects.toThrow(RolledBack);
        await insert(manager, 4);
      }),
      insert(dataSource.manager, 5),
    ]);
    expect(await customerIds(dataSource)).toEqual([1, 2, 4, 5]);
  });

  test('work that outlives its transaction does not slip into the next one', async () => {
    let late: Promise<unknown> = Promise.resolve();
    await dataSource.transaction(async (manager) => {
      await insert(manager, 1);
      late = sleep(20).then(() => insert(dataSource.manager, 2));
    });
    const failing = dataSource.transaction(async (manager) => {
      await insert(manager, 3);
      await sleep(60);
      throw new RolledBack();
    });
    await expect(failing).rejects.toThrow(RolledBack);
    await late;
    expect(await customerIds(dataSource)).toEqual([1, 2]);
  });
});

if (engine === 'sqlite') {
  describe('the lane of SQLite', () => {
    test('lets a transaction pass that is opened inside another through the DataSource', async () => {
      const app = await TestApp.start({ demo: false });
      await app.dataSource.transaction(async (manager) => {
        await insert(manager, 1);
        await app.dataSource.transaction((inner) => insert(inner, 2));
        await insert(app.dataSource.manager, 3);
      });
      expect(await customerIds(app.dataSource)).toEqual([1, 2, 3]);
      await app.stop();
    });

    test('is needed: on a plain DataSource the same work loses or mixes rows', async () => {
      const database = await createDatabase();
      const plain = new DataSource(dataSourceOptions(readEnv({ DATABASE_URL: database.url })));
      await plain.initialize();
      await plain.runMigrations();
      const { expected, found } = await runWorkload(plain);
      expect(found).not.toEqual(expected);
      await plain.destroy();
      await database.drop();
    });
  });
}
