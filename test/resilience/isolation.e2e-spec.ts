import { FailedAttempt } from '../../src/auth/attempts/failed-attempt.entity';
import { TestApp } from '../app';
import { buildRight, buildUser } from '../factories';
import { call } from '../mix';
import { Tries } from './isolation/ask';
import { businessCases, notLost } from './isolation/business-cases';
import { customerCases } from './isolation/customer-cases';
import { frontCases } from './isolation/front-cases';
import { mixCases } from './isolation/mix-cases';
import { syncCases } from './isolation/sync-cases';
import { buildSides, foreignIn, rowsOfOthers, Side, WECOM_AWAY } from './isolation/world';
import { writeBackCases } from './isolation/write-back-cases';
import { measured } from './measured';
import { UNLIMITED } from './unlimited';

/** The cases of each operation; an operation without an entry is untested. */
const cases = { ...mixCases, ...customerCases, ...businessCases, ...frontCases, ...syncCases, ...writeBackCases };

/** Routes of the process, not of a tenant: open to all, so they must reveal nothing of any tenant. */
const WITHOUT_TENANT = /^\/(docs|health|metrics)\b/;

/** Three uniacids with two enterprises each, with equal names throughout, and a user of family A for each. */
describe('isolation of tenants and users', () => {
  let app: TestApp;
  let sides: Side[];
  let tries: Tries;

  beforeAll(async () => {
    app = await TestApp.start({ settings: { ...UNLIMITED, ...WECOM_AWAY } });
    sides = await buildSides(app);
    tries = new Tries(app, sides);
  });

  afterAll(() => app.stop());

  const othersOf = (own: Side) => sides.filter((side) => side !== own);

  test.each(Object.entries(cases))('%s shows and changes nothing of others', async (_, tryAll) => {
    for (const own of sides) {
      await app.dataSource.createQueryBuilder().delete().from(FailedAttempt).execute(); // limits are not what is tried here
      const before = await rowsOfOthers(app, own);
      await tryAll(tries.as(own), own, othersOf(own));
      expect(await rowsOfOthers(app, own)).toEqual(before);
    }
    expect(tries.foreign).toEqual([]);
  });

  test('every operation of the router has cases', () => {
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

  test('public routes reveal nothing of any tenant', async () => {
    for (const operation of operationsOf(app).filter((each) => !Object.hasOwn(cases, each))) {
      const [method, path] = operation.split(' ');
      const answer = await app.send(path!, { method });
      for (const { mark, username, token } of sides) {
        for (const secret of [mark, username, token]) expect(answer.text).not.toContain(secret);
      }
    }
  });

  test("a session cookie signs in its own user, whatever else the browser's request names", async () => {
    for (const [n, own] of sides.entries()) {
      const shop = '/addons/yun_shop/api.php?type=5&route=member.login.index';
      const json = { mobile: own.mark, password: own.password };
      const { headers } = await app.send(`${shop}&i=${own.uniacid}`, { json });
      const [cookie] = headers.getSetCookie();
      const other = sides[(n + 1) % sides.length]!;
      const frame = await app.send(`/business/${own.uniacid}/admin/getBusinessCommonData`, {
        headers: { cookie: cookie!.split(';')[0]! },
        json: { is_business: 1, uid: other.userId, business_id: other.enterpriseId },
      });
      expect(frame.body.data).toMatchObject({
        member: { uid: own.userId },
        business: { business_id: own.enterpriseId },
      });
      expect(foreignIn(frame, own, sides)).toEqual([]);
    }
  });

  test('concurrent requests each get their own rows', async () => {
    const ROUNDS = 20;
    const listOf = async (own: Side) => {
      const page = { total: notLost(own).length, data: notLost(own).map(({ id }) => ({ id })) };
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

  test('a manager of all enterprises sees the chosen one only, with one choice per uniacid', async () => {
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

  test('is_super sees all rows, and the search for foreign rows finds them', async () => {
    const token = await app.login();
    const { result } = await call(app, 'user_customer/get_list', { page_size: 1000 }, token);
    const usersIn = new Set(result.data.map(({ user_id }: { user_id: number }) => user_id));
    for (const { userId } of sides) expect(usersIn).toContain(userId);
    const answer = await app.send('/api/user_customer/get_list', { token, json: { page_size: 1000 } });
    for (const side of sides) expect(foreignIn(answer, side, sides).length).toBeGreaterThan(5);
  });
});

/** Every operation of the router, from Fastify's printed tree, which no route escapes. */
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
