import { UserCustomer } from '../../src/user-customer/entities/user-customer.entity';
import { TestApp } from '../app';
import { buildUser, buildUserCustomer } from '../factories';
import { badParameter, call, NOT_FOUND, NOT_YOUR_DATA, notAnId, succeeded } from '../mix';

/** Reading and deleting one relation, and the rights to it (CONTRACT 1.3). Add, edit and lists have their own files. */
describe('one relation', () => {
  let app: TestApp;
  let admin: string;
  let demo: string;
  beforeAll(async () => {
    app = await TestApp.start();
    admin = await app.login();
    demo = await app.login('demo', 'demo-user');
  });
  afterAll(() => app.stop());

  const rowOf = ({ userId, customerId }: UserCustomer) => app.row(UserCustomer, { userId, customerId });
  const idsOf = ({ userId, customerId }: UserCustomer) => ({ user_id: userId, customer_id: customerId });

  describe('POST /api/user_customer/get', () => {
    const get = (json: object, token = admin) => call(app, 'user_customer/get', json, token);

    test("answers the row with its keys in the contract's order", async () => {
      const row = await buildUserCustomer(app.dataSource, {
        template: '<b>模板</b>',
        script: '',
        reference: 'R-7',
        created: '2023-02-28 23:59:59',
        isAvailable: 0,
        bossSync: 1,
      });
      const { text } = await app.send('/api/user_customer/get', { json: idsOf(row), token: admin });
      const result = {
        ...idsOf(row),
        template: '<b>模板</b>',
        script: '',
        reference: 'R-7',
        created: '2023-02-28 23:59:59',
        is_available: 0,
        boss_sync: 1,
      };
      expect(text).toBe(JSON.stringify(succeeded('查询成功', result)));
    });

    test('answers null as null', async () => {
      const row = await buildUserCustomer(app.dataSource, { created: null });
      expect((await get(idsOf(row))).result).toMatchObject({ template: null, script: null, created: null });
    });

    test('accepts ids as text or number, and answers numbers', async () => {
      const answer = { user_id: 998, customer_id: 1001 };
      for (const ids of [
        { user_id: '998', customer_id: '1001' },
        { user_id: 998, customer_id: 1001 },
        { user_id: '00998', customer_id: 1001 },
      ]) {
        expect((await get(ids)).result).toMatchObject(answer);
      }
    });

    test('keeps ids exact up to 2^53-1', async () => {
      const customerId = Number.MAX_SAFE_INTEGER;
      await buildUserCustomer(app.dataSource, { customerId });
      expect((await get({ user_id: 998, customer_id: customerId })).result.customer_id).toBe(customerId);
      expect(await get({ user_id: 998, customer_id: customerId - 1 })).toEqual(NOT_FOUND);
    });

    test.each(notAnId)('user_id %j is refused: %s', async (user_id, sentence) => {
      expect(await get({ user_id, customer_id: 1001 })).toEqual(badParameter(`user_id ${sentence}`));
    });

    test.each(notAnId)('customer_id %j is refused: %s', async (customer_id, sentence) => {
      expect(await get({ user_id: 998, customer_id })).toEqual(badParameter(`customer_id ${sentence}`));
    });

    test('names both parameters when both are wrong', async () => {
      const details = badParameter('user_id 必须是数字', 'customer_id 不能为空');
      expect(await get({ user_id: 'x' })).toEqual(details);
    });

    test('reports a missing pair as not existing', async () => {
      expect(await get({ user_id: 998, customer_id: 1004 })).toEqual(NOT_FOUND);
      expect(await get({ user_id: 77, customer_id: 1001 })).toEqual(NOT_FOUND);
      expect(await get({ user_id: 0, customer_id: 0 })).toEqual(NOT_FOUND);
    });

    test('shows a user their own rows only, and not whether another row exists', async () => {
      const foreign = await buildUserCustomer(app.dataSource, { userId: 1000 });
      expect((await get({ user_id: 998, customer_id: 1001 }, demo)).code).toBe(200);
      expect(await get(idsOf(foreign), demo)).toEqual(NOT_YOUR_DATA);
      expect(await get({ user_id: 1000, customer_id: 4 }, demo)).toEqual(NOT_YOUR_DATA);
      expect(await get({ user_id: 77, customer_id: 4 }, demo)).toEqual(NOT_YOUR_DATA);
    });
  });

  describe('POST /api/user_customer/delete', () => {
    const remove = (json: object, token = admin) => call(app, 'user_customer/delete', json, token);

    test('deletes that row and no other', async () => {
      const [row, sameUser] = [await buildUserCustomer(app.dataSource), await buildUserCustomer(app.dataSource)];
      const sameCustomer = await buildUserCustomer(app.dataSource, { userId: 999, customerId: row.customerId });
      expect(await remove(idsOf(row))).toEqual(succeeded('删除成功'));
      expect(await rowOf(row)).toBeNull();
      expect(await rowOf(sameUser)).not.toBeNull();
      expect(await rowOf(sameCustomer)).not.toBeNull();
    });

    test('reports on a second delete that the row does not exist', async () => {
      const row = await buildUserCustomer(app.dataSource);
      await remove(idsOf(row));
      expect(await remove(idsOf(row))).toEqual(NOT_FOUND);
    });

    test('succeeds exactly once for many equal deletes at once', async () => {
      const row = await buildUserCustomer(app.dataSource);
      const answers = await Promise.all(Array.from({ length: 10 }, () => remove(idsOf(row))));
      expect(answers.filter(({ code }) => code === 200)).toHaveLength(1);
      expect(answers.filter(({ code }) => code !== 200)).toEqual(Array(9).fill(NOT_FOUND));
    });

    test.each(notAnId)('an id %j is refused: %s', async (id, sentence) => {
      expect(await remove({ user_id: id, customer_id: 1001 })).toEqual(badParameter(`user_id ${sentence}`));
      expect(await remove({ user_id: 998, customer_id: id })).toEqual(badParameter(`customer_id ${sentence}`));
      expect(await app.row(UserCustomer, { userId: 998, customerId: 1001 })).not.toBeNull();
    });

    test('lets a user delete their own rows only', async () => {
      const own = await buildUserCustomer(app.dataSource);
      const foreign = await buildUserCustomer(app.dataSource, { userId: 1000 });
      expect(await remove(idsOf(own), demo)).toEqual(succeeded('删除成功'));
      expect(await remove(idsOf(foreign), demo)).toEqual(NOT_YOUR_DATA);
      expect(await rowOf(foreign)).not.toBeNull();
    });
  });

  describe('POST /api/user_customer/get_customer_list', () => {
    const list = (json: object, token = admin) => call(app, 'user_customer/get_customer_list', json, token);

    /** A user who follows 25 customers, numbered from 1. */
    async function userWith25(): Promise<number> {
      const { userId } = await buildUser(app.dataSource);
      for (let customerId = 1; customerId <= 25; customerId++) {
        await buildUserCustomer(app.dataSource, { userId, customerId });
      }
      return userId;
    }

    test("pages through the user's rows, 20 at a time", async () => {
      const user_id = await userWith25();
      const { result } = await list({ user_id });
      const page = { page_index: 1, page_size: 20, total_pages: 2, total_records: 25 };
      expect(Object.keys(result)).toEqual([...Object.keys(page), 'data']);
      expect(result).toMatchObject(page);
      const second = (await list({ user_id: String(user_id), page_index: '2' })).result;
      expect(second).toMatchObject({ ...page, page_index: 2 });
      const rows = [...result.data, ...second.data];
      expect(rows.map(({ customer_id }) => customer_id)).toEqual(Array.from({ length: 25 }, (_, i) => 25 - i));
      expect(rows.every((row) => row.user_id === user_id)).toBe(true);
    });

    test('answers an empty page for a user without relations or an unknown user', async () => {
      const empty = { page_index: 1, page_size: 20, total_pages: 0, total_records: 0, data: [] };
      const { userId } = await buildUser(app.dataSource);
      expect(await list({ user_id: userId })).toEqual(succeeded('查询成功', empty));
      expect(await list({ user_id: 77 })).toEqual(succeeded('查询成功', empty));
    });

    test('is narrowed by the conditions and times that the vendor sends with every list', async () => {
      const { userId } = await buildUser(app.dataSource);
      await buildUserCustomer(app.dataSource, { userId, customerId: 1, created: '2018-11-28 10:00:00' });
      await buildUserCustomer(app.dataSource, { userId, customerId: 2, created: '2018-11-28 12:00:00' });
      const found = async (json: object) =>
        (await list({ user_id: userId, ...json })).result.data.map(({ customer_id }: any) => customer_id as number);
      expect(await found({ condition: [], start_time: '', end_time: '' })).toEqual([2, 1]);
      expect(await found({ condition: [['customer_id', '=', 1]] })).toEqual([1]);
      expect(await found({ condition: [['user_id', '=', 1000]] })).toEqual([]);
      expect(await found({ start_time: '2018-11-28 11:00:00' })).toEqual([2]);
      expect(await list({ user_id: 998, condition: 'x' })).toEqual(badParameter('condition 不是合法的 JSON'));
      expect(await list({ user_id: 998, start_time: '2030-01-02', end_time: '2030-01-01' })).toEqual(
        badParameter('start_time 不能晚于 end_time'),
      );
    });

    test.each(notAnId)('user_id %j is refused: %s', async (user_id, sentence) => {
      expect(await list({ user_id })).toEqual(badParameter(`user_id ${sentence}`));
    });

    test('refuses an invalid page_index or page_size', async () => {
      expect(await list({ user_id: 998, page_index: 0, page_size: 1001.5 })).toEqual(
        badParameter('page_index 必须是大于0的整数', 'page_size 必须是大于0的整数'),
      );
      expect(await list({ user_id: 998, page_size: 1001 })).toEqual(badParameter('page_size 不能大于1000'));
    });

    test('shows a user their own list only', async () => {
      expect((await list({ user_id: 998 }, demo)).code).toBe(200);
      expect(await list({ user_id: 1000 }, demo)).toEqual(NOT_YOUR_DATA);
    });
  });
});
