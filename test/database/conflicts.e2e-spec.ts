import Sqlite from 'better-sqlite3';
import { createConnection } from 'mysql2/promise';
import { inTransaction } from '../../src/database/transaction';
import { databaseRetries } from '../../src/database/transaction';
import { Customer } from '../../src/user-customer/entities/customer.entity';
import { UserCustomer } from '../../src/user-customer/entities/user-customer.entity';
import { TestApp } from '../app';
import { engine } from '../database';
import { expectFailure } from '../envelope';
import { buildCustomer, buildUserCustomer } from '../factories';
import { call } from '../mix';
import { until } from '../until';

const USER = 998;

/** A connection of another process to the same database. */
interface Stranger {
  execute(sql: string): Promise<unknown>;
  end(): Promise<void>;
}

async function strangerOf(app: TestApp): Promise<Stranger> {
  if (engine === 'mariadb') {
    const connection = await createConnection({ uri: app.databaseUrl });
    return { execute: (sql) => connection.query(sql), end: () => connection.end() };
  }
  const database = new Sqlite(app.databaseUrl.slice('sqlite:'.length));
  return { execute: async (sql) => database.exec(sql), end: async () => void database.close() };
}

describe('work that the database rolled back because of a conflict', () => {
  let app: TestApp;
  let token: string;
  let stranger: Stranger;

  beforeEach(async () => {
    // On MariaDB the lock timeout is half the time limit of a statement, here a second.
    app = await TestApp.start({ settings: { DATABASE_STATEMENT_TIMEOUT_MS: '2000' } });
    token = await app.login();
    stranger = await strangerOf(app);
  });

  afterEach(async () => {
    await stranger.end();
    await app.stop();
  });

  /** A relation of the user that the stranger has locked; on SQLite the lock covers the whole database. */
  async function lockedRelation(): Promise<number> {
    const { customerId } = await buildUserCustomer(app.dataSource, { userId: USER });
    await stranger.execute('BEGIN');
    await stranger.execute(`UPDATE user_customer SET reference = 'theirs' WHERE customer_id = ${customerId}`);
    return customerId;
  }

  const unlock = () => stranger.execute('COMMIT');

  const retries = async () => (await databaseRetries.get()).values[0]!.value;

  /** Unlocks once a try has failed. */
  async function unlockOnRetry(): Promise<void> {
    const before = await retries();
    await until(async () => (await retries()) > before);
    await unlock();
  }

  const change = (customer_id: number) =>
    app.send('/api/user_customer/edit', { json: { user_id: USER, customer_id, reference: 'ours' }, token });
  const remove = (...customer_id: number[]) =>
    app.send('/api/user_customer/multi_delete', { json: { user_id: USER, customer_id }, token });

  const get = (customer_id: number) => call(app, 'user_customer/get', { user_id: USER, customer_id }, token);

  test('a statement waits for the lock, is retried and succeeds', async () => {
    const customerId = await lockedRelation();
    const relations = app.dataSource.getRepository(UserCustomer);
    const [{ affected }] = await Promise.all([
      relations.update({ userId: USER, customerId }, { reference: 'ours' }),
      unlockOnRetry(),
    ]);
    expect(affected).toBe(1);
    expect((await get(customerId)).result.reference).toBe('ours');
  });

  test('a transaction waits for the lock, is retried and succeeds', async () => {
    const customerId = await lockedRelation();
    const [removed] = await Promise.all([remove(customerId), unlockOnRetry()]);
    expect(removed.body.code).toBe(200);
    expect(await app.row(UserCustomer, { userId: USER, customerId })).toBeNull();
  });

  test("answers HTTP 503 in the family's envelope after the last try, and changes nothing", async () => {
    const customerId = await lockedRelation();
    const [changed, removed] = await Promise.all([change(customerId), remove(customerId)]);
    expectFailure(changed, 503, 'mix', 'unavailable');
    expectFailure(removed, 503, 'mix', 'unavailable');
    await unlock();
    expect((await get(customerId)).result.reference).toBe('theirs');
  });

  test('requests that only read are answered meanwhile, without waiting for the lock', async () => {
    const customerId = await lockedRelation();
    const changing = change(customerId);
    expect((await get(customerId)).result.reference).toBe(''); // while the stranger holds its lock
    await unlock();
    await changing;
  });

  test('other failures are not retried', async () => {
    let tries = 0;
    const work = inTransaction(app.dataSource, async (manager) => {
      tries++;
      await manager.insert(Customer, { customerId: 1001, name: '', secret: '' }); // exists
    });
    await expect(work).rejects.toThrow();
    expect(tries).toBe(1);
  });

  if (engine === 'mariadb') {
    test('two transactions that lock rows in opposite order both succeed, one of them on a retry', async () => {
      const [first, second] = await Promise.all([buildCustomer(app.dataSource), buildCustomer(app.dataSource)]);
      let tries = 0;
      let locks = 0;
      const rename = (name: string, ids: number[]) =>
        inTransaction(app.dataSource, async (manager) => {
          tries++;
          for (const customerId of ids) {
            await manager.update(Customer, { customerId }, { name });
            locks++;
            await until(() => locks >= 2); // each has its first row
          }
        });
      const ids = [first.customerId, second.customerId];
      await Promise.all([rename('there', ids), rename('back', [...ids].reverse())]);
      expect(tries).toBe(3);
      const [one, other] = await Promise.all(ids.map((customerId) => app.row(Customer, { customerId })));
      expect(one?.name).toBe(other?.name);
    });
  }
});
