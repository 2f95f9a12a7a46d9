import type { UserCustomer } from '../../src/user-customer/entities/user-customer.entity';
import { TestApp } from '../app';
import { buildUser, buildUserCustomer } from '../factories';
import { badParameter, call } from '../mix';

/** How `condition` compares texts, times and numbers (CONTRACT 1.3): alike on every engine. */
describe('the values of a condition', () => {
  let app: TestApp;
  beforeAll(async () => (app = await TestApp.start({ demo: false })));
  afterAll(() => app.stop());

  /** Signs in a user without is_super, who lists these rows only: customer_id 0, 1, 2 … */
  async function ownerOf(rows: Partial<UserCustomer>[]): Promise<string> {
    const { userId, username } = await buildUser(app.dataSource);
    for (const [i, row] of rows.entries()) {
      await buildUserCustomer(app.dataSource, { userId, customerId: i, ...row });
    }
    return app.login(username, 'password');
  }

  const list = (condition: unknown, token: string) =>
    call(app, 'user_customer/get_list', { condition, page_size: 100 }, token);

  /** The customer ids found, ascending. */
  async function find(condition: unknown, token: string): Promise<number[]> {
    const { msg, result } = await list(condition, token);
    expect(msg).toBe('查询成功');
    return result.data.map((row: { customer_id: number }) => row.customer_id).sort((a: number, b: number) => a - b);
  }

  describe('texts are compared by their bytes', () => {
    const texts = [
      'a',
      'a ',
      'a  ',
      ' a',
      'a\t',
      'a\n',
      'a\u0001',
      'a\u001f',
      'a\0',
      'a!',
      'A',
      'á',
      'a\u0301',
      'ａ',
      '',
      ' ',
      '\t',
      '\0',
      '\u007f',
      '客户',
      '客户 ',
      '\uffff',
      '😀',
      '😁',
    ];
    const operators: [operator: string, holds: (order: number) => boolean][] = [
      ['=', (order) => order === 0],
      ['!=', (order) => order !== 0],
      ['<>', (order) => order !== 0],
      ['<', (order) => order < 0],
      ['<=', (order) => order <= 0],
      ['>', (order) => order > 0],
      ['>=', (order) => order >= 0],
    ];
    let token: string;
    beforeAll(async () => {
      token = await ownerOf(texts.map((text) => ({ template: text, script: text, reference: text })));
    });

    test.each(operators)('%s', async (operator, holds) => {
      for (const key of ['template', 'script', 'reference']) {
        for (const value of texts) {
          const isFound = (text: string) => holds(Buffer.compare(Buffer.from(text), Buffer.from(value)));
          const expected = texts.flatMap((text, id) => (isFound(text) ? [id] : []));
          expect([key, value, await find([[key, operator, value]], token)]).toEqual([key, value, expected]);
        }
      }
    });

    test('a number is compared as the text of its digits', async () => {
      const numbers = await ownerOf([
        { reference: '7' },
        { reference: '7 ' },
        { reference: '7.0' },
        { reference: '10' },
      ]);
      expect(await find([['reference', '=', 7]], numbers)).toEqual([0]);
      expect(await find([['reference', '<', 7]], numbers)).toEqual([3]);
    });
  });

  test('numbers are compared as numbers', async () => {
    const token = await ownerOf([
      { customerId: 9 },
      { customerId: 10 },
      { customerId: 100 },
      { customerId: 2 ** 53 - 1 },
    ]);
    expect(await find([['customer_id', '>', '9']], token)).toEqual([10, 100, 2 ** 53 - 1]);
    expect(await find([['customer_id', '<=', 10]], token)).toEqual([9, 10]);
    expect(await find([['customer_id', '=', '010']], token)).toEqual([10]);
    expect(await find([['customer_id', '=', `${2 ** 53 - 1}`]], token)).toEqual([2 ** 53 - 1]);
    expect(await find([['customer_id', '=', 2 ** 53 - 2]], token)).toEqual([]);
  });

  describe('created is compared with what start_time takes', () => {
    const times = ['2024-02-28 23:59:59', '2024-02-29 00:00:00', '2024-02-29 12:30:00', '2024-03-01 00:00:00', null];
    let token: string;
    beforeAll(async () => (token = await ownerOf(times.map((created) => ({ created })))));

    test.each([
      ['=', '2024-02-29 12:30:00', [2]],
      ['=', '2024-02-29', [1]],
      ['!=', '2024-02-29', [0, 2, 3]],
      ['<>', '2024-02-29 12:30:00', [0, 1, 3]],
      ['>', '2024-02-29', [2, 3]],
      ['>=', '2024-02-29', [1, 2, 3]],
      ['<', '2024-02-29', [0]],
      ['<=', '2024-02-29', [0, 1]],
      ['<=', ' 2024-02-29 12:30:00 ', [0, 1, 2]],
      ['LIKE', '2024-02-29', [1, 2]],
      ['like', '%2024-02-29%', [1, 2]],
      ['LIKE', ' 2024-02-29 ', [1, 2]],
      ['LIKE', '2024-02-29 12:30:00', [2]],
      ['LIKE', '2024-02-29 00:00:00', [1]],
    ])('created %s %j', async (operator, value, found) => {
      expect(await find([['created', operator, value]], token)).toEqual(found);
    });

    const FORM = 'condition 的 created 必须是 YYYY-MM-DD HH:mm:ss 或 YYYY-MM-DD';
    const wrong: [value: unknown, message: string][] = [
      ...['2024', '2024-02', '2024-2-9', '2024/02/29', '2024-02-29T00:00:00', '2024-02-29 12:30', 'now', '', '%'].map(
        (value): [string, string] => [value, FORM],
      ),
      [2024, FORM],
      [20240229, FORM],
      ['2023-02-29', 'condition 的 created 不是存在的日期时间'],
      ['2024-02-29 24:00:00', 'condition 的 created 不是存在的日期时间'],
    ];
    test.each(wrong)('%j is refused whatever the operator', async (value, message) => {
      for (const operator of ['=', '>', '<', '>=', '<=', '!=', '<>', 'LIKE', 'like']) {
        expect(await list([['created', operator, value]], token)).toEqual(badParameter(message));
      }
    });
  });
});
