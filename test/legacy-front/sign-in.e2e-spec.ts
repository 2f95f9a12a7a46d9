import { FailedAttempt } from '../../src/auth/attempts/failed-attempt.entity';
import { Session } from '../../src/auth/entities/session.entity';
import { User } from '../../src/auth/entities/user.entity';
import { sha256 } from '../../src/base/secrets';
import { Send, TestApp } from '../app';
import { expectFailure } from '../envelope';
import { buildUser } from '../factories';
import { linesOf, logOf } from '../log';
import {
  badParameter,
  COOKIE,
  cookieOf,
  NOT_SIGNED_IN,
  rejected,
  shop,
  signIn,
  tokenOf,
  withCookie,
} from './old-front';

const LOGGED_IN = { result: 1, msg: '登录成功', data: [] };
const DONE = { result: 1, msg: '成功', data: [] };
const WRONG = rejected('用户名或密码错误');
const TOO_MANY = rejected('密码错误次数过多，请15分钟后重试');
const DAY = 24 * 3600;

/** The old front signs in and out through the shop's `api.php` (CONTRACT 2.5). */
describe("signing in from the vendor's front", () => {
  let app: TestApp;
  let lastMobile = 13_700_000_000;

  beforeAll(async () => {
    app = await TestApp.start({
      demo: false,
      settings: { TRUSTED_PROXIES: '127.0.0.0/8' },
    });
  });
  afterEach(() => app.dataSource.getRepository(FailedAttempt).clear());
  afterAll(() => app.stop());

  const newUser = () => buildUser(app.dataSource, { mobile: String(++lastMobile) });
  const sessionOf = (cookie: string) => app.row(Session, { tokenHash: sha256(tokenOf(cookie)) });
  const sessionsOf = (userId: number) => app.dataSource.getRepository(Session).countBy({ userId });
  const isSignedIn = async (cookie: string) =>
    (await app.send('/business/2/admin/pluginEnabled', withCookie(cookie))).body.result === 1;

  describe('route=member.login.index', () => {
    test.each<[how: string, send: (form: Record<string, string>) => Send]>([
      ['JSON', (json) => ({ json })],
      ['a form', (form) => ({ form })],
      ['multipart', (multipart) => ({ multipart })],
    ])('signs in with %s, by mobile number and by user name', async (_, send) => {
      const { userId, username, mobile } = await newUser();
      for (const name of [mobile, username]) {
        const form = send({ mobile: name, password: 'password', login_type: '5', remember: '' });
        const answer = await shop(app, 'member.login.index', form);
        expect([answer.status, answer.text]).toEqual([200, JSON.stringify(LOGGED_IN)]);
        const cookie = cookieOf(answer);
        expect(await sessionOf(cookie)).toMatchObject({ userId, keepAlive: 'short' });
        expect(await isSignedIn(cookie)).toBe(true);
      }
    });

    test.each([undefined, null, '', 0, '0', false, 'false'])(
      'remember %j: the cookie of a session',
      async (remember) => {
        const { mobile } = await newUser();
        const begun = Math.floor(Date.now() / 1000);
        const answer = await signIn(app, mobile, 'password', { json: { mobile, password: 'password', remember } });
        const ended = Date.now() / 1000;
        const cookie = cookieOf(answer);
        expect(answer.headers.getSetCookie()).toEqual([`${cookie}; Path=/; HttpOnly; SameSite=Strict`]);
        expect(tokenOf(cookie)).toMatch(/^[0-9a-f]{32}$/);
        const { expiresAt } = (await sessionOf(cookie))!;
        expect(expiresAt - DAY).toBeGreaterThanOrEqual(begun);
        expect(expiresAt - DAY).toBeLessThanOrEqual(ended);
      },
    );

    test.each([1, '1', true, 'true'])('remember %j: for seven days, as keep_alive long', async (remember) => {
      const { mobile } = await newUser();
      const begun = Math.floor(Date.now() / 1000);
      const answer = await signIn(app, mobile, 'password', { json: { mobile, password: 'password', remember } });
      const ended = Date.now() / 1000;
      const cookie = cookieOf(answer);
      expect(answer.headers.getSetCookie()).toEqual([
        `${cookie}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${7 * DAY}`,
      ]);
      const { keepAlive, expiresAt } = (await sessionOf(cookie))!;
      expect(keepAlive).toBe('long');
      expect(expiresAt - 7 * DAY).toBeGreaterThanOrEqual(begun);
      expect(expiresAt - 7 * DAY).toBeLessThanOrEqual(ended);
    });

    test.each(['https', 'HTTPS'])(
      'the cookie is Secure, and of this host alone, when a trusted proxy says %s; at sign-out too',
      async (scheme) => {
        const { mobile } = await newUser();
        const https = { 'x-forwarded-proto': scheme };
        const answer = await signIn(app, mobile, 'password', { headers: https });
        const cookie = cookieOf(answer);
        expect(answer.headers.getSetCookie()).toEqual([`${cookie}; Path=/; HttpOnly; SameSite=Strict; Secure`]);
        expect(cookie).toMatch(new RegExp(`^__Host-${COOKIE}=[0-9a-f]{32}$`));
        const list = (sent: string) => app.send('/business/2/admin/businessList', withCookie(sent, https));
        expect((await list(cookie)).body.result).toBe(1);
        // Another host of the domain can set a cookie of the plain name only: it counts for nothing.
        expect((await list(cookie.replace('__Host-', ''))).body).toEqual(NOT_SIGNED_IN);
        expect((await list(`${COOKIE}=planted; ${cookie}`)).body.result).toBe(1);
        const out = await shop(app, 'member.logout.index', withCookie(cookie, https));
        expect(out.headers.getSetCookie()).toEqual([
          `__Host-${COOKIE}=; Path=/; HttpOnly; SameSite=Strict; Secure; Max-Age=0`,
        ]);
      },
    );

    test('a form of another origin signs nobody in, where the browser sends no Sec-Fetch-Site', async () => {
      const { mobile, userId } = await newUser();
      for (const origin of ['http://evil.example', 'null', `${app.url}.evil.example`]) {
        const answer = await signIn(app, mobile, 'password', { headers: { origin } });
        expect([answer.body.result, answer.headers.getSetCookie()]).toEqual([0, []]);
      }
      expect(await app.dataSource.getRepository(Session).countBy({ userId })).toBe(0);
      const cookie = cookieOf(await signIn(app, mobile, 'password', { headers: { origin: app.url } }));
      const list = (origin: string) => app.send('/business/2/admin/businessList', withCookie(cookie, { origin }));
      expect((await list(app.url)).body.result).toBe(1);
      expect((await list('https://evil.example')).body).toEqual(NOT_SIGNED_IN);
    });

    test("a stranger's X-Forwarded-Proto does not make it Secure", async () => {
      const untrusting = await TestApp.start();
      const headers = { 'x-forwarded-proto': 'https' };
      const answer = await signIn(untrusting, 'admin', 'demo-admin', { headers });
      expect(answer.headers.getSetCookie()[0]).not.toContain('Secure');
      await untrusting.stop();
    });

    test('the demo accounts sign in by their mobile numbers', async () => {
      const demo = await TestApp.start();
      for (const [mobile, password] of [
        ['13800001000', 'demo-admin'],
        ['13800000998', 'demo-user'],
      ] as const) {
        expect((await signIn(demo, mobile, password)).body).toEqual(LOGGED_IN);
      }
      await demo.stop();
    });

    test('no shared cache keeps the cookie, and the database holds only its hash', async () => {
      const { userId, mobile } = await newUser();
      const answer = await signIn(app, mobile);
      expect(answer.headers.get('cache-control')).toBe('no-store');
      const rows = await app.dataSource.getRepository(Session).findBy({ userId });
      expect(JSON.stringify(rows)).not.toContain(tokenOf(cookieOf(answer)));
    });

    test('every sign-in gets a new token, never one that the browser brought', async () => {
      const { userId, mobile } = await newUser();
      const planted = `${COOKIE}=${'a'.repeat(32)}`;
      const cookies = [];
      for (let n = 0; n < 3; n++) cookies.push(cookieOf(await signIn(app, mobile, 'password', withCookie(planted))));
      expect(new Set([planted, ...cookies]).size).toBe(4);
      expect(await isSignedIn(planted)).toBe(false);
      expect(await sessionsOf(userId)).toBe(3);
    });

    test('a sign-in while signed in ends the session that the browser had; a wrong one leaves it', async () => {
      const [first, second] = [await newUser(), await newUser()];
      const cookie = cookieOf(await signIn(app, first.mobile));
      expect(await isSignedIn(cookie)).toBe(true);
      expect((await signIn(app, second.mobile, 'wrong', withCookie(cookie))).body).toEqual(WRONG);
      expect(await isSignedIn(cookie)).toBe(true);
      const newCookie = cookieOf(await signIn(app, second.mobile, 'password', withCookie(cookie)));
      expect(await isSignedIn(cookie)).toBe(false);
      expect(await sessionsOf(first.userId)).toBe(0);
      expect(await sessionOf(newCookie)).toMatchObject({ userId: second.userId });
    });

    test('wrong password, unknown number and closed account answer alike and set no cookie', async () => {
      const { mobile } = await newUser();
      const closed = await newUser();
      await app.dataSource.getRepository(User).update({ userId: closed.userId }, { isAvailable: 0 });
      for (const answer of [
        await signIn(app, mobile, 'wrong'),
        await signIn(app, '13600000000'),
        await signIn(app, closed.mobile),
      ]) {
        expect(answer.body).toEqual(WRONG);
        expect(answer.headers.getSetCookie()).toEqual([]);
      }
    });

    test('wrong guesses share the budget of /api/login', async () => {
      const { username, mobile } = await newUser();
      for (let n = 0; n < 5; n++) expect((await signIn(app, mobile, `wrong${n}`)).body).toEqual(WRONG);
      for (let n = 0; n < 5; n++) await app.send('/api/login', { json: { username, password: `wrong${n}` } });
      expect((await signIn(app, mobile)).body).toEqual(TOO_MANY);
      expect((await app.send('/api/login', { json: { username, password: 'password' } })).body.msg).toBe(TOO_MANY.msg);
    });

    test.each([
      [{ mobile: undefined }, 'mobile 不能为空'],
      [{ mobile: '' }, 'mobile 不能为空'],
      [{ mobile: 13_800_001_000 }, 'mobile 必须是字符串'],
      [{ mobile: ['admin'] }, 'mobile 必须是字符串'],
      [{ mobile: 'x'.repeat(65) }, 'mobile 不能超过64个字符'],
      [{ password: undefined }, 'password 不能为空'],
      [{ password: 1 }, 'password 必须是字符串'],
      [{ password: 'x'.repeat(1025) }, 'password 不能超过1024个字符'],
      [{ login_type: 'x' }, 'login_type 必须是数字'],
      [{ remember: 'yes' }, 'remember 必须是 0 或 1'],
      [{ remember: [1] }, 'remember 必须是 0 或 1'],
      [{ mobile: '', password: null, remember: 2 }, 'mobile 不能为空 | password 不能为空 | remember 必须是 0 或 1'],
    ])('refuses %j', async (wrong, detail) => {
      const json = { mobile: '13700000000', password: 'password', login_type: 5, remember: 1, ...wrong };
      const { status, body, headers } = await signIn(app, '', '', { json });
      expect([status, body, headers.getSetCookie()]).toEqual([200, badParameter(detail), []]);
    });

    test('a GET, whose URL would hold the password, is 405', async () => {
      const { mobile } = await newUser();
      const query = `member.login.index&mobile=${mobile}&password=password`;
      expectFailure(await shop(app, query, { method: 'GET' }), 405, 'business', 'method-not-allowed');
    });

    test.each(['cross-site', 'same-site'])('a page of another origin (%s) signs nobody in', async (site) => {
      const { userId, mobile } = await newUser();
      const answer = await signIn(app, mobile, 'password', { headers: { 'sec-fetch-site': site } });
      expect([answer.body, answer.headers.getSetCookie()]).toEqual([NOT_SIGNED_IN, []]);
      expect(await sessionsOf(userId)).toBe(0);
    });

    test.each(['same-origin', 'none'])("the front's own page (%s) signs in", async (site) => {
      const { mobile } = await newUser();
      expect((await signIn(app, mobile, 'password', { headers: { 'sec-fetch-site': site } })).body).toEqual(LOGGED_IN);
    });
  });

  describe('route=member.logout.index', () => {
    test.each(['GET', 'POST'])('%s ends the session and removes the cookie', async (method) => {
      const { userId, mobile } = await newUser();
      const cookie = cookieOf(await signIn(app, mobile));
      expect(await isSignedIn(cookie)).toBe(true);
      const answer = await shop(app, 'member.logout.index', { method, ...withCookie(cookie) });
      expect(answer.text).toBe(JSON.stringify(DONE));
      expect(answer.headers.getSetCookie()).toEqual([`${COOKIE}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0`]);
      expect(await isSignedIn(cookie)).toBe(false);
      expect(await sessionsOf(userId)).toBe(0);
    });

    test("leaves the user's other browser signed in", async () => {
      const { mobile } = await newUser();
      const [here, there] = [cookieOf(await signIn(app, mobile)), cookieOf(await signIn(app, mobile))];
      await shop(app, 'member.logout.index', withCookie(here));
      expect([await isSignedIn(here), await isSignedIn(there)]).toEqual([false, true]);
    });

    test.each([undefined, `${COOKIE}=forged`, `${COOKIE}=`, 'other=1'])(
      'with the cookie %j it is done',
      async (cookie) => {
        const { body } = await shop(app, 'member.logout.index', { headers: cookie ? { cookie } : {} });
        expect(body).toEqual(DONE);
      },
    );

    test('a token in the header is not signed out by it, nor a cookie by a page of another origin', async () => {
      const { username, mobile } = await newUser();
      const token = await app.login(username, 'password');
      expect((await shop(app, 'member.logout.index', { headers: { authorization: `Bearer ${token}` } })).body).toEqual(
        DONE,
      );
      expect((await app.send('/api/user', { token })).body.code).toBe(200);
      const cookie = cookieOf(await signIn(app, mobile));
      const foreign = withCookie(cookie, { 'sec-fetch-site': 'same-site' });
      expect((await shop(app, 'member.logout.index', foreign)).body).toEqual(NOT_SIGNED_IN);
      expect(await isSignedIn(cookie)).toBe(true);
    });
  });

  test('the log names the operation and holds neither cookie, number nor password', async () => {
    const logging = await TestApp.start({ settings: { LOG_LEVEL: 'trace' } });
    let cookie = '';
    const log = await logOf(async () => {
      cookie = cookieOf(await signIn(logging, '13800001000', 'demo-admin'));
      await signIn(logging, '13800001000', 'a wrong password');
      await logging.send('/business/2/admin/businessList', withCookie(cookie));
      await shop(logging, 'member.logout.index', withCookie(cookie));
    });
    await logging.stop();
    const answered = linesOf(log).filter(({ msg }) => msg === 'answered');
    expect(answered.map(({ route, outcome, user_id }) => [route, outcome, user_id])).toEqual([
      ['/addons/yun_shop/api.php/member.login.index', 'ok', undefined],
      ['/addons/yun_shop/api.php/member.login.index', 'rejected', undefined],
      ['/business/:uniacid/admin/businessList', 'ok', 1000],
      ['/addons/yun_shop/api.php/member.logout.index', 'ok', undefined],
    ]);
    for (const secret of [tokenOf(cookie), 'demo-admin', 'a wrong password', '13800001000']) {
      expect(log).not.toContain(secret);
    }
  });
});
