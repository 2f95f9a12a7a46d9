import type { UserCustomer } from '../../src/user-customer/entities/user-customer.entity';
import { TestApp } from '../app';
import { buildUser, buildUserCustomer } from '../factories';
import { badParameter, call } from '../mix';

/** The parameter `condition` of POST /api/user_customer/get_list (CONTRACT 1.3). */
describe('condition', () => {
  let app: TestApp;
  beforeAll(async () => (app = await TestApp.start({ demo: false })));
  afterAll(() => app.stop());

  /** Signs in a user without is_super, who lists these rows only; by default they get customer_id 1, 2, 3 … */
  async function ownerOf(rows: Partial<UserCustomer>[]): Promise<string> {
    const { userId, username } = await buildUser(app.dataSource);
    for (const [i, row] of rows.entries()) {
      await buildUserCustomer(app.dataSource, { userId, customerId: i + 1, ...row });
    }
    return app.login(username, 'password');
  }

  const list = (condition: unknown, token: string) => call(app, 'user_customer/get_list', { condition }, token);

  /** The customer ids found by a condition, ascending. */
  async function find(condition: unknown, token: string): Promise<number[]> {
    const { code, msg, result } = await list(condition, token);
    expect([code, msg]).toEqual([200, '查询成功']);
    expect(result.total_records).toBe(result.data.length);
    return result.data.map((row: { customer_id: number }) => row.customer_id).sort((a: number, b: number) => a - b);
  }

  describe('keys and operators', () => {
    let token: string;
    beforeAll(async () => {
      token = await ownerOf([
        { customerId: 101, template: 'a', script: 'one', reference: 'R-1', created: '2024-01-01 00:00:00' },
        {
          customerId: 102,
          template: 'b',
          script: 'two',
          reference: 'R-2',
          created: '2024-01-02 00:00:00',
          bossSync: 1,
        },
        {
          customerId: 203,
          template: 'c',
          script: null,
          reference: '7',
          created: '2025-01-03 00:00:00',
          isAvailable: 0,
        },
        { customerId: 204, template: null, script: null, reference: '', created: null },
      ]);
    });

    test.each([
      ['=', [102]],
      ['>', [203, 204]],
      ['<', [101]],
      ['>=', [102, 203, 204]],
      ['<=', [101, 102]],
      ['!=', [101, 203, 204]],
      ['<>', [101, 203, 204]],
      ['LIKE', [102]],
      ['like', [102]],
    ])('customer_id %s 102', async (operator, customerIds) => {
      expect(await find([['customer_id', operator, '102']], token)).toEqual(customerIds);
      expect(await find([['customer_id', operator, 102]], token)).toEqual(customerIds);
    });

    test.each([
      ['=', [102]],
      ['>', [203]],
      ['<', [101]],
      ['>=', [102, 203]],
      ['<=', [101, 102]],
      ['!=', [101, 203]],
      ['<>', [101, 203]],
      ['LIKE', [102]],
      ['like', [102]],
    ])('template %s b (never matches null)', async (operator, customerIds) => {
      expect(await find([['template', operator, 'b']], token)).toEqual(customerIds);
    });

    test.each([
      ['user_id', '>', 0, [101, 102, 203, 204]],
      ['user_id', '=', '0', []],
      ['customer_id', 'LIKE', '10', [101, 102]],
      ['customer_id', '>', '101.5', [102, 203, 204]],
      ['customer_id', '>', -1, [101, 102, 203, 204]],
      ['script', '=', 'two', [102]],
      ['script', 'LIKE', 'o', [101, 102]],
      ['reference', '=', 'R-1', [101]],
      ['reference', '=', 7, [203]],
      ['reference', '=', '', [204]],
      ['created', '>=', '2024-01-02 00:00:00', [102, 203]],
      ['is_available', '=', '0', [203]],
      ['is_available', '!=', 0, [101, 102, 204]],
      ['boss_sync', '=', 1, [102]],
    ])('%s %s %j', async (key, operator, value, customerIds) => {
      expect(await find([[key, operator, value]], token)).toEqual(customerIds);
    });

    test('joins all triples by AND', async () => {
      const condition = [
        ['customer_id', '>', 101],
        ['customer_id', '<', 204],
        ['is_available', '=', 1],
      ];
      expect(await find(condition, token)).toEqual([102]);
    });

    test('accepts a JSON array or its text, in JSON, form and multipart', async () => {
      const condition = JSON.stringify([['reference', '=', 'R-2']]);
      expect(await find(condition, token)).toEqual([102]);
      for (const body of [{ form: { condition } }, { multipart: { condition } }]) {
        const answer = await app.send('/api/user_customer/get_list', { ...body, token });
        expect(answer.body.result).toMatchObject({ total_records: 1, data: [{ customer_id: 102 }] });
      }
    });

    test.each([[undefined], [''], [null], [[]], ['[]'], [' [] ']])('%j is no condition', async (condition) => {
      expect(await find(condition, token)).toEqual([101, 102, 203, 204]);
    });
  });

  describe('LIKE means contains', () => {
    const templates = [
      '100%',
      '100x',
      'a_b',
      'axb',
      'c\\d',
      'c!d',
      'smile 😀 there',
      "it's [x]",
      'Alpha 客户',
      '%',
      'İstanbul',
      'ΟΔΟΣΑΣ',
      '𐐀',
      'nul\0nul',
      '',
    ];
    let token: string;
    beforeAll(
      async () => (token = await ownerOf([...templates.map((template) => ({ template })), { template: null }])),
    );

    const likes = async (text: string) =>
      (await find([['template', 'LIKE', text]], token)).map((customerId) => templates[customerId - 1]);

    test.each([
      ['0%', ['100%', '100x']],
      ['0%%', ['100%']],
      ['%00%', ['100%', '100x']],
      ['%00x', ['100x']],
      ['00x%', ['100x']],
      ['%%%', ['100%', '%']],
      ['a_b', ['a_b']],
      ['_', ['a_b']],
      ['\\', ['c\\d']],
      ['c\\d', ['c\\d']],
      ['\\%', ['c\\d']],
      ['!', ['c!d']],
      ['c!d', ['c!d']],
      ['!_', []],
      ['😀', ['smile 😀 there']],
      ['😁', []],
      ["'", ["it's [x]"]],
      ['[x]', ["it's [x]"]],
      ['客', ['Alpha 客户']],
    ])('%j finds %j', async (text, found) => {
      expect(await likes(text)).toEqual(found);
    });

    test.each(['', '%', '%%'])('%j matches every text, the empty one too, but not null', async (text) => {
      expect(await likes(text)).toEqual(templates);
    });

    test('ignores case', async () => {
      expect(await likes('ALPHA')).toEqual(['Alpha 客户']);
      expect(await likes('alpha')).toEqual(['Alpha 客户']);
    });

    test.each(['İstanbul', 'İ', 'ΟΔΟΣ', 'ΔΟΣΑ', 'ΑΣ', '𐐀'])('%s is found as written', async (text) => {
      expect(await likes(text)).toContain(templates.find((template) => template.includes(text)));
    });

    test('treats a NUL like any other character, without widening the answer', async () => {
      expect(await likes('\0')).toEqual(['nul\0nul']);
      expect(await likes('l\0n')).toEqual(['nul\0nul']);
      expect(await likes('0\0')).toEqual([]);
    });
  });

  test('= is exact: case and accents matter', async () => {
    const token = await ownerOf([{ reference: 'R-1' }, { reference: 'r-1' }, { reference: 'Ŕ-1' }]);
    expect(await find([['reference', '=', 'R-1']], token)).toEqual([1]);
    expect(await find([['reference', '!=', 'R-1']], token)).toEqual([2, 3]);
  });

  describe('is refused, never ignored', () => {
    let token: string;
    beforeAll(async () => (token = await ownerOf([])));

    const WRONG_LIST = '必须是 [[查询值, 运算符, 查询内容], …]';
    const WRONG_TRIPLE = '的每个条件必须是 [查询值, 运算符, 查询内容]';
    const WRONG_VALUE = '的查询内容必须是字符串或数字';
    const refused: [condition: unknown, sentence: string][] = [
      ['x', '不是合法的 JSON'],
      ['[["user_id","=","998"]', '不是合法的 JSON'],
      ["[['user_id','=','998']]", '不是合法的 JSON'],
      ['{}', WRONG_LIST],
      ['"x"', WRONG_LIST],
      [{}, WRONG_LIST],
      [{ a: ['user_id', '=', 998] }, WRONG_LIST],
      [{ 3: { 0: 'user_id', 1: '=' } }, WRONG_TRIPLE],
      [1, WRONG_LIST],
      [0, WRONG_LIST],
      [false, WRONG_LIST],
      [['user_id', '=', '998'], WRONG_TRIPLE],
      [[[]], WRONG_TRIPLE],
      [[null], WRONG_TRIPLE],
      [[['user_id', '=']], WRONG_TRIPLE],
      [[['user_id', '=', '998', 'or']], WRONG_TRIPLE],
      [[['user_id', '=', '998'], {}], WRONG_TRIPLE],
      [[{ key: 'user_id', operator: '=', value: 1 }], WRONG_TRIPLE],
      [[['secret', '=', '5JHC']], '的查询值不支持'],
      [[['USER_ID', '=', 998]], '的查询值不支持'],
      [[['userId', '=', 998]], '的查询值不支持'],
      [[['user_id; --', '=', 998]], '的查询值不支持'],
      [[['__proto__', '=', 998]], '的查询值不支持'],
      [[['constructor', '=', 998]], '的查询值不支持'],
      [[[['user_id'], '=', 998]], '的查询值不支持'],
      [[['user_id', '==', 998]], '的运算符不支持'],
      [[['user_id', ' =', 998]], '的运算符不支持'],
      [[['user_id', 'Like', 998]], '的运算符不支持'],
      [[['user_id', 'NOT LIKE', 998]], '的运算符不支持'],
      [[['user_id', 'IN', 998]], '的运算符不支持'],
      [[['user_id', '= 1 OR 1 =', 998]], '的运算符不支持'],
      [[['user_id', ['='], 998]], '的运算符不支持'],
      [[['user_id', '', 998]], '的运算符不支持'],
      [[['user_id', '=', null]], WRONG_VALUE],
      [[['user_id', '=', true]], WRONG_VALUE],
      [[['reference', '=', ['x']]], WRONG_VALUE],
      [[['reference', 'LIKE', {}]], WRONG_VALUE],
      [[['user_id', '=', '']], '的 user_id 只能与数字比较'],
      [[['user_id', '=', 'abc']], '的 user_id 只能与数字比较'],
      [[['customer_id', '>', '1e3']], '的 customer_id 只能与数字比较'],
      [[['is_available', '=', '0 OR 1=1']], '的 is_available 只能与数字比较'],
      [[['boss_sync', '=', 1e300]], '的 boss_sync 只能与数字比较'],
      [[['reference', '=', '\ud800']], '的查询内容含有非法字符'],
      [[['template', 'LIKE', 'x'.repeat(256)]], '的 LIKE 查询内容不能超过255个字符'],
      [[['reference', '=', 2 ** 53]], '的查询内容超出数字范围，请用字符串'],
      [[['template', 'LIKE', -(2 ** 60)]], '的查询内容超出数字范围，请用字符串'],
    ];
    test.each(refused)('%j: %s', async (condition, sentence) => {
      expect(await list(condition, token)).toEqual(badParameter(`condition ${sentence}`));
    });

    test('more than 20 triples', async () => {
      const triples = (length: number) => Array.from({ length }, () => ['is_available', '=', 1]);
      expect(await find(triples(20), token)).toEqual([]);
      expect(await list(triples(21), token)).toEqual(badParameter('condition 不能超过20个条件'));
      expect(await list(JSON.stringify(triples(21)), token)).toEqual(badParameter('condition 不能超过20个条件'));
    });
  });
});
