import { Sql } from '../../src/database/sql';
import { customerList } from '../../src/user-customer/customers/customer-query';
import type { Customer } from '../../src/user-customer/entities/customer.entity';
import { TestApp } from '../app';
import { engine } from '../database';
import { buildCustomer, buildUser, buildUserCustomer } from '../factories';
import { badParameter, call, NOT_FOUND, notAnId, rejected, succeeded } from '../mix';

const NOT_ALLOWED = rejected('无权操作客户资料');

/** The reads of /api/customer (CONTRACT 1.4). */
describe('customers are read', () => {
  let app: TestApp;
  let admin: string;
  beforeAll(async () => {
    app = await TestApp.start();
    admin = await app.login();
  });
  afterAll(() => app.stop());

  const list = (json: object, token: string) => call(app, 'customer/get_list', json, token);
  const all = (json: object, token = admin) => call(app, 'customer/get_all_list', json, token);
  const get = (json: object, token: string) => call(app, 'customer/get', json, token);

  /** A new user without is_super, who follows these customers. */
  async function followerOf(customers: Customer[]) {
    const { userId, username } = await buildUser(app.dataSource);
    for (const { customerId } of customers) await buildUserCustomer(app.dataSource, { userId, customerId });
    return app.login(username, 'password');
  }

  const build = (...rows: Partial<Customer>[]) => Promise.all(rows.map((row) => buildCustomer(app.dataSource, row)));

  const idsOf = (answer: any): number[] => {
    expect(answer.msg).toBe('success');
    expect(answer.result.total_records).toBe(answer.result.data.length);
    return answer.result.data.map((row: { customer_id: number }) => row.customer_id);
  };

  /** Customer 1001 of the demo data, byte for byte. @param secret as the reader sees it */
  const row1001 = (secret: string) =>
    `{"customer_id":1001,"customer_name":"示例客户一","description":"","secret":"${secret}","exp_id":"",` +
    '"province":"广东省","city":"广州市","address":"","phone":"","contact":"王经理","mobile":"","email":"",' +
    '"template":null,"script":null,"reference":"","created":"2018-11-28 10:00:00"}';
  const envelope = (result: string) =>
    `{"code":200,"msg":"success","mix_code":130001,"mix_msg":"","mix_ext":"","result":${result}}`;

  describe('as on the wire of the original', () => {
    const page = (row: string) => `{"page_index":1,"page_size":20,"total_pages":1,"total_records":1,"data":[${row}]}`;
    const condition = '[["customer_id","=","1001"]]';

    test.each(['json', 'form', 'multipart'] as const)('by %s', async (encoding) => {
      const demo = await app.login('demo', 'demo-user');
      const textOf = async (route: string, fields: Record<string, string>, token: string) =>
        (await app.send(`/api/customer/${route}`, { [encoding]: fields, token })).text;
      expect(await textOf('get_list', { condition }, demo)).toBe(envelope(page(row1001(''))));
      expect(await textOf('get', { customer_id: '1001' }, demo)).toBe(envelope(row1001('')));
      expect(await textOf('get', { customer_id: '1001' }, admin)).toBe(envelope(row1001('5JHC')));
      expect(await textOf('get_all_list', { condition }, admin)).toBe(envelope(page(row1001('5JHC'))));
    });

    test('with every text', async () => {
      const texts = { description: 'd', province: 'p', city: 'c', address: 'a', phone: '1', contact: 'o', mobile: '2' };
      const more = { email: 'e', template: '{{t}}', script: '<s>', reference: 'r', created: null };
      const [customer] = await build({ ...texts, ...more, name: 'n', secret: 'CODE', expId: 'x' });
      const { customerId: customer_id } = customer!;
      const expected = { customer_id, customer_name: 'n', secret: 'CODE', exp_id: 'x', ...texts, ...more };
      expect((await get({ customer_id }, admin)).result).toEqual(expected);
      const found = await all({ condition: [['customer_id', '=', customer_id]] });
      expect(found.result.data).toEqual([expected]);
    });
  });

  describe('get_list', () => {
    test('shows the customers that the signed-in user follows, is_super too', async () => {
      const [one, two] = await build({}, {}, {});
      const token = await followerOf([one!, two!]);
      expect(idsOf(await list({ user_id: 998 }, token)).sort()).toEqual([one!.customerId, two!.customerId].sort());
      const empty = { page_index: 1, page_size: 20, total_pages: 0, total_records: 0, data: [] };
      expect(await list({}, admin)).toEqual(succeeded('success', empty));
      await buildUserCustomer(app.dataSource, { userId: 1000, customerId: two!.customerId });
      const { result } = await list({}, admin);
      expect(result.data).toMatchObject([{ customer_id: two!.customerId, secret: 'ABCD' }]);
    });

    test('leaves out a relation whose customer is gone', async () => {
      const [customer] = await build({});
      const token = await followerOf([customer!, { customerId: 7_777_777 } as Customer]);
      expect(idsOf(await list({}, token))).toEqual([customer!.customerId]);
    });

    test('newest first, then those without a time, then by id descending; page by page', async () => {
      const created = ['2024-01-02 00:00:00', null, '2024-01-01 00:00:00', '2024-01-02 00:00:00', null];
      const customers = await build(...created.map((time, i) => ({ customerId: 800 + i, created: time })));
      const token = await followerOf(customers);
      expect(idsOf(await list({}, token))).toEqual([803, 800, 802, 804, 801]);
      const { result } = await list({ page_index: '2', page_size: '2' }, token);
      expect(result).toMatchObject({ page_index: 2, page_size: 2, total_pages: 3, total_records: 5 });
      expect(result.data).toMatchObject([{ customer_id: 802 }, { customer_id: 804 }]);
      expect((await list({ page_index: 9 }, token)).result).toMatchObject({
        page_index: 9,
        total_records: 5,
        data: [],
      });
      expect(idsOf(await all({ condition: [['customer_id', '<', 900]] }))).toEqual([803, 800, 802, 804, 801]);
    });
  });

  describe.each(['get_list', 'get_all_list'])('%s is narrowed', (route) => {
    let token: string;
    const BASE = route === 'get_list' ? 700 : 600;
    const find = async (json: object) => {
      const ids = idsOf(await call(app, `customer/${route}`, json, token));
      return ids.filter((id) => id >= BASE && id < BASE + 100).map((id) => id - BASE);
    };
    beforeAll(async () => {
      const texts = {
        description: 'D',
        expId: 'X',
        province: 'P',
        city: 'C',
        address: 'A',
        phone: '010',
        contact: 'O',
      };
      const more = { mobile: '138', email: 'e@x', template: 'T', script: 'S', reference: 'R' };
      const customers = await build(
        { customerId: BASE + 1, name: `${route} Eins`, created: '2023-05-01 00:00:00', ...texts, ...more },
        { customerId: BASE + 2, name: `${route} eins `, created: '2023-05-02 23:59:59', description: 'd ' },
        { customerId: BASE + 3, name: `${route} 三`, created: null },
      );
      token = route === 'get_list' ? await followerOf(customers) : admin;
    });

    test.each([
      [
        ['customer_id', '>=', `${BASE + 2}`],
        [2, 3],
      ],
      [['customer_name', '=', `${route} Eins`], [1]],
      [['customer_name', '=', `${route} eins`], []],
      [['customer_name', '=', `${route} eins `], [2]],
      [
        ['customer_name', 'LIKE', `${route} EINS`],
        [2, 1],
      ],
      [['description', '=', 'D'], [1]],
      [
        ['description', 'LIKE', 'd'],
        [2, 1],
      ],
      [['exp_id', '=', 'X'], [1]],
      [['province', '=', 'P'], [1]],
      [['city', '=', 'C'], [1]],
      [['address', '=', 'A'], [1]],
      [['phone', '=', '010'], [1]],
      [['contact', '=', 'O'], [1]],
      [['mobile', '=', 138], [1]],
      [['email', 'LIKE', '@X'], [1]],
      [['template', '=', 'T'], [1]],
      [['script', '=', 'S'], [1]],
      [['reference', '=', 'R'], [1]],
      [['created', '=', '2023-05-01'], [1]],
      [['created', 'LIKE', '2023-05-02'], [2]],
    ])('condition %j', async (triple, found) => {
      const own = ['customer_id', '<', BASE + 100];
      expect(await find({ condition: [triple, own, ['customer_id', '>', BASE]], page_size: 100 })).toEqual(found);
    });

    test('start_time and end_time', async () => {
      const within = [
        ['customer_id', '<', BASE + 100],
        ['customer_id', '>', BASE],
      ];
      expect(await find({ condition: within, start_time: '2023-05-01', end_time: '2023-05-02' })).toEqual([2, 1]);
      expect(await find({ condition: within, start_time: '2023-05-01 00:00:01' })).toEqual([2]);
      expect(await find({ condition: within, end_time: '2023-05-02 23:59:58' })).toEqual([1]);
    });

    const refused: [json: object, detail: string][] = [
      [{ condition: [['secret', '=', 'ABCD']] }, 'condition 的查询值不支持'],
      [{ condition: [['name', '=', 'x']] }, 'condition 的查询值不支持'],
      [{ condition: [['user_id', '=', 998]] }, 'condition 的查询值不支持'],
      [{ condition: [['customer.secret', '=', 'x']] }, 'condition 的查询值不支持'],
      [{ condition: [['__proto__', '=', 'x']] }, 'condition 的查询值不支持'],
      [{ condition: [['customer_id', '=', 'x']] }, 'condition 的 customer_id 只能与数字比较'],
      [{ condition: [['created', '>', '2023']] }, 'condition 的 created 必须是 YYYY-MM-DD HH:mm:ss 或 YYYY-MM-DD'],
      [{ condition: [['city', 'IN', 'x']] }, 'condition 的运算符不支持'],
      [{ condition: 'x' }, 'condition 不是合法的 JSON'],
      [{ start_time: '2023-02-29' }, 'start_time 不是存在的日期时间'],
      [{ end_time: 'x' }, 'end_time 必须是 YYYY-MM-DD HH:mm:ss 或 YYYY-MM-DD'],
      [{ start_time: '2024-01-02', end_time: '2024-01-01' }, 'start_time 不能晚于 end_time'],
      [{ page_index: 0 }, 'page_index 必须是大于0的整数'],
      [{ page_size: 1001 }, 'page_size 不能大于1000'],
      [{ is_all: 2 }, 'is_all 必须是 0 或 1'],
    ];
    test.each(refused)('%j is refused', async (json, detail) => {
      expect(await call(app, `customer/${route}`, json, token)).toEqual(badParameter(detail));
    });
  });

  describe('who sees what', () => {
    test('get shows a user what the user follows, is_super any customer', async () => {
      const [own, foreign] = await build({}, {});
      const token = await followerOf([own!]);
      const { customerId } = own!;
      expect((await get({ customer_id: `${customerId}` }, token)).result).toMatchObject({
        customer_id: customerId,
        secret: '',
      });
      expect(await get({ customer_id: foreign!.customerId, user_id: 998 }, token)).toEqual(NOT_FOUND);
      expect(await get({ customer_id: foreign!.customerId }, admin)).toMatchObject({ code: 200, msg: 'success' });
    });

    test('get of no customer, though it is followed', async () => {
      const token = await followerOf([{ customerId: 7_777_778 } as Customer]);
      for (const reader of [token, admin]) expect(await get({ customer_id: 7_777_778 }, reader)).toEqual(NOT_FOUND);
    });

    test.each(notAnId)('get of customer_id %j: %s', async (customer_id, sentence) => {
      expect(await get({ customer_id }, admin)).toEqual(badParameter(`customer_id ${sentence}`));
    });

    test('get_all_list is for is_super alone', async () => {
      const token = await followerOf([]);
      expect(await all({}, token)).toEqual(NOT_ALLOWED);
      expect(await all({ page_index: 0 }, token)).toEqual(badParameter('page_index 必须是大于0的整数'));
    });

    test('no answer to others holds a code', async () => {
      const [customer] = await build({ secret: 'SeCrEt-42' });
      const token = await followerOf([customer!]);
      for (const route of ['get_list', 'get', 'get_all_list', 'edit', 'delete']) {
        const json = { customer_id: customer!.customerId };
        expect((await app.send(`/api/customer/${route}`, { json, token })).text).not.toContain('SeCrEt');
      }
    });
  });

  test('finds the few of a user by their relations, not by reading all customers in order', async () => {
    const filter = { followedBy: 998, conditions: [] };
    const reader = app.app.get(Sql);
    const { sql, values } = customerList(filter, false, reader.dialect).page(20, 0);
    const explained = { sql: `EXPLAIN ${engine === 'sqlite' ? 'QUERY PLAN' : ''} ${sql}`, values };
    const plan = await reader.rows<any>(explained);
    if (engine === 'sqlite') {
      const steps = plan
        .map(({ detail }: { detail: string }) => detail)
        .filter((step: string) => /customer/.test(step));
      expect(steps.filter((step: string) => step.startsWith('SCAN'))).toEqual([]);
      expect(steps[0]).toMatch(/^SEARCH user_customer USING .*\(user_id=\?\)/);
      expect(steps[1]).toMatch(/^SEARCH customer USING .*\(customer_id=\?\)/);
    } else {
      const [first, second] = plan.filter(({ select_type }: { select_type: string }) => select_type === 'PRIMARY');
      expect(first).toMatchObject({ table: 'user_customer', type: 'ref' });
      expect(second).toMatchObject({ table: 'customer', type: 'eq_ref', key: 'PRIMARY' });
    }
  });
});
