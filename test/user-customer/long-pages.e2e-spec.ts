import { UserCustomer } from '../../src/user-customer/entities/user-customer.entity';
import { TestApp } from '../app';
import { buildCustomer, buildUser, buildUserCustomer } from '../factories';
import { call, rejected } from '../mix';

/** The longest text of a column: 65,535 bytes. */
const LONGEST = '客'.repeat(21_845);

/** Rows of two of them each that are just within the 8 MB of an answer, and one more. */
const [MOST, ONE_MORE] = [63, 64];

/** Pages by bytes (CONTRACT 1.3): one of many long texts is refused, never cut, and never a fault. */
describe('pages of long texts', () => {
  let app: TestApp;
  let token: string;
  let rows: UserCustomer[];

  beforeAll(async () => {
    app = await TestApp.start();
    const { userId, username } = await buildUser(app.dataSource);
    rows = [];
    for (let n = 0; n < ONE_MORE; n++) {
      const { customerId } = await buildCustomer(app.dataSource, { template: LONGEST, script: LONGEST });
      rows.push(await buildUserCustomer(app.dataSource, { userId, customerId, template: LONGEST, script: LONGEST }));
    }
    token = await app.login(username, 'password');
  });

  afterAll(() => app.stop());

  const list = (route: string, json: object) => call(app, route, json, token);

  describe.each(['user_customer/get_list', 'customer/get_list'])('%s', (route) => {
    test('the most that an answer holds, whole', async () => {
      const { code, result } = await list(route, { page_size: MOST });
      expect(code).toBe(200);
      expect(result).toMatchObject({ page_size: MOST, total_pages: 2, total_records: ONE_MORE });
      const ids = rows.map(({ customerId }) => customerId).reverse();
      expect(result.data.map((row: { customer_id: number }) => row.customer_id)).toEqual(ids.slice(0, MOST));
      for (const row of result.data) expect([row.template, row.script]).toEqual([LONGEST, LONGEST]);
    });

    test('one more row is refused, and the client told what to do', async () => {
      expect(await list(route, { page_size: ONE_MORE })).toEqual(rejected('返回的内容超过8MB，请减小 page_size'));
      expect(await list(route, { is_all: 1 })).toEqual(rejected('返回的内容超过8MB，请分页查询'));
    });

    test('every row is found by smaller pages', async () => {
      const pages = [1, 2, 3, 4].map((page_index) => list(route, { page_index }));
      const found = (await Promise.all(pages)).flatMap(({ result }) => result.data);
      expect(found).toHaveLength(ONE_MORE);
    });
  });

  test('the bound is of the answer: what JSON writes longer counts longer', async () => {
    const { userId, username } = await buildUser(app.dataSource);
    const [quotes, count] = ['"'.repeat(65_535), 40];
    for (let n = 0; n < count; n++)
      await buildUserCustomer(app.dataSource, { userId, template: quotes, script: quotes });
    const of = await app.login(username, 'password');
    const ask = (page_size: number) => call(app, 'user_customer/get_list', { page_size }, of);
    expect(await ask(count)).toEqual(rejected('返回的内容超过8MB，请减小 page_size'));
    expect((await ask(30)).result.data[29].script).toBe(quotes);
  });

  test('a page of twenty is answered whole, whatever JSON makes of its texts', async () => {
    const { userId, username } = await buildUser(app.dataSource);
    const controls = '\u0001'.repeat(65_535); // six bytes each in JSON
    for (let n = 0; n < 20; n++)
      await buildUserCustomer(app.dataSource, { userId, template: controls, script: controls });
    const { result } = await call(app, 'user_customer/get_list', {}, await app.login(username, 'password'));
    expect(result).toMatchObject({ page_size: 20, total_records: 20 });
    for (const row of result.data) expect([row.template, row.script]).toEqual([controls, controls]);
  });

  test('a connection that a refused page has used up is replaced', async () => {
    for (let n = 0; n < 12; n++) expect((await list('user_customer/get_list', { page_size: 1000 })).code).toBe(500);
    expect((await list('user_customer/get_list', {})).code).toBe(200);
  });
});
