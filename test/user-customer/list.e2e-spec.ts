import { TestApp } from '../app';
import { buildUser, buildUserCustomer } from '../factories';
import { badParameter, call, succeeded } from '../mix';

/** POST /api/user_customer/get_list: paging, order, times and visibility; `condition` has its own file. */
describe('POST /api/user_customer/get_list', () => {
  let app: TestApp;
  let admin: string;
  beforeAll(async () => {
    app = await TestApp.start();
    admin = await app.login();
  });
  afterAll(() => app.stop());

  const list = (json: object, token = admin) => call(app, 'user_customer/get_list', json, token);

  /** A new user without is_super, who lists these rows only: [customer_id, created]. */
  async function userWith(...rows: [customerId: number, created: string | null][]) {
    const { userId, username } = await buildUser(app.dataSource);
    for (const [customerId, created] of rows) {
      await buildUserCustomer(app.dataSource, { userId, customerId, created });
    }
    const token = await app.login(username, 'password');
    return { userId, token };
  }

  const found = async (json: object, token: string) => {
    const { code, result } = await list(json, token);
    expect(code).toBe(200);
    expect(result.total_records).toBe(result.data.length);
    return result.data.map((row: { customer_id: number }) => row.customer_id);
  };

  describe('paging', () => {
    let token: string;
    beforeAll(async () => {
      const rows = Array.from({ length: 25 }, (_, i): [number, string] => [i + 1, '2024-01-01 00:00:00']);
      ({ token } = await userWith(...rows));
    });

    test.each([[{}], [{ page_index: '', page_size: '' }], [{ page_index: null, page_size: null }]])(
      '%j is page 1 of 20 rows',
      async (json) => {
        const { result } = await list(json, token);
        expect(result).toMatchObject({ page_index: 1, page_size: 20, total_pages: 2, total_records: 25 });
        expect(result.data).toHaveLength(20);
      },
    );

    test('a request without a body also gets page 1 of 20 rows', async () => {
      const { body } = await app.send('/api/user_customer/get_list', { token });
      expect(body.result).toMatchObject({ page_index: 1, page_size: 20, total_records: 25 });
    });

    test.each([
      [{ page_index: 2, page_size: 10 }, 3, [15, 14, 13, 12, 11, 10, 9, 8, 7, 6]],
      [{ page_index: '3', page_size: '12' }, 3, [1]],
      [{ page_index: 25, page_size: 1 }, 25, [1]],
      [{ page_index: 5, page_size: 5 }, 5, [5, 4, 3, 2, 1]],
    ])('%j of 25 rows: %d pages', async (json, pages, customerIds) => {
      const { result } = await list(json, token);
      expect(result).toMatchObject({ total_pages: pages, total_records: 25 });
      expect(result).toMatchObject({ page_index: Number(json.page_index), page_size: Number(json.page_size) });
      expect(result.data.map((row: { customer_id: number }) => row.customer_id)).toEqual(customerIds);
    });

    test('page_size is at most 1000', async () => {
      const { result } = await list({ page_size: 1000 }, token);
      expect(result).toMatchObject({ page_size: 1000, total_pages: 1 });
      expect(result.data).toHaveLength(25);
      expect(await list({ page_size: 1001 }, token)).toEqual(badParameter('page_size 不能大于1000'));
      expect(await list({ page_size: '9007199254740991' }, token)).toEqual(badParameter('page_size 不能大于1000'));
    });

    test.each([3, 1_000_000, 2 ** 31, 2 ** 53 - 1])(
      'page %d is past the end: no rows, the page echoed',
      async (page) => {
        const result = { page_index: page, page_size: 20, total_pages: 2, total_records: 25, data: [] };
        expect(await list({ page_index: page }, token)).toEqual(succeeded('查询成功', result));
        expect((await list({ page_index: page, page_size: 1000 }, token)).result.data).toEqual([]);
      },
    );

    test('an empty result has 0 pages', async () => {
      const { token: stranger } = await userWith();
      const result = { page_index: 1, page_size: 20, total_pages: 0, total_records: 0, data: [] };
      expect(await list({}, stranger)).toEqual(succeeded('查询成功', result));
    });

    const notAPage: [value: unknown, sentence: string][] = [
      [0, '必须是大于0的整数'],
      ['0', '必须是大于0的整数'],
      [-1, '必须是大于0的整数'],
      ['-1', '必须是大于0的整数'],
      [1.5, '必须是大于0的整数'],
      ['1.5', '必须是大于0的整数'],
      ['1abc', '必须是大于0的整数'],
      ['1e2', '必须是大于0的整数'],
      [' ', '必须是大于0的整数'],
      ['99999999999999999999', '必须是大于0的整数'],
      [true, '必须是大于0的整数'],
      [[1], '必须是大于0的整数'],
      [{}, '必须是大于0的整数'],
    ];
    test.each(notAPage)('%j is refused as page_index and page_size: %s', async (value, sentence) => {
      expect(await list({ page_index: value }, token)).toEqual(badParameter(`page_index ${sentence}`));
      expect(await list({ page_size: value }, token)).toEqual(badParameter(`page_size ${sentence}`));
    });
  });

  describe('order', () => {
    test('sorts by created descending, nulls last, then by customer_id descending', async () => {
      const { token } = await userWith(
        [1, null],
        [2, '2024-05-01 00:00:00'],
        [3, '2024-05-01 00:00:01'],
        [4, '2024-05-01 00:00:00'],
        [5, null],
        [6, '2024-05-01 00:00:00'],
        [10, '2023-12-31 23:59:59'],
      );
      expect(await found({}, token)).toEqual([3, 6, 4, 2, 10, 5, 1]);
    });

    test('then by user_id descending where several users follow one customer', async () => {
      const created = '2031-01-01 00:00:00';
      for (const userId of [81, 83, 82]) await buildUserCustomer(app.dataSource, { userId, customerId: 7, created });
      const { result } = await list({ start_time: created, end_time: created });
      expect(result.data.map((row: { user_id: number }) => row.user_id)).toEqual([83, 82, 81]);
    });
  });

  describe('start_time and end_time', () => {
    let token: string;
    beforeAll(async () => {
      ({ token } = await userWith(
        [1, '2024-02-28 23:59:59'],
        [2, '2024-02-29 00:00:00'],
        [3, '2024-02-29 12:00:00'],
        [4, '2024-02-29 23:59:59'],
        [5, '2024-03-01 00:00:00'],
        [6, null],
      ));
    });

    test.each([
      [{}, [5, 4, 3, 2, 1, 6]],
      [{ start_time: '', end_time: '' }, [5, 4, 3, 2, 1, 6]],
      [{ start_time: null, end_time: null }, [5, 4, 3, 2, 1, 6]],
      [{ start_time: '2024-02-29 12:00:00' }, [5, 4, 3]],
      [{ start_time: '2024-02-29 12:00:01' }, [5, 4]],
      [{ end_time: '2024-02-29 12:00:00' }, [3, 2, 1]],
      [{ end_time: '2024-02-29 11:59:59' }, [2, 1]],
      [{ start_time: '2024-02-29 00:00:00', end_time: '2024-02-29 23:59:59' }, [4, 3, 2]],
      [{ start_time: '2024-02-29 12:00:00', end_time: '2024-02-29 12:00:00' }, [3]],
      [{ start_time: '2024-02-29' }, [5, 4, 3, 2]],
      [{ end_time: '2024-02-29' }, [4, 3, 2, 1]],
      [{ start_time: '2024-02-29', end_time: '2024-02-29' }, [4, 3, 2]],
      [{ start_time: '2024-03-02' }, []],
    ])('%j', async (json, customerIds) => {
      expect(await found(json, token)).toEqual(customerIds);
    });

    test('combine with a condition by AND', async () => {
      const condition = [['customer_id', '>', 3]];
      expect(await found({ condition, end_time: '2024-02-29' }, token)).toEqual([4]);
    });

    test.each([
      '2024-02-30',
      '2023-02-29',
      '2024-13-01',
      '2024-00-10',
      '2024-04-31 10:00:00',
      '2024-01-01 24:00:00',
      '2024-01-01 23:60:00',
      '2024-01-01 23:59:60',
    ])('%s is refused as not existing', async (time) => {
      expect(await list({ start_time: time })).toEqual(badParameter('start_time 不是存在的日期时间'));
      expect(await list({ end_time: time })).toEqual(badParameter('end_time 不是存在的日期时间'));
    });

    test.each([
      'yesterday',
      '2024',
      '2024-1-1',
      '2024/01/01',
      '2024-01-01T00:00:00',
      '2024-01-01 00:00',
      '2024-01-01 00:00:00.5',
      '2024-01-01 00:00:00Z',
      1704038400,
      true,
      ['2024-01-01'],
      {},
    ])('%j is refused as no time', async (time) => {
      const sentence = '必须是 YYYY-MM-DD HH:mm:ss 或 YYYY-MM-DD';
      expect(await list({ start_time: time })).toEqual(badParameter(`start_time ${sentence}`));
      expect(await list({ end_time: time })).toEqual(badParameter(`end_time ${sentence}`));
    });

    test.each([
      ['2024-01-02', '2024-01-01'],
      ['2024-01-01 00:00:01', '2024-01-01 00:00:00'],
      ['2024-01-02', '2024-01-01 23:59:59'],
    ])('a start of %s after an end of %s is refused', async (start_time, end_time) => {
      expect(await list({ start_time, end_time })).toEqual(badParameter('start_time 不能晚于 end_time'));
    });
  });

  describe('who sees what', () => {
    test("is_super sees all users' rows", async () => {
      const { userId } = await userWith([1, '2024-01-01 00:00:00']);
      const { result } = await list({ page_size: 1000 });
      const userIds = new Set(result.data.map((row: { user_id: number }) => row.user_id));
      expect(userIds.has(998) && userIds.has(userId)).toBe(true);
    });

    test('other users see their own rows only, whatever they ask for', async () => {
      const { userId, token } = await userWith([1, '2024-01-01 00:00:00'], [2, '2024-01-01 00:00:00']);
      const { result } = await list({ user_id: 998 }, token);
      expect(result.data.map((row: { user_id: number }) => row.user_id)).toEqual([userId, userId]);
      expect(await found({ condition: [['user_id', '=', 998]] }, token)).toEqual([]);
      expect(await found({ condition: [['user_id', '!=', 0]] }, token)).toEqual([2, 1]);
      expect(await found({ condition: [['user_id', '=', userId]] }, token)).toEqual([2, 1]);
    });
  });
});
