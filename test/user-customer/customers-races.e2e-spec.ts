import { setTimeout as sleep } from 'node:timers/promises';
import type { EntityManager } from 'typeorm';
import { FailedAttempt } from '../../src/auth/attempts/failed-attempt.entity';
import { Customer } from '../../src/user-customer/entities/customer.entity';
import { UserCustomer } from '../../src/user-customer/entities/user-customer.entity';
import { TestApp } from '../app';
import { engine } from '../database';
import { buildCustomer } from '../factories';
import { call, rejected, succeeded } from '../mix';

const ROUNDS = 40;
const ADDED = succeeded('添加成功');
const DELETED = succeeded('删除成功');
const EXISTS = rejected('客户已存在');
const FOLLOWED = rejected('客户已被关注，不能删除');
const WRONG_SECRET = rejected('授权码错误');

/** Changes of one customer at the same time, on MariaDB through two processes' worth of apps (CONTRACT 1.4). */
describe('customers at the same time', () => {
  let app: TestApp;
  let other: TestApp;
  let admin: string;
  beforeAll(async () => {
    app = await TestApp.start();
    other = engine === 'mariadb' ? await app.second() : app; // SQLite serves one process
    admin = await app.login();
  });
  afterAll(async () => {
    if (other !== app) await other.stop();
    await app.stop();
  });

  const lock = (manager: EntityManager, customerId: number) =>
    engine === 'mariadb' &&
    manager.query('SELECT customer_id FROM customer WHERE customer_id = ? FOR UPDATE', [customerId]);
  const follow = (by: TestApp, customer_id: number) =>
    call(by, 'user_customer/add', { user_id: 998, customer_id, secret: 'ABCD' }, admin);
  const remove = (by: TestApp, customer_id: number) => call(by, 'customer/delete', { customer_id }, admin);
  const isFollowed = async (customerId: number) => (await app.row(UserCustomer, { userId: 998, customerId })) !== null;
  const exists = async (customerId: number) => (await app.row(Customer, { customerId })) !== null;

  test('of equal adds exactly one succeeds, and its row stays', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const customer_id = 80_000 + round;
      const add = (by: TestApp, customer_name: string) =>
        call(by, 'customer/add', { customer_id, customer_name, secret: 'ABCD' }, admin);
      const names = ['a', 'b', 'c', 'd'];
      const answers = await Promise.all(names.map((name, i) => add(i % 2 ? other : app, name)));
      const winners = names.filter((_, i) => answers[i].code === 200);
      expect(winners).toHaveLength(1);
      expect(answers.filter(({ code }) => code !== 200)).toEqual([EXISTS, EXISTS, EXISTS]);
      expect(await app.row(Customer, { customerId: customer_id })).toMatchObject({ name: winners[0] });
    }
  });

  test('a delete against a follow: one of them is refused, never a relation without its customer', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      await app.dataSource.getRepository(FailedAttempt).clear(); // a follow that finds no customer counts as a guess
      const { customerId } = await buildCustomer(app.dataSource);
      const [followed, removed] = await Promise.all([
        sleep(round % 3).then(() => follow(app, customerId)),
        sleep(round % 5).then(() => remove(other, customerId)),
      ]);
      const outcome = [followed, removed, await isFollowed(customerId), await exists(customerId)];
      const isFollow = followed.code === 200;
      expect(outcome).toEqual(isFollow ? [ADDED, FOLLOWED, true, true] : [WRONG_SECRET, DELETED, false, false]);
    }
  });

  test('a follow waits for a delete under way, and then finds no customer', async () => {
    const { customerId } = await buildCustomer(app.dataSource);
    let answer: Promise<unknown>;
    let isAnswered = false;
    await app.dataSource.transaction(async (manager) => {
      await lock(manager, customerId);
      answer = follow(other, customerId).finally(() => (isAnswered = true));
      await sleep(200); // its read of the code is done: the customer is still there
      expect(isAnswered).toBe(false);
      await manager.delete(Customer, { customerId });
    });
    expect(await answer!).toEqual(WRONG_SECRET);
    expect(await isFollowed(customerId)).toBe(false);
  });

  test('a delete waits for a follow under way, and then finds the relation', async () => {
    const { customerId } = await buildCustomer(app.dataSource);
    let answer: Promise<unknown>;
    await app.dataSource.transaction(async (manager) => {
      await lock(manager, customerId);
      answer = remove(other, customerId);
      await sleep(200);
      await manager.insert(UserCustomer, { userId: 998, customerId });
    });
    expect(await answer!).toEqual(FOLLOWED);
    expect(await exists(customerId)).toBe(true);
  });

  test('many users follow one customer at once, with nobody refused', async () => {
    const { customerId: customer_id } = await buildCustomer(app.dataSource);
    const users = [998, 999, 1000];
    const answers = await Promise.all(
      users.map((user_id, i) =>
        call(i % 2 ? other : app, 'user_customer/add', { user_id, customer_id, secret: 'ABCD' }, admin),
      ),
    );
    expect(answers).toEqual([ADDED, ADDED, ADDED]);
    expect(await remove(app, customer_id)).toEqual(FOLLOWED);
  });
});
