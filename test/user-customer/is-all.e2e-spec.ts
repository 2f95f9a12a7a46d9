import { TestApp } from '../app';
import { buildCustomer, buildUser, buildUserCustomer } from '../factories';
import { badParameter, call, rejected, succeeded } from '../mix';

const MAX = 25;

/** The parameter `is_all` of the lists of family A (CONTRACT 1.3, 1.4): all rows in one page, or a refusal. */
describe('is_all', () => {
  let app: TestApp;
  let admin: string;
  beforeAll(async () => {
    app = await TestApp.start({ demo: true, settings: { MIX_ALL_MAX: `${MAX}`, MIX_PAGE_SIZE_MAX: '20' } });
    admin = await app.login();
  });
  afterAll(() => app.stop());

  /** A user without is_super who follows this many customers, ids from 1 on. */
  async function follower(count: number, from = 1) {
    const { userId, username } = await buildUser(app.dataSource);
    for (let i = 0; i < count; i++) {
      await buildUserCustomer(app.dataSource, { userId, customerId: from + i, reference: `R${i % 2}` });
    }
    return { userId, token: await app.login(username, 'password') };
  }

  const listsOf = ({ userId, token }: { userId: number; token: string }) =>
    ['user_customer/get_list', 'm/user_customer/get_list', 'user_customer/get_customer_list'].map(
      (route) =>
        (json: object): Promise<any> =>
          call(app, route, { user_id: userId, ...json }, token),
    );

  const descending = (count: number) => Array.from({ length: count }, (_, i) => count - i);

  test.each([1, '1', true])(
    '%j: as many rows as are allowed, in one page and in the order of the pages',
    async (is_all) => {
      const user = await follower(MAX);
      for (const list of listsOf(user)) {
        const { msg, result } = await list({ is_all, page_index: 3, page_size: 2 });
        expect(msg).toBe('查询成功');
        const { data, ...page } = result;
        expect(JSON.stringify(page)).toBe(
          `{"page_index":1,"page_size":${MAX},"total_pages":1,"total_records":${MAX}}`, // and its keys in this order
        );
        expect(data.map((row: { customer_id: number }) => row.customer_id)).toEqual(descending(MAX));
        expect(Object.keys(data[0])).toHaveLength(8);
      }
    },
  );

  test('no row: no page', async () => {
    const empty = { page_index: 1, page_size: 0, total_pages: 0, total_records: 0, data: [] };
    for (const list of listsOf(await follower(0))) {
      expect(await list({ is_all: 1 })).toEqual(succeeded('查询成功', empty));
    }
  });

  test('one more is refused with both numbers, never cut', async () => {
    const user = await follower(MAX + 1);
    const refusal = badParameter(`is_all 最多返回${MAX}条，共${MAX + 1}条，请分页查询`);
    for (const list of listsOf(user)) {
      expect(await list({ is_all: 1 })).toEqual(refusal);
      expect((await list({ page_size: 10 })).result).toMatchObject({ total_records: MAX + 1, total_pages: 3 });
    }
    const [getList] = listsOf(user);
    const narrowed = await getList!({ is_all: 1, condition: [['reference', '=', 'R1']] });
    expect(narrowed.result).toMatchObject({ page_size: 13, total_records: 13, total_pages: 1 });
  });

  test.each([0, '0', false, '', null, undefined])('%j: pages', async (is_all) => {
    for (const list of listsOf(await follower(3))) {
      const { result } = await list({ is_all, page_size: 2, page_index: 2 });
      expect(result).toMatchObject({ page_index: 2, page_size: 2, total_pages: 2, total_records: 3, data: [{}] });
    }
  });

  test.each([2, '2', -1, 'on', 'TRUE', ' 1', '01', 1.5, [1], {}])('%j is refused', async (is_all) => {
    for (const list of listsOf(await follower(1))) {
      expect(await list({ is_all })).toEqual(badParameter('is_all 必须是 0 或 1'));
    }
  });

  test('the page asked for is checked all the same', async () => {
    for (const list of listsOf(await follower(1))) {
      expect(await list({ is_all: 1, page_index: 0 })).toEqual(badParameter('page_index 必须是大于0的整数'));
      expect(await list({ is_all: 1, page_size: 'x' })).toEqual(badParameter('page_size 必须是大于0的整数'));
      expect(await list({ is_all: 1, page_size: 21 })).toEqual(badParameter('page_size 不能大于20'));
    }
  });

  test('by form and multipart', async () => {
    const { token } = await follower(3);
    for (const encoding of ['form', 'multipart'] as const) {
      const { body } = await app.send('/api/user_customer/get_list', { [encoding]: { is_all: '1' }, token });
      expect(body.result).toMatchObject({ page_size: 3, total_records: 3 });
    }
  });

  test('shows nobody more than they may see', async () => {
    const { token } = await follower(2);
    const [other] = [await follower(3, 900)];
    const { result } = await call(app, 'user_customer/get_list', { is_all: 1, user_id: other.userId }, token);
    expect(result.total_records).toBe(2);
    const foreign = await call(app, 'user_customer/get_customer_list', { is_all: 1, user_id: other.userId }, token);
    expect(foreign).toEqual(rejected('无权操作该用户的数据'));
  });

  test('on the lists of customers', async () => {
    const customers = await Promise.all(Array.from({ length: MAX }, () => buildCustomer(app.dataSource)));
    const { userId, username } = await buildUser(app.dataSource);
    for (const { customerId } of customers) await buildUserCustomer(app.dataSource, { userId, customerId });
    const token = await app.login(username, 'password');
    const { result } = await call(app, 'customer/get_list', { is_all: 1, page_size: 2 }, token);
    expect(result).toMatchObject({ page_index: 1, page_size: MAX, total_pages: 1, total_records: MAX });
    expect(result.data).toHaveLength(MAX);
    const all = MAX + 4; // those of the demo data
    const refusal = badParameter(`is_all 最多返回${MAX}条，共${all}条，请分页查询`);
    expect(await call(app, 'customer/get_all_list', { is_all: 1 }, admin)).toEqual(refusal);
    expect(await call(app, 'customer/get_list', { is_all: 'x' }, token)).toEqual(badParameter('is_all 必须是 0 或 1'));
  });
});
