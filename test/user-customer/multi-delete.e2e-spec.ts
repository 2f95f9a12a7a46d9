import { UserCustomer } from '../../src/user-customer/entities/user-customer.entity';
import { Send, TestApp } from '../app';
import { buildUser, buildUserCustomer } from '../factories';
import { badParameter, call, NOT_FOUND, NOT_YOUR_DATA, notAnId, succeeded } from '../mix';

const DELETED = succeeded('删除成功');

/** POST /api/user_customer/multi_delete (CONTRACT 1.3). */
describe('POST /api/user_customer/multi_delete', () => {
  let app: TestApp;
  let admin: string;
  beforeAll(async () => {
    app = await TestApp.start();
    admin = await app.login();
  });
  afterAll(() => app.stop());

  const multiDelete = (json: object, token = admin) => call(app, 'user_customer/multi_delete', json, token);

  /** A new user who follows the customers 1 to `count`. */
  async function userWith(count: number): Promise<number> {
    const { userId } = await buildUser(app.dataSource);
    for (let customerId = 1; customerId <= count; customerId++) {
      await buildUserCustomer(app.dataSource, { userId, customerId });
    }
    return userId;
  }

  /** The customers still followed. */
  async function left(userId: number): Promise<number[]> {
    const rows = await app.dataSource.getRepository(UserCustomer).findBy({ userId });
    return rows.map(({ customerId }) => customerId).sort((a, b) => a - b);
  }

  const oneTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

  describe('accepts the ids', () => {
    test.each([
      ['as a JSON array of text', ['1', '3']],
      ['as a JSON array of numbers', [1, 3]],
      ['of both sorts', [1, '3']],
      ['as JSON text', '["1","3"]'],
      ['as JSON text with blanks and numbers', ' [ 1 , "3" ] '],
      ['as JSON text of an object, PHP’s list with gaps', '{"5":1,"7":"3"}'],
      ['several times', [3, '1', 1, '01', 3, '3']],
      ['more than 1000 times', Array.from({ length: 1200 }, (_, n) => (n % 2 ? 1 : 3))],
    ])('%s', async (_how, customer_id) => {
      const user_id = await userWith(4);
      expect(await multiDelete({ user_id, customer_id })).toEqual(DELETED);
      expect(await left(user_id)).toEqual([2, 4]);
    });

    const encodings: [how: string, body: (user: string) => Send][] = [
      ['as JSON text in a form', (user_id) => ({ form: { user_id, customer_id: '["1","3"]' } })],
      ['as JSON text in multipart', (user_id) => ({ multipart: { user_id, customer_id: '[1,3]' } })],
      ['as customer_id[] in a form', (user_id) => ({ form: `user_id=${user_id}&customer_id[]=1&customer_id[]=3` })],
      ['as customer_id[0] in a form', (user_id) => ({ form: `user_id=${user_id}&customer_id[0]=1&customer_id[5]=3` })],
      [
        'as customer_id[91001] in a form',
        (user_id) => ({ form: `user_id=${user_id}&customer_id[91001]=3&customer_id[5]=1` }),
      ],
      [
        'as a JSON object of numbers, PHP’s list with gaps',
        (user_id) => ({ json: { user_id, customer_id: { 7: 1, 9: '3' } } }),
      ],
      [
        'as customer_id[0] in multipart',
        (user_id) => ({ multipart: { user_id, 'customer_id[0]': '1', 'customer_id[1]': '3' } }),
      ],
    ];
    test.each(encodings)('%s', async (_how, body) => {
      const user_id = await userWith(4);
      const answer = await app.send('/api/user_customer/multi_delete', { ...body(`${user_id}`), token: admin });
      expect(answer.body).toEqual(DELETED);
      expect(await left(user_id)).toEqual([2, 4]);
    });

    test('also a single one', async () => {
      const user_id = await userWith(2);
      expect(await multiDelete({ user_id, customer_id: ['2'] })).toEqual(DELETED);
      expect(await left(user_id)).toEqual([1]);
    });
  });

  describe('accepts many ids', () => {
    const form = (user_id: number, ids: number[]) =>
      app.send('/api/user_customer/multi_delete', {
        form: `user_id=${user_id}&${ids.map((id) => `customer_id[]=${id}`).join('&')}`,
        token: admin,
      });

    test('more than 20 in a form', async () => {
      const user_id = await userWith(30);
      expect((await form(user_id, oneTo(29))).body).toEqual(DELETED);
      expect(await left(user_id)).toEqual([30]);
    });

    test('1000 in an array, in JSON text and in a form', async () => {
      const user_id = await userWith(3);
      expect(await multiDelete({ user_id, customer_id: [1, ...oneTo(1000).slice(3), 1001] })).toEqual(DELETED);
      expect(await left(user_id)).toEqual([2, 3]);
      expect(await multiDelete({ user_id, customer_id: JSON.stringify([2, ...oneTo(1002).slice(3)]) })).toEqual(
        DELETED,
      );
      expect(await left(user_id)).toEqual([3]);
      expect((await form(user_id, oneTo(1000))).body).toEqual(DELETED);
      expect(await left(user_id)).toEqual([]);
    });

    test('1000 in multipart', async () => {
      const user_id = await userWith(2);
      const ids = Object.fromEntries(oneTo(1000).map((id) => [`customer_id[${id - 1}]`, `${id}`]));
      const multipart = { user_id: `${user_id}`, ...ids };
      const { body } = await app.send('/api/user_customer/multi_delete', { multipart, token: admin });
      expect(body).toEqual(DELETED);
      expect(await left(user_id)).toEqual([]);
    });

    test('but not 1001', async () => {
      const user_id = await userWith(2);
      const refused = badParameter('customer_id 不能超过1000个');
      expect(await multiDelete({ user_id, customer_id: oneTo(1001) })).toEqual(refused);
      expect(await multiDelete({ user_id, customer_id: JSON.stringify(oneTo(1001)) })).toEqual(refused);
      expect((await form(user_id, oneTo(1001))).body).toMatchObject({ mix_code: 230011, result: [] });
      expect(await left(user_id)).toEqual([1, 2]);
    });
  });

  describe('deletes the existing relations', () => {
    test('skips ids that are not followed when another one is', async () => {
      const user_id = await userWith(2);
      expect(await multiDelete({ user_id, customer_id: [1, 77, 88] })).toEqual(DELETED);
      expect(await left(user_id)).toEqual([2]);
    });

    test('answers 记录不存在 when none is followed', async () => {
      const user_id = await userWith(2);
      expect(await multiDelete({ user_id, customer_id: [77, 88] })).toEqual(NOT_FOUND);
      expect(await multiDelete({ user_id: 77, customer_id: [1] })).toEqual(NOT_FOUND);
      expect(await left(user_id)).toEqual([1, 2]);
    });

    test('keeps the rows of other users', async () => {
      const [one, other] = [await userWith(3), await userWith(3)];
      await multiDelete({ user_id: one, customer_id: [1, 2, 3] });
      expect(await left(one)).toEqual([]);
      expect(await left(other)).toEqual([1, 2, 3]);
    });

    test('deletes every row exactly once in overlapping concurrent calls', async () => {
      const user_id = await userWith(20);
      const lists = [oneTo(20), oneTo(20).reverse(), oneTo(10), [20, 1, 19, 2]];
      const answers = await Promise.all(lists.map((customer_id) => multiDelete({ user_id, customer_id })));
      expect(answers.some(({ code }) => code === 200)).toBe(true);
      for (const answer of answers) expect([DELETED, NOT_FOUND]).toContainEqual(answer);
      expect(await left(user_id)).toEqual([]);
    });
  });

  test('lets a user delete their own rows only', async () => {
    const demo = await app.login('demo', 'demo-user');
    const other = await userWith(1);
    expect(await multiDelete({ user_id: other, customer_id: [1] }, demo)).toEqual(NOT_YOUR_DATA);
    expect(await left(other)).toEqual([1]);
    expect(await multiDelete({ user_id: 998, customer_id: [1001, 1002] }, demo)).toEqual(DELETED);
    expect(await left(998)).toEqual([]);
  });

  describe('refuses', () => {
    test.each(notAnId)('user_id %j: %s', async (user_id, sentence) => {
      expect(await multiDelete({ user_id, customer_id: [1] })).toEqual(badParameter(`user_id ${sentence}`));
    });

    const WRONG_LIST = '必须是 JSON 数组，如 ["10001", "10002"]';
    test.each([
      [undefined, '不能为空'],
      [null, '不能为空'],
      ['', '不能为空'],
      [[], '不能为空'],
      ['[]', '不能为空'],
      [1, WRONG_LIST],
      ['1', WRONG_LIST],
      [{}, '不能为空'], // PHP's empty array
      [{ id: 1 }, WRONG_LIST],
      ['{"a":1}', WRONG_LIST],
      ['null', WRONG_LIST],
      [true, WRONG_LIST],
      ['1,2', '不是合法的 JSON'],
      ['["1"', '不是合法的 JSON'],
      ["['1']", '不是合法的 JSON'],
    ])('customer_id %j: %s', async (customer_id, sentence) => {
      expect(await multiDelete({ user_id: 998, customer_id })).toEqual(badParameter(`customer_id ${sentence}`));
    });

    const wrongIds = notAnId.map(([id]) => id).filter((id) => id !== undefined);
    test.each(wrongIds)('the whole list when one id is %j', async (id) => {
      const user_id = await userWith(1);
      const refused = badParameter('customer_id 必须是数字');
      expect(await multiDelete({ user_id, customer_id: ['1', id] })).toEqual(refused);
      expect(await multiDelete({ user_id, customer_id: JSON.stringify(['1', id]) })).toEqual(refused);
      expect(await left(user_id)).toEqual([1]);
    });
  });
});
