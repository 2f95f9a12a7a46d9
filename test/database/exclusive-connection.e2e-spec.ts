import { setTimeout as sleep } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { readEnv } from '../../src/config/env';
import { dataSourceOptions } from '../../src/schema/data-source';
import { TestApp } from '../app';
import { createDatabase, engine } from '../database';
import { customerIds, insertCustomer as insert, RolledBack, runTransactions } from '../transactions';

const TRANSACTIONS = 40;
const PLAIN_INSERTS = 40;

/**
 * On SQLite all requests share one connection, and src/database/sqlite/exclusive-connection.ts keeps transactions
 * apart. MariaDB gives each transaction its own connection and must behave the same.
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
    const { reasons, promised, kept, expected, found } = await runTransactions(dataSource, TRANSACTIONS, PLAIN_INSERTS);
    expect(promised).toHaveLength((TRANSACTIONS * 3) / 4);
    expect(reasons.every((reason) => reason instanceof RolledBack)).toBe(true);
    expect(kept).toHaveLength(PLAIN_INSERTS);
    expect(found).toEqual(expected);
  });

  test('may nest: an inner failure rolls back the inner rows only', async () => {
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
  describe('the queue of SQLite', () => {
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
      const { expected, found } = await runTransactions(plain, TRANSACTIONS, PLAIN_INSERTS);
      expect(found).not.toEqual(expected);
      await plain.destroy();
      await database.drop();
    });
  });
}
