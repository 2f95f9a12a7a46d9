import { createHash } from 'node:crypto';
import { Session } from '../../src/auth/entities/session.entity';
import { User } from '../../src/auth/entities/user.entity';
import { TestApp } from '../app';
import { buildUser, buildUserCustomer } from '../factories';
import { badParameter, call, NOT_YOUR_DATA, TOKEN_EXPIRED, TOKEN_ILLEGAL, TOKEN_MISSING } from '../mix';

/** The use of tokens and their end (CONTRACT 1.1, 1.2). */
describe('tokens', () => {
  let app: TestApp;
  beforeAll(async () => (app = await TestApp.start()));
  afterAll(() => app.stop());

  const tokenHashOf = (token: string) => createHash('sha256').update(token).digest('hex');
  const whoAmI = (token: string) => call(app, 'user', {}, token);
  const ask = (path: string, authorization?: string) =>
    app.send(path, { json: {}, headers: authorization === undefined ? {} : { authorization } });

  /** A new, signed-in user whose session is cached, because its token was used. */
  async function signedIn(overrides: Partial<User> = {}) {
    const { userId, username } = await buildUser(app.dataSource, overrides);
    const token = await app.login(username, 'password');
    expect((await whoAmI(token)).code).toBe(200);
    return { userId, token };
  }

  describe('are required by every route but login, check_ticket and refresh_token:', () => {
    const routes = ['get_list', 'get', 'get_customer_list', 'add', 'edit', 'delete', 'multi_delete'];

    test.each([
      ...routes.map((route) => `user_customer/${route}`),
      'user',
      'user/reset_password',
      'reset_password',
      'logout',
    ])('/api/%s', async (route) => {
      expect(await call(app, route, {})).toEqual(TOKEN_MISSING);
    });

    test.each(['admin/manageBusiness', 'admin/businessList', 'plugin/WechatCustomers/getList'])(
      '/business/2/%s',
      async (route) => {
        const { status, body } = await ask(`/business/2/${route}`);
        expect(status).toBe(200);
        expect(body).toEqual({ result: 0, msg: '请登录', data: { login_status: 1 } });
      },
    );
  });

  describe('in the Authorization header', () => {
    const without = ['', 'Bearer ', 'Bearer', 'Bearer null', 'Basic ', 'Basic', 'Basic ****', 'Basic null:null'];

    test.each([...without, `Basic ${btoa('null:null')}`, `Basic ${btoa('1000:')}`, 'Digest abc', 'a-token-alone'])(
      '%j names no token or is of another scheme: not legal',
      async (authorization) => {
        const { status, body } = await ask('/api/user', authorization);
        expect(status).toBe(200);
        expect(body).toEqual(TOKEN_ILLEGAL);
      },
    );

    test.each(['Bearer x', `Bearer ${'0'.repeat(32)}`, `Basic ${btoa('1000:x')}`])(
      '%j is unknown, which counts as expired',
      async (authorization) => expect((await ask('/api/user', authorization)).body).toEqual(TOKEN_EXPIRED),
    );

    test('the scheme ignores case, the token does not', async () => {
      const { token } = await signedIn();
      expect((await ask('/api/user', `bEARER ${token}`)).body.code).toBe(200);
      expect((await ask('/api/user', `Bearer ${token.toUpperCase()}`)).body).toEqual(TOKEN_EXPIRED);
      expect((await ask('/api/user', `Bearer ${token.slice(0, -1)}`)).body).toEqual(TOKEN_EXPIRED);
      expect((await ask('/api/user', token)).body).toEqual(TOKEN_ILLEGAL);
      expect((await ask('/api/user', `Bearer ${token} more`)).body).toEqual(TOKEN_EXPIRED);
      expect((await ask('/api/user', `Bearer   ${token}  `)).body.code).toBe(200);
    });

    test("Basic base64(uid:token), as family B's page sends it, is accepted", async () => {
      const { userId, token } = await signedIn();
      const basic = `Basic ${Buffer.from(`${userId}:${token}`).toString('base64')}`;
      expect((await ask('/business/2/admin/businessList', basic)).body).toMatchObject({ result: 1, msg: '成功' });
      expect((await ask('/api/user', basic)).body.result.user_id).toBe(userId);
    });

    test.each(['998', '', '0', 'admin'])("Basic with the uid %j and another user's token is refused", async (uid) => {
      const { token } = await signedIn();
      const basic = `Basic ${Buffer.from(`${uid}:${token}`).toString('base64')}`;
      expect((await ask('/api/user', basic)).body).toEqual(TOKEN_ILLEGAL);
      expect((await ask('/business/2/admin/businessList', basic)).body.data).toEqual({ login_status: 1 });
    });

    test('Basic can sign out', async () => {
      const { userId, token } = await signedIn();
      await ask('/api/logout', `Basic ${Buffer.from(`${userId}:${token}`).toString('base64')}`);
      expect(await whoAmI(token)).toEqual(TOKEN_EXPIRED);
    });
  });

  test('a missing token is refused before a wrong parameter', async () => {
    expect(await call(app, 'user_customer/get', { user_id: 'x' })).toEqual(TOKEN_MISSING);
  });

  test('an expired token is refused as expired', async () => {
    const { username } = await buildUser(app.dataSource);
    const token = await app.login(username, 'password');
    await app.dataSource.getRepository(Session).update({ tokenHash: tokenHashOf(token) }, { expiresAt: 1 });
    expect(await whoAmI(token)).toEqual(TOKEN_EXPIRED);
  });

  /** That it is soon enough, test/resilience/timed/sessions measures. */
  describe('soon after a change by another process', () => {
    /** Repeats the request until it is refused. @returns the refusal */
    async function untilOther(request: () => Promise<{ code: number }>): Promise<unknown> {
      for (;;) {
        const answer = await request();
        if (answer.code !== 200) return answer;
      }
    }

    test('a token whose session was deleted is refused', async () => {
      const { token } = await signedIn();
      await app.dataSource.getRepository(Session).delete({ tokenHash: tokenHashOf(token) });
      expect(await untilOther(() => whoAmI(token))).toEqual(TOKEN_EXPIRED);
    });

    test('a token whose session was made to expire is refused', async () => {
      const { token } = await signedIn();
      await app.dataSource.getRepository(Session).update({ tokenHash: tokenHashOf(token) }, { expiresAt: 1 });
      expect(await untilOther(() => whoAmI(token))).toEqual(TOKEN_EXPIRED);
    });

    test('a closed account is refused', async () => {
      const { userId, token } = await signedIn();
      await app.dataSource.getRepository(User).update({ userId }, { isAvailable: 0 });
      expect(await whoAmI(token)).toEqual(TOKEN_EXPIRED); // at once, because the route reads the user
      expect(await untilOther(() => call(app, 'user_customer/get_list', {}, token))).toEqual(TOKEN_EXPIRED);
    });

    test("a user who is no longer is_super may not read other users' rows", async () => {
      const { userId, token } = await signedIn({ isSuper: 1 });
      const { userId: user_id, customerId: customer_id } = await buildUserCustomer(app.dataSource);
      const read = () => call(app, 'user_customer/get', { user_id, customer_id }, token);
      expect((await read()).code).toBe(200);
      await app.dataSource.getRepository(User).update({ userId }, { isSuper: 0 });
      expect(await untilOther(read)).toEqual(NOT_YOUR_DATA);
    });
  });

  test('a token in use costs no query per request', async () => {
    const { token } = await signedIn();
    let queries = 0;
    app.dataSource.subscribers.push({ beforeQuery: () => void queries++ });
    // The parameters are refused after the guard, so every query counted here is the guard's or the recheck's.
    const requests = 200;
    for (let i = 0; i < requests; i++) {
      const answer = await call(app, 'user_customer/get', {}, token);
      expect(answer).toEqual(badParameter('user_id 不能为空', 'customer_id 不能为空'));
    }
    // One query rechecks all tokens in use about twice a second, whatever the number of requests.
    expect(queries).toBeLessThan(requests / 10);
    const counted = queries;
    await whoAmI(token);
    expect(queries).toBeGreaterThan(counted); // the counter works: this route reads the user
  });
});
