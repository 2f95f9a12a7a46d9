import { TestApp } from '../app';
import { buildRight, buildUser } from '../factories';
import { call } from '../mix';
import { Tries } from './isolation/ask';
import { businessCases } from './isolation/business-cases';
import { mixCases } from './isolation/mix-cases';
import { buildSides, foreignIn, rowsOfOthers, Side } from './isolation/world';
import { measured } from './measured';
import { UNLIMITED } from './unlimited';

/** What each operation is tried with; an operation without a line here is one that nobody has tried. */
const cases = { ...mixCases, ...businessCases };

/** Of the process, not of any tenant: open to everybody, so they must say nothing of anybody. */
const WITHOUT_TENANT = /^\/(docs|health|metrics)\b/;

/** Three uniacids with two enterprises each, in which all names are the same, and a user of family A for each. */
describe('what belongs to one tenant or user', () => {
  let app: TestApp;
  let sides: Side[];
  let tries: Tries;

  beforeAll(async () => {
    app = await TestApp.start({ settings: UNLIMITED });
    sides = await buildSides(app);
    tries = new Tries(app, sides);
  });

  afterAll(() => app.stop());

  const othersOf = (own: Side) => sides.filter((side) => side !== own);

  test.each(Object.entries(cases))('%s shows and changes nothing of others', async (_, tryAll) => {
    for (const own of sides) {
      const before = await rowsOfOthers(app, own);
      await tryAll(tries.as(own), own, othersOf(own));
      expect(await rowsOfOthers(app, own)).toEqual(before);
    }
    expect(tries.foreign).toEqual([]);
  });

  test('every operation of the router has its cases', () => {
    const operations = operationsOf(app).filter((operation) => !WITHOUT_TENANT.test(operation.split(' ')[1]!));
    expect(Object.keys(cases).sort()).toEqual(operations);
    measured('isolation of tenants and owners', {
      operations: operations.length,
      sides: sides.length,
      cases: tries.cases,
      'counts compared': tries.counts,
      'foreign rows': tries.foreign.length,
    });
  });

  test('what is open to everybody says nothing of anybody', async () => {
    for (const operation of operationsOf(app).filter((each) => !Object.hasOwn(cases, each))) {
      const [method, path] = operation.split(' ');
      const answer = await app.send(path!, { method });
      for (const { mark, username, token } of sides) {
        for (const secret of [mark, username, token]) expect(answer.text).not.toContain(secret);
      }
    }
  });

  test('while all ask at once, each gets their own', async () => {
    const ROUNDS = 20;
    const listOf = async (own: Side) => {
      const page = { total: own.follows.length, data: own.follows.map(({ id }) => ({ id })) };
      const ask = tries.as(own);
      for (let n = 0; n < ROUNDS; n++) {
        const json = { search: { status: 1, remark: n % 2 ? '同一' : undefined } };
        await ask({ path: `/business/${own.uniacid}/plugin/WechatCustomers/getList`, json }, { result: 1, data: page });
        await ask(
          { path: '/api/user_customer/get_list', json: {} },
          { result: { total_records: own.customers.length } },
        );
      }
    };
    await Promise.all(sides.map(listOf));
    expect(tries.foreign).toEqual([]);
  });

  test('a user who may manage all enterprises sees the chosen one only, a choice for each uniacid', async () => {
    const { userId, username } = await buildUser(app.dataSource);
    const token = await app.login(username, 'password');
    for (const { uniacid, enterpriseId } of sides) await buildRight(app.dataSource, { uniacid, enterpriseId, userId });
    for (const wanted of [0, 1]) {
      const chosen = sides.filter((_, n) => n % 2 === wanted);
      for (const { uniacid, enterpriseId } of chosen) {
        await app.send(`/business/${uniacid}/admin/manageBusiness`, { token, json: { id: enterpriseId } });
      }
      for (const side of chosen) {
        const answer = await app.send(`/business/${side.uniacid}/plugin/WechatCustomers/getList`, { token });
        expect(answer.body.data.total).toBe(side.follows.length);
        expect(foreignIn(answer, side, sides)).toEqual([]);
      }
    }
  });

  test('is_super sees the rows of all, and the look for foreign rows finds them', async () => {
    const token = await app.login();
    const { result } = await call(app, 'user_customer/get_list', { page_size: 1000 }, token);
    const usersIn = new Set(result.data.map(({ user_id }: { user_id: number }) => user_id));
    for (const { userId } of sides) expect(usersIn).toContain(userId);
    const answer = await app.send('/api/user_customer/get_list', { token, json: { page_size: 1000 } });
    for (const side of sides) expect(foreignIn(answer, side, sides).length).toBeGreaterThan(5);
  });
});

/** Every `GET` and `POST` that the router answers, as Fastify prints its tree: the one list that no route escapes. */
function operationsOf(app: TestApp): string[] {
  const tree: string = app.app.getHttpAdapter().getInstance().printRoutes({ commonPrefix: false });
  const segments: string[] = [];
  const operations = [...tree.matchAll(/^(.*?)[├└]── (\S*)(?: \((.*)\))?$/gm)].flatMap(
    ([, indent = '', segment = '', methods = '']) => {
      segments.splice(indent.length / 4, Infinity, segment);
      const path = segments.join('');
      return methods
        .split(', ')
        .flatMap((method) => (/^(GET|POST|PUT|PATCH|DELETE)$/.test(method) ? [`${method} ${path}`] : []));
    },
  );
  return operations.sort();
}
