import { stringify } from 'qs';
import { EnterpriseChoice } from '../../src/enterprise/entities/enterprise-choice.entity';
import { EnterpriseRight } from '../../src/enterprise/entities/enterprise-right.entity';
import { Enterprise } from '../../src/enterprise/entities/enterprise.entity';
import { Answer, Send, TestApp } from '../app';
import { buildEnterprise, buildFollow, buildRight } from '../factories';
import { FORBIDDEN, GET_LIST, LIST, MANAGE, newManager, NOT_SIGNED_IN, NOTHING_CHOSEN, OK } from './managers';

/** The enterprise that a signed-in user works in (CONTRACT 2.1, 2.2). */
describe('choosing the enterprise', () => {
  let app: TestApp;
  let guest: string;
  /** A new one for each test, so that tests do not see each other's rows. */
  let uniacid = 5000;

  beforeAll(async () => {
    app = await TestApp.start();
    guest = await app.login('guest', 'demo-guest');
  });

  afterAll(() => app.stop());

  beforeEach(() => {
    uniacid++;
  });

  const call = (route: string, options: Send = {}, tenant: number | string = uniacid): Promise<Answer> =>
    app.send(`/business/${tenant}/${route}`, options);

  const body = async (route: string, options?: Send, tenant?: number | string) => {
    const answer = await call(route, options, tenant);
    expect(answer.status).toBe(200);
    return answer.body;
  };

  const manager = (count = 1, identity = 2) => newManager(app, { uniacid, count, identity });

  const choiceOf = (userId: number, tenant = uniacid) => app.row(EnterpriseChoice, { userId, uniacid: tenant });

  describe('without signing in', () => {
    test.each([
      [LIST, 'GET'],
      [LIST, 'POST'],
      [MANAGE, 'GET'],
      [MANAGE, 'POST'],
      [GET_LIST, 'GET'],
      [GET_LIST, 'POST'],
    ])('%s by %s asks to sign in', async (route, method) => {
      expect(await body(route, { method }, 2)).toEqual(NOT_SIGNED_IN);
    });

    test.each(['Bearer', 'Bearer 0123456789abcdef0123456789abcdef', 'Digest x', 'Basic ***'])(
      'the Authorization header "%s" asks to sign in',
      async (authorization) => {
        expect(await body(LIST, { headers: { authorization } }, 2)).toEqual(NOT_SIGNED_IN);
      },
    );

    test('a bad parameter or a bad uniacid asks to sign in too', async () => {
      expect(await body(MANAGE, { json: { id: 'x' } }, 'abc')).toEqual(NOT_SIGNED_IN);
    });
  });

  describe('Basic authorization', () => {
    const basic = (credentials: string) => ({
      headers: { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` },
    });

    test('uid:token signs in like the Bearer token', async () => {
      const { userId, token, ids } = await manager();
      expect((await body(LIST, basic(`${userId}:${token}`))).data.business_list).toHaveLength(1);
      expect(await body(MANAGE, { ...basic(`${userId}:${token}`), json: { id: ids[0] } })).toEqual(OK);
    });

    test("another user's uid, no uid or no token asks to sign in", async () => {
      const { userId, token } = await manager();
      for (const credentials of [`1000:${token}`, `:${token}`, token, `${userId}:`, `${userId}`]) {
        expect(await body(LIST, basic(credentials))).toEqual(NOT_SIGNED_IN);
      }
    });
  });

  describe('manageBusiness', () => {
    test.each<[how: string, send: (id: string) => Send & { query?: string }]>([
      ['GET with a query', (id) => ({ method: 'GET', query: `?id=${id}` })],
      ['POST with a query', (id) => ({ query: `?id=${id}` })],
      ['POST with JSON text', (id) => ({ json: { id } })],
      ['POST with a JSON number', (id) => ({ json: { id: Number(id) } })],
      ['POST with a form', (id) => ({ form: { id } })],
      ['POST with multipart', (id) => ({ multipart: { id } })],
      ['POST with the body differing from the query', (id) => ({ form: { id }, query: '?id=1' })],
      ['POST with the last of two ids', (id) => ({ form: `id=1&id=${id}` })],
    ])('%s stores the choice', async (_, send) => {
      const { userId, token, ids } = await manager();
      const { query = '', ...options } = send(String(ids[0]));
      const { status, text } = await call(MANAGE + query, { ...options, token });
      expect(status).toBe(200);
      expect(text).toBe(JSON.stringify(OK));
      expect(await choiceOf(userId)).toEqual({ userId, uniacid, enterpriseId: ids[0] });
    });

    test.each([
      ['missing', {}, 'id 不能为空'],
      ['empty', { id: '' }, 'id 不能为空'],
      ['null', { id: null }, 'id 不能为空'],
      ['a word', { id: 'x' }, 'id 必须是数字'],
      ['digits and letters', { id: '1x' }, 'id 必须是数字'],
      ['negative', { id: -1 }, 'id 必须是数字'],
      ['negative text', { id: '-1' }, 'id 必须是数字'],
      ['a fraction', { id: 1.5 }, 'id 必须是数字'],
      ['a list', { id: [1] }, 'id 必须是数字'],
      ['an object', { id: {} }, 'id 必须是数字'],
      ['a boolean', { id: true }, 'id 必须是数字'],
      ['beyond 2^53', { id: '9007199254740993' }, 'id 必须是数字'],
    ])('an id that is %s is a bad parameter and chooses nothing', async (_, json, detail) => {
      const { userId, token } = await manager();
      expect(await body(MANAGE, { token, json })).toEqual({ result: 0, msg: `参数错误：${detail}`, data: [] });
      expect(await choiceOf(userId)).toBeNull();
    });

    test('a GET or a form with a bad id is refused in the same words', async () => {
      const { token } = await manager();
      const msg = '参数错误：id 必须是数字';
      expect((await body(`${MANAGE}?id[]=1`, { token, method: 'GET' })).msg).toBe(msg);
      expect((await body(MANAGE, { token, form: 'id[]=1' })).msg).toBe(msg);
      expect((await body(MANAGE, { token, method: 'GET' })).msg).toBe('参数错误：id 不能为空');
    });

    test("an enterprise that is unknown, stopped, not the user's or of another uniacid gets one refusal", async () => {
      const { userId, token } = await manager();
      const stopped = await buildEnterprise(app.dataSource, { uniacid, status: 0 });
      await buildRight(app.dataSource, { uniacid, enterpriseId: stopped.id, userId });
      const ofOthers = await buildEnterprise(app.dataSource, { uniacid });
      await buildRight(app.dataSource, { uniacid: uniacid + 100, enterpriseId: ofOthers.id, userId });
      const elsewhere = await buildEnterprise(app.dataSource, { uniacid: uniacid + 100 });
      await buildRight(app.dataSource, { uniacid: uniacid + 100, enterpriseId: elsewhere.id, userId });
      const misfiled = await buildEnterprise(app.dataSource, { uniacid: uniacid + 100 });
      await buildRight(app.dataSource, { uniacid, enterpriseId: misfiled.id, userId });
      for (const { id } of [{ id: 999_999 }, { id: 2 ** 53 - 1 }, stopped, ofOthers, elsewhere, misfiled]) {
        expect(await body(MANAGE, { token, json: { id } })).toEqual(FORBIDDEN);
      }
      expect(await choiceOf(userId)).toBeNull();
    });

    test('a guest is refused', async () => {
      expect(await body(MANAGE, { token: guest, json: { id: 1 } }, 2)).toEqual(FORBIDDEN);
      expect(await choiceOf(999, 2)).toBeNull();
    });

    test('a refused choice leaves the earlier one unchanged', async () => {
      const { userId, token, ids } = await manager();
      await call(MANAGE, { token, json: { id: ids[0] } });
      expect(await body(MANAGE, { token, json: { id: 1 } })).toEqual(FORBIDDEN);
      expect(await choiceOf(userId)).toMatchObject({ enterpriseId: ids[0] });
    });

    test.each<[how: string, send: Send & { query?: string }]>([
      ['identity_type=1', { json: { identity_type: 1 } }],
      ['identity_type=1 in a form, beside an id', { form: { identity_type: '1', id: '1' } }],
      ['id=0', { json: { id: 0 } }],
      ['id=0 by GET', { method: 'GET', query: '?id=0' }],
      ['id=0 as an enterprise', { json: { id: '0', identity_type: 2 } }],
    ])('%s clears the choice, of this user and uniacid only', async (_, { query = '', ...send }) => {
      const [own, other] = [await manager(), await manager()];
      for (const { token, ids } of [own, other]) await call(MANAGE, { token, json: { id: ids[0] } });
      const elsewhere = { userId: own.userId, uniacid: uniacid + 100_000, enterpriseId: 1 };
      await app.dataSource.getRepository(EnterpriseChoice).insert(elsewhere);
      for (let twice = 0; twice < 2; twice++) {
        expect(await body(MANAGE + query, { ...send, token: own.token })).toEqual(OK);
        expect(await choiceOf(own.userId)).toBeNull();
      }
      expect(await choiceOf(own.userId, elsewhere.uniacid)).toEqual(elsewhere);
      expect(await choiceOf(other.userId)).toMatchObject({ enterpriseId: other.ids[0] });
      expect(await body(GET_LIST, { token: own.token })).toEqual(NOTHING_CHOSEN);
    });

    test('identity_type=2 chooses as no identity_type does', async () => {
      const { userId, token, ids } = await manager();
      expect(await body(MANAGE, { token, form: { id: String(ids[0]), identity_type: '2' } })).toEqual(OK);
      expect(await choiceOf(userId)).toMatchObject({ enterpriseId: ids[0] });
    });

    test.each([
      [{ id: 1, identity_type: 3 }, 'identity_type 必须是 1、2 之一'],
      [{ id: 1, identity_type: 'x' }, 'identity_type 必须是 1、2 之一'],
      [{ id: 1, identity_type: [1] }, 'identity_type 必须是 1、2 之一'],
      [{ id: 1, identity_type: true }, 'identity_type 必须是 1、2 之一'],
      [{ id: 'x', identity_type: 1 }, 'id 必须是数字'],
      [{ identity_type: 2 }, 'id 不能为空'],
    ])('%j is a bad parameter and leaves the choice', async (json, detail) => {
      const { userId, token, ids } = await manager();
      await call(MANAGE, { token, json: { id: ids[0] } });
      expect(await body(MANAGE, { token, json })).toEqual({ result: 0, msg: `参数错误：${detail}`, data: [] });
      expect(await choiceOf(userId)).toMatchObject({ enterpriseId: ids[0] });
    });

    test('choosing again replaces the choice', async () => {
      const { userId, token, ids } = await manager(2);
      for (const id of [ids[0], ids[1], ids[1]]) expect(await body(MANAGE, { token, json: { id } })).toEqual(OK);
      const rows = await app.dataSource.getRepository(EnterpriseChoice).findBy({ userId });
      expect(rows).toEqual([{ userId, uniacid, enterpriseId: ids[1] }]);
    });

    test('concurrent choices all succeed and leave one row', async () => {
      const { userId, token, ids } = await manager(2);
      const choices = Array.from({ length: 10 }, (_, n) => call(MANAGE, { token, json: { id: ids[n % 2] } }));
      for (const answer of await Promise.all(choices)) expect(answer.body).toEqual(OK);
      const rows = await app.dataSource.getRepository(EnterpriseChoice).findBy({ userId, uniacid });
      expect(rows).toHaveLength(1);
      expect(ids).toContain(rows[0]?.enterpriseId);
    });

    test('a choice holds for one user, on all of their devices', async () => {
      const [anna, bert] = [await manager(), await manager()];
      await call(MANAGE, { token: anna.token, json: { id: anna.ids[0] } });
      expect(await choiceOf(bert.userId)).toBeNull();
      expect(await body(GET_LIST, { token: bert.token })).toEqual(NOTHING_CHOSEN);
      const secondDevice = await app.login(`user-${anna.userId}`, 'password');
      expect((await body(LIST, { token: secondDevice })).data.business_id).toBe(anna.ids[0]);
    });
  });

  test.each(['x', '-2', '1.5', '2x', '%20', '99999999999999999999'])(
    'the uniacid "%s" is a bad parameter',
    async (bad) => {
      const refused = { result: 0, msg: '参数错误：uniacid 必须是数字', data: [] };
      expect(await body(LIST, { token: guest }, bad)).toEqual(refused);
      expect(await body(MANAGE, { token: guest, json: { id: 1 } }, bad)).toEqual(refused);
      expect(await body(GET_LIST, { token: guest }, bad)).toEqual(refused);
    },
  );

  describe('getList works in the chosen enterprise', () => {
    test('a user without a choice is asked to choose', async () => {
      const { token } = await manager();
      expect(await body(GET_LIST, { token })).toEqual(NOTHING_CHOSEN);
      expect(await body(GET_LIST, { token, method: 'GET' })).toEqual(NOTHING_CHOSEN);
    });

    test('a guest, who has nothing to choose, and a user without a right in the uniacid are refused', async () => {
      const { token, ids } = await manager();
      await call(MANAGE, { token, json: { id: ids[0] } });
      expect(await body(GET_LIST, { token: guest }, 2)).toEqual(FORBIDDEN);
      expect(await body(GET_LIST, { token }, 2)).toEqual(FORBIDDEN);
      expect(await body(GET_LIST, { token }, 999_999)).toEqual(FORBIDDEN);
    });

    test('a right revoked after the choice is refused at the next request until it is given back', async () => {
      const { userId, token, ids } = await manager(2);
      await call(MANAGE, { token, json: { id: ids[0] } });
      const rights = app.dataSource.getRepository(EnterpriseRight);
      await rights.delete({ userId, enterpriseId: ids[0] });
      expect(await body(GET_LIST, { token })).toEqual(FORBIDDEN);
      await buildRight(app.dataSource, { uniacid, enterpriseId: ids[0], userId, identity: 1 });
      expect((await body(GET_LIST, { token })).result).toBe(1);
    });

    test('an enterprise stopped after the choice is refused at the next request', async () => {
      const { token, ids } = await manager();
      await call(MANAGE, { token, json: { id: ids[0] } });
      expect((await body(GET_LIST, { token })).result).toBe(1);
      await app.dataSource.getRepository(Enterprise).update({ id: ids[0] }, { status: 0 });
      expect(await body(GET_LIST, { token })).toEqual(FORBIDDEN);
    });

    test('its parameters change neither the enterprise nor the uniacid', async () => {
      const { token, ids } = await manager(2);
      const mine = await buildFollow(app.dataSource, { uniacid, enterpriseId: ids[0] });
      await buildFollow(app.dataSource, { uniacid, enterpriseId: ids[1] });
      await call(MANAGE, { token, json: { id: ids[0] } });
      const attempt = { business_id: ids[1], crop_id: ids[1], enterpriseId: ids[1], id: ids[1], uniacid: 2 };
      const query = stringify(attempt);
      for (const answer of [
        await body(GET_LIST, { token, json: { ...attempt, search: attempt } }),
        await body(`${GET_LIST}?${query}`, { token, method: 'GET' }),
      ]) {
        expect(answer.data.data.map(({ id }: { id: number }) => id)).toEqual([mine.id]);
        expect(answer.data.count).toBe(1);
      }
    });
  });
});
