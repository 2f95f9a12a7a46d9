import { Session } from '../../src/auth/entities/session.entity';
import { User } from '../../src/auth/entities/user.entity';
import { sha256 } from '../../src/base/secrets';
import { TestApp } from '../app';
import { buildEnterprise, buildRight, buildUser } from '../factories';
import { TOKEN_ILLEGAL, TOKEN_MISSING } from '../mix';
import { COOKIE, cookieOf, NO_TOKEN, NOT_SIGNED_IN, shop, signIn, tokenOf } from './old-front';

const basic = (credentials: string) => `Basic ${btoa(credentials)}`;

/** Where the session cookie signs in, and where it does not (CONTRACT 2.5). */
describe('the session cookie', () => {
  let app: TestApp;

  beforeAll(async () => (app = await TestApp.start({ demo: false })));
  afterAll(() => app.stop());

  /** A new user with an enterprise of their own in uniacid 2, signed in by cookie. */
  async function newUser() {
    const { userId, username } = await buildUser(app.dataSource);
    const { id } = await buildEnterprise(app.dataSource);
    await buildRight(app.dataSource, { enterpriseId: id, userId });
    const cookie = cookieOf(await signIn(app, username));
    return { userId, username, id, cookie };
  }

  /** The ids of the enterprises that a request shows, or its refusal. */
  async function ask(headers: Record<string, string>, { at = app, method = 'POST' } = {}): Promise<unknown> {
    const { status, body } = await at.send('/business/2/admin/businessList', { headers, method });
    expect(status).toBe(200);
    return body.result === 1 ? body.data.business_list.map(({ id }: { id: number }) => id) : body;
  }

  describe('signs in to every route under /business/', () => {
    test.each(['GET', 'POST'])('by %s, alone', async (method) => {
      const { id, cookie } = await newUser();
      expect(await ask({ cookie }, { method })).toEqual([id]);
    });

    test('the choice and the list', async () => {
      const { id, cookie } = await newUser();
      const headers = { cookie, authorization: NO_TOKEN };
      expect((await app.send('/business/2/admin/manageBusiness', { json: { id }, headers })).body.result).toBe(1);
      const list = await app.send('/business/2/plugin/WechatCustomers/getList', { headers, method: 'GET' });
      expect([list.body.result, list.headers.get('cache-control')]).toEqual([1, 'no-store']);
    });

    test.each([
      '',
      'Bearer',
      'Bearer ',
      'bearer null',
      'Bearer undefined',
      'Basic',
      basic('null:null'),
      basic('undefined:undefined'),
      basic(':'),
      basic('1000:'),
      basic('1000'),
      'Basic null:null',
      'Basic undefined:undefined',
      'Basic ****',
    ])('beside the header %j, which names no token', async (authorization) => {
      const { id, cookie } = await newUser();
      expect(await ask({ cookie, authorization })).toEqual([id]);
      expect(await ask({ authorization })).toEqual(NOT_SIGNED_IN);
    });

    test('among other cookies, and twice the same', async () => {
      const { id, cookie } = await newUser();
      for (const cookies of [`a=1; ${cookie}; b=2`, `${cookie};x`, `${cookie}; ${cookie}`, `${COOKIE}=; ${cookie}`]) {
        expect(await ask({ cookie: cookies })).toEqual([id]);
      }
    });
  });

  describe('beside a header that names a token, the header decides alone', () => {
    test('when it is right', async () => {
      const [own, other] = [await newUser(), await newUser()];
      const token = await app.login(other.username, 'password');
      for (const authorization of [`Bearer ${token}`, basic(`${other.userId}:${token}`)]) {
        expect(await ask({ cookie: own.cookie, authorization })).toEqual([other.id]);
      }
    });

    test.each([
      'Bearer 0123456789abcdef0123456789abcdef',
      basic('1000:0123456789abcdef0123456789abcdef'),
      basic('null:x'),
      'Digest abc',
      'a-token-alone',
    ])('when it is wrong: %s', async (authorization) => {
      const { cookie } = await newUser();
      expect(await ask({ cookie, authorization })).toEqual(NOT_SIGNED_IN);
    });

    test("when it is another user's uid with the cookie's own token", async () => {
      const [own, other] = [await newUser(), await newUser()];
      const authorization = basic(`${other.userId}:${tokenOf(own.cookie)}`);
      expect(await ask({ cookie: own.cookie, authorization })).toEqual(NOT_SIGNED_IN);
    });
  });

  test('two of different values sign nobody in, whichever comes first', async () => {
    const [own, other] = [await newUser(), await newUser()];
    for (const cookie of [
      `${own.cookie}; ${other.cookie}`,
      `${other.cookie}; ${own.cookie}`,
      `${own.cookie}; ${COOKIE}=forged`,
    ]) {
      expect(await ask({ cookie })).toEqual(NOT_SIGNED_IN);
    }
  });

  test.each([
    `${COOKIE}=`,
    `${COOKIE}`,
    `${COOKIE}=null`,
    `${COOKIE}=${'0'.repeat(32)}`,
    `x${COOKIE}=1`,
    `${COOKIE}=${'x'.repeat(8000)}`,
    `${COOKIE}=' OR '1'='1`,
  ])('a forged one (%s) asks to sign in', async (cookie) => expect(await ask({ cookie })).toEqual(NOT_SIGNED_IN));

  test('of another name or case, quoted or cut, asks to sign in', async () => {
    const { cookie } = await newUser();
    const token = tokenOf(cookie);
    for (const wrong of [
      `session=${token}`,
      `${COOKIE.toUpperCase()}=${token}`,
      `${COOKIE}="${token}"`,
      `${COOKIE}=${token.slice(1)}`,
      `${COOKIE}=${token.toUpperCase()}`,
    ]) {
      if (wrong !== cookie) expect(await ask({ cookie: wrong })).toEqual(NOT_SIGNED_IN);
    }
  });

  test('an expired one, and one of a closed account, ask to sign in', async () => {
    const [expired, closed] = [await newUser(), await newUser()];
    const sessions = app.dataSource.getRepository(Session);
    await sessions.update({ tokenHash: sha256(tokenOf(expired.cookie)) }, { expiresAt: 1 });
    await app.dataSource.getRepository(User).update({ userId: closed.userId }, { isAvailable: 0 });
    for (const { cookie } of [expired, closed]) expect(await ask({ cookie })).toEqual(NOT_SIGNED_IN);
  });

  test('one that was signed out ends in another process, too', async () => {
    const { id, cookie } = await newUser();
    const other = await app.second();
    try {
      expect(await ask({ cookie }, { at: other })).toEqual([id]);
      await shop(app, 'member.logout.index', { headers: { cookie } });
      expect(await ask({ cookie })).toEqual(NOT_SIGNED_IN);
      while (Array.isArray(await ask({ cookie }, { at: other })));
    } finally {
      await other.stop();
    }
  });

  describe('signs nobody in', () => {
    test.each(['user', 'logout', 'user_customer/get_list', 'user/reset_password'])('under /api/%s', async (route) => {
      const { userId, cookie } = await newUser();
      expect((await app.send(`/api/${route}`, { json: {}, headers: { cookie } })).body).toEqual(TOKEN_MISSING);
      const headers = { cookie, authorization: NO_TOKEN };
      expect((await app.send(`/api/${route}`, { json: {}, headers })).body).toEqual(TOKEN_ILLEGAL);
      expect(await app.dataSource.getRepository(Session).countBy({ userId })).toBe(1);
    });

    test.each(['cross-site', 'same-site', 'x'])('from a page of another origin: Sec-Fetch-Site %s', async (site) => {
      const { userId, id, cookie } = await newUser();
      const headers = { cookie, 'sec-fetch-site': site };
      const path = `/business/2/admin/manageBusiness?id=${id}`;
      expect((await app.send(path, { method: 'GET', headers })).body).toEqual(NOT_SIGNED_IN);
      expect(await app.dataSource.query('SELECT 1 FROM enterprise_choice WHERE user_id = ?', [userId])).toEqual([]);
    });
  });

  test('the token in it is a token like any other, which its holder may send in the header', async () => {
    const { id, cookie } = await newUser();
    expect(await ask({ authorization: `Bearer ${tokenOf(cookie)}` })).toEqual([id]);
  });
});
