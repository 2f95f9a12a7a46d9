import type { Pool } from 'mysql2';
import { isDuplicateKey } from '../../src/database/errors';
import { PreparedTransaction, Sql } from '../../src/database/sql';
import { databaseRetries } from '../../src/database/transaction';
import { deleteRelations, lockedRelations, updateRelation } from '../../src/user-customer/relation-query';
import { Customer } from '../../src/user-customer/entities/customer.entity';
import { TestApp } from '../app';
import { engine } from '../database';
import { buildCustomer } from '../factories';
import { until } from '../until';

/** What no driver takes: SQLite takes undefined for NULL. */
const UNBOUND: unknown = engine === 'sqlite' ? {} : undefined;

describe('a transaction of prepared statements', () => {
  let app: TestApp;
  let sql: Sql;

  beforeAll(async () => {
    app = await TestApp.start({ settings: { DATABASE_POOL_SIZE: '2' } });
    sql = app.app.get(Sql);
  });

  afterAll(() => app.stop());

  /** Each test leaves as many connections for the next as it found: two, of which none is lost. */
  afterEach(async () => {
    const reads = Array.from({ length: 4 }, () => sql.rows<{ one: number }>({ sql: 'SELECT 1 AS one', values: [] }));
    expect(await Promise.all(reads)).toEqual(Array(4).fill([{ one: 1 }]));
    if (engine === 'sqlite') return;
    const { pool } = app.dataSource.driver as unknown as { pool: Pool & Record<string, { length: number }> };
    await until(() => pool._freeConnections!.length === pool._allConnections!.length);
  });

  const rename = (transaction: PreparedTransaction, { customerId }: Customer, name: string) =>
    transaction.change({ sql: 'UPDATE customer SET name = ? WHERE customer_id = ?', values: [name, customerId] });
  const nameOf = async ({ customerId }: Customer) => (await app.row(Customer, { customerId }))?.name;

  test('commits all its changes, which it sees itself, and tells how many rows each changed', async () => {
    const customers = [await buildCustomer(app.dataSource), await buildCustomer(app.dataSource)];
    const seen = await sql.transaction(async (transaction) => {
      for (const customer of customers) expect(await rename(transaction, customer, '新名')).toBe(1);
      expect(await rename(transaction, { customerId: 999_999 } as Customer, '新名')).toBe(0);
      const values = customers.map(({ customerId }) => customerId);
      return transaction.rows({ sql: 'SELECT name FROM customer WHERE customer_id IN (?, ?)', values });
    });
    expect(seen).toEqual([{ name: '新名' }, { name: '新名' }]);
    expect(await Promise.all(customers.map(nameOf))).toEqual(['新名', '新名']);
  });

  test.each([
    ['its work throws', () => Promise.reject(new Error('refused'))],
    ['a statement fails', (transaction: PreparedTransaction) => transaction.change({ sql: 'NONSENSE', values: [1] })],
    [
      'a value cannot be bound',
      (transaction: PreparedTransaction) => rename(transaction, { customerId: 1 } as Customer, UNBOUND as string),
    ],
  ])('changes nothing when %s', async (_when, fail) => {
    const customer = await buildCustomer(app.dataSource, { name: '旧名' });
    const work = sql.transaction(async (transaction) => {
      await rename(transaction, customer, '新名');
      await fail(transaction);
    });
    await expect(work).rejects.toThrow();
    expect(await nameOf(customer)).toBe('旧名');
  });

  test('a duplicate key is told as such, and is not tried again', async () => {
    const { customerId } = await buildCustomer(app.dataSource);
    let tries = 0;
    const insert = { sql: "INSERT INTO customer (customer_id, name, secret) VALUES (?, '', '')", values: [customerId] };
    const work = sql.transaction(async (transaction) => {
      tries++;
      await transaction.change(insert);
    });
    expect(isDuplicateKey(await work.catch((error: unknown) => error))).toBe(true);
    expect(tries).toBe(1);
  });

  test('is repeated as a whole when the database rolled it back', async () => {
    const customer = await buildCustomer(app.dataSource, { name: '旧名' });
    const before = (await databaseRetries.get()).values[0]!.value;
    let tries = 0;
    await sql.transaction(async (transaction) => {
      await rename(transaction, customer, '新名');
      if (++tries === 1) throw Object.assign(new Error('deadlock'), { errno: 1213 });
    });
    expect(tries).toBe(2);
    expect((await databaseRetries.get()).values[0]!.value).toBe(before + 1);
    expect(await nameOf(customer)).toBe('新名');
  });

  test('concurrent ones neither mix nor lose changes', async () => {
    const customer = await buildCustomer(app.dataSource, { name: '' });
    const { customerId } = customer;
    const add = (n: number) =>
      sql.transaction(async (transaction) => {
        const { forUpdate } = sql.dialect;
        const read = { sql: `SELECT name FROM customer WHERE customer_id = ? ${forUpdate}`, values: [customerId] };
        const [row] = await transaction.rows<{ name: string }>(read);
        await rename(transaction, customer, `${row!.name}x`);
        if (n % 3 === 0) throw new Error('refused');
      });
    const ends = await Promise.allSettled(Array.from({ length: 30 }, (_, n) => add(n)));
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(20);
    expect(await nameOf(customer)).toBe('x'.repeat(20));
  });

  if (engine === 'mariadb') {
    test('fails at once when its connection is lost, and leaves the pool a new one', async () => {
      const customer = await buildCustomer(app.dataSource, { name: '旧名' });
      let tries = 0;
      const work = sql.transaction(async (transaction) => {
        tries++;
        await rename(transaction, customer, '新名');
        await transaction.change({ sql: 'KILL CONNECTION_ID()', values: [] });
      });
      await expect(work).rejects.toThrow();
      expect(tries).toBe(1); // the outcome of a lost connection is unknown
      expect(await nameOf(customer)).toBe('旧名');
    });

    test('prepares what has one shape, and sends lists as text', async () => {
      const prepared = await sql.transaction(async (transaction) => {
        const count = { sql: "SHOW SESSION STATUS LIKE 'Com_stmt_prepare'", values: [] };
        const before = (await transaction.rows<{ Value: string }>(count))[0]!.Value;
        for (const ids of [[1], [1, 2], [1, 2, 3], [2]]) {
          await transaction.rows(lockedRelations(998, ids, sql.dialect));
          await transaction.change(deleteRelations(999_999, ids));
        }
        await transaction.change(updateRelation(999_999, 1, { reference: '' }));
        return Number((await transaction.rows<{ Value: string }>(count))[0]!.Value) - Number(before);
      });
      expect(prepared).toBe(3); // two for one id, one for the update
    });

    test('a server that refuses to serve costs a connection, and another one is tried', async () => {
      const ids = new Set<number>();
      await sql.transaction(async (transaction) => {
        const [row] = await transaction.rows<{ id: number }>({ sql: 'SELECT CONNECTION_ID() AS id', values: [] });
        ids.add(row!.id);
        if (ids.size === 1) throw Object.assign(new Error('read only'), { errno: 1290 });
      });
      expect(ids.size).toBe(2);
    });
  }
});
