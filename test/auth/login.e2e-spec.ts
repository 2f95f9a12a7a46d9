import { createHash } from 'node:crypto';
import { Session } from '../../src/auth/entities/session.entity';
import { User } from '../../src/auth/entities/user.entity';
import { TestApp } from '../app';
import { buildUser } from '../factories';
import { badParameter, call, rejected, succeeded, TOKEN_EXPIRED, TOKEN_MISSING } from '../mix';

const HOUR = 3600;
const DAY = 24 * HOUR;

const adminOnTheWire = {
  user_id: 1000,
  username: 'admin',
  is_super: 1,
  mobile: '13800001000',
  description: '',
  extension: '',
  email: '',
  address: '',
  reference: '',
  created: '2018-11-28 10:00:00',
};

/** Signing in and out (CONTRACT 1.2). */
describe('signing in', () => {
  let app: TestApp;
  beforeAll(async () => (app = await TestApp.start()));
  afterAll(() => app.stop());

  const credentials = { username: 'admin', password: 'demo-admin' };
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  const sessionOf = (token: string) => app.row(Session, { tokenHash: sha256(token) });
  const signIn = async (more: object = {}) => (await call(app, 'login', { ...credentials, ...more })).result;
  const whoAmI = (token?: string) => call(app, 'user', {}, token);

  describe('POST /api/login', () => {
    test('answers the user, then the tokens, in the order of the contract', async () => {
      const body = await call(app, 'login', credentials);
      expect(body).toMatchObject({ code: 200, msg: '登录成功', mix_code: 130002, mix_msg: '', mix_ext: '' });
      expect(body.result).toMatchObject(adminOnTheWire);
      const keys = [...Object.keys(adminOnTheWire), 'ticket', 'refresh_token', 'keep_alive', 'token'];
      expect(Object.keys(body.result)).toEqual(keys);
    });

    test('token is the ticket, 32 characters; refresh_token has 64', async () => {
      const { token, ticket, refresh_token, keep_alive } = await signIn();
      expect(token).toMatch(/^[0-9a-zA-Z]{32}$/);
      expect(ticket).toBe(token);
      expect(refresh_token).toMatch(/^[0-9a-zA-Z]{64}$/);
      expect(keep_alive).toBe('');
    });

    test('every sign-in gets its own tokens, and all of them work', async () => {
      const results = await Promise.all(Array.from({ length: 5 }, () => signIn()));
      expect(new Set(results.flatMap(({ token, refresh_token }) => [token, refresh_token])).size).toBe(10);
      for (const { token } of results) expect(await whoAmI(token)).toEqual(succeeded('查询成功', adminOnTheWire));
    });

    test.each([
      [undefined, 2 * HOUR, DAY],
      ['', 2 * HOUR, DAY],
      ['default', 2 * HOUR, DAY],
      ['short', DAY, 7 * DAY],
      ['medium', 3 * DAY, 30 * DAY],
      ['long', 7 * DAY, 90 * DAY],
    ])('keep_alive %p: the token lives %d s, the refresh token %d s', async (keepAlive, lifetime, refreshLifetime) => {
      const before = Math.floor(Date.now() / 1000);
      const { token, keep_alive } = await signIn({ keep_alive: keepAlive });
      const after = Math.floor(Date.now() / 1000);
      expect(keep_alive).toBe(keepAlive ?? '');
      const { expiresAt, refreshExpiresAt } = (await sessionOf(token))!;
      expect(expiresAt - lifetime).toBeGreaterThanOrEqual(before);
      expect(expiresAt - lifetime).toBeLessThanOrEqual(after);
      expect(refreshExpiresAt - expiresAt).toBe(refreshLifetime - lifetime);
    });

    test('the database holds the SHA-256 of the tokens, never a token', async () => {
      const { token, refresh_token } = await signIn();
      const row = await sessionOf(token);
      expect(row).toMatchObject({ userId: 1000, tokenHash: sha256(token), refreshHash: sha256(refresh_token) });
      expect(JSON.stringify(row)).not.toContain(token);
      expect(JSON.stringify(row)).not.toContain(refresh_token);
    });

    test('system may be any text of up to 32 characters, which nothing stores', async () => {
      const seen = ['MixPro', 'PRO', 'MIXIOT', 'MixPortal', 'Admin', 'ADMIN', 'APP', 'app'];
      for (const system of [...seen, '中'.repeat(32), '', null]) {
        expect(await signIn({ system })).toHaveProperty('token');
      }
    });

    test('is the same route at /api/app/login', async () => {
      const { code, msg, result } = await call(app, 'app/login', { ...credentials, keep_alive: 'default' });
      expect({ code, msg }).toEqual({ code: 200, msg: '登录成功' });
      expect(await sessionOf(result.token)).toMatchObject({ userId: 1000, keepAlive: 'default' });
    });

    test('wrong password, unknown user and closed account answer alike', async () => {
      const { username } = await buildUser(app.dataSource, { isAvailable: 0 });
      for (const attempt of [
        { username: 'admin', password: 'demo-admin ' },
        { username: 'nobody', password: 'demo-admin' },
        { username, password: 'password' },
      ]) {
        expect(await call(app, 'login', attempt)).toEqual(rejected('用户名或密码错误'));
      }
    });

    test.each(['ADMIN', ' admin', 'admin ', 'admin\0', '%', "' OR '1'='1"])('%j is not admin', async (username) => {
      expect(await call(app, 'login', { ...credentials, username })).toEqual(rejected('用户名或密码错误'));
    });

    test.each([
      [{ username: undefined }, 'username 不能为空'],
      [{ username: '' }, 'username 不能为空'],
      [{ username: 1 }, 'username 必须是字符串'],
      [{ username: ['admin'] }, 'username 必须是字符串'],
      [{ username: 'x'.repeat(65) }, 'username 不能超过64个字符'],
      [{ password: null }, 'password 不能为空'],
      [{ password: true }, 'password 必须是字符串'],
      [{ password: '\ud800' }, 'password 含有无法保存的字符'],
      [{ password: 'x'.repeat(1025) }, 'password 不能超过1024个字符'],
      [{ system: 'x'.repeat(33) }, 'system 不能超过32个字符'],
      [{ system: ['APP'] }, 'system 必须是字符串'],
      [{ keep_alive: 'forever' }, 'keep_alive 必须是 default、short、medium、long 之一'],
      [{ keep_alive: 'Default' }, 'keep_alive 必须是 default、short、medium、long 之一'],
      [{ keep_alive: ['short'] }, 'keep_alive 必须是 default、short、medium、long 之一'],
    ])('refuses %j', async (wrong, detail) => {
      expect(await call(app, 'login', { ...credentials, ...wrong })).toEqual(badParameter(detail));
    });

    test('names every wrong parameter at once', async () => {
      const details = badParameter('username 不能为空', 'password 不能为空', 'system 必须是字符串');
      expect(await call(app, 'login', { system: 1 })).toEqual(details);
    });
  });

  describe('POST /api/check_ticket', () => {
    test('answers the user of the ticket, without a token', async () => {
      const { ticket } = await signIn();
      const answer = succeeded('Ticket校验成功', adminOnTheWire);
      expect(await call(app, 'check_ticket', { source: 'MixPro', ticket })).toEqual(answer);
      expect(await call(app, 'check_ticket', { ticket })).toEqual(answer);
    });

    test('refuses an unknown, a revoked and an expired ticket', async () => {
      const [revoked, expired] = [await signIn(), await signIn()];
      await call(app, 'logout', {}, revoked.token);
      await app.dataSource.getRepository(Session).update({ tokenHash: sha256(expired.token) }, { expiresAt: 1 });
      expect(await call(app, 'check_ticket', { ticket: 'x'.repeat(32) })).toEqual(TOKEN_EXPIRED);
      expect(await call(app, 'check_ticket', { ticket: revoked.token })).toEqual(TOKEN_EXPIRED);
      expect(await call(app, 'check_ticket', { ticket: expired.token })).toEqual(TOKEN_EXPIRED);
    });

    test.each([
      [{}, 'ticket 不能为空'],
      [{ ticket: '' }, 'ticket 不能为空'],
      [{ ticket: 1 }, 'ticket 必须是字符串'],
      [{ ticket: 'x'.repeat(256) }, 'ticket 不能超过255个字符'],
      [{ ticket: 'x', source: {} }, 'source 必须是字符串'],
    ])('refuses %j', async (wrong, detail) => {
      expect(await call(app, 'check_ticket', wrong)).toEqual(badParameter(detail));
    });
  });

  describe('POST /api/refresh_token', () => {
    const refresh = (refreshToken: unknown) => call(app, 'refresh_token', { refresh_token: refreshToken });

    test('issues new tokens for the same session with the same keep_alive', async () => {
      const old = await signIn({ keep_alive: 'long' });
      const { code, result } = await refresh(old.refresh_token);
      expect(code).toBe(200);
      expect(Object.keys(result)).toEqual(Object.keys(old));
      expect(result).toMatchObject({ ...adminOnTheWire, keep_alive: 'long', ticket: result.token });
      expect(result.token).not.toBe(old.token);
      expect(result.refresh_token).not.toBe(old.refresh_token);
      expect(await whoAmI(result.token)).toEqual(succeeded('查询成功', adminOnTheWire));
      const row = (await sessionOf(result.token))!;
      expect(row.refreshExpiresAt - row.expiresAt).toBe(83 * DAY);
    });

    test('ends the old token and the old refresh token at once', async () => {
      const old = await signIn();
      await whoAmI(old.token);
      await refresh(old.refresh_token);
      expect(await whoAmI(old.token)).toEqual(TOKEN_EXPIRED);
      expect(await refresh(old.refresh_token)).toEqual(TOKEN_EXPIRED);
      expect(await sessionOf(old.token)).toBeNull();
    });

    test('exactly one of many concurrent refreshes with the same refresh token succeeds', async () => {
      const { refresh_token } = await signIn();
      const answers = await Promise.all(Array.from({ length: 8 }, () => refresh(refresh_token)));
      const [winner, ...losers] = answers.sort((a, b) => a.code - b.code);
      expect((await whoAmI(winner.result.token)).code).toBe(200);
      expect(losers).toEqual(Array(7).fill(TOKEN_EXPIRED));
    });

    test('works after the token has expired, but not after the refresh token has', async () => {
      const sessions = app.dataSource.getRepository(Session);
      const { token, refresh_token } = await signIn();
      await sessions.update({ tokenHash: sha256(token) }, { expiresAt: 1 });
      const { result } = await refresh(refresh_token);
      expect((await whoAmI(result.token)).code).toBe(200);
      await sessions.update({ tokenHash: sha256(result.token) }, { refreshExpiresAt: 1 });
      expect(await refresh(result.refresh_token)).toEqual(TOKEN_EXPIRED);
    });

    test('a token is no refresh token, and a refresh token is no token', async () => {
      const { token, refresh_token } = await signIn();
      expect(await refresh(token)).toEqual(TOKEN_EXPIRED);
      expect(await whoAmI(refresh_token)).toEqual(TOKEN_EXPIRED);
    });

    test('is refused once the account is closed', async () => {
      const { userId, username } = await buildUser(app.dataSource);
      const { refresh_token } = (await call(app, 'login', { username, password: 'password' })).result;
      await app.dataSource.getRepository(User).update({ userId }, { isAvailable: 0 });
      expect(await refresh(refresh_token)).toEqual(TOKEN_EXPIRED);
    });

    test.each([
      [undefined, 'refresh_token 不能为空'],
      ['', 'refresh_token 不能为空'],
      [['x'], 'refresh_token 必须是字符串'],
      ['x'.repeat(256), 'refresh_token 不能超过255个字符'],
    ])('refuses %j', async (wrong, detail) => {
      expect(await refresh(wrong)).toEqual(badParameter(detail));
    });
  });

  describe('POST /api/user', () => {
    test('answers the signed-in user, keys in the order of the contract', async () => {
      const { token } = await signIn();
      const { text } = await app.send('/api/user', { token });
      expect(text).toBe(JSON.stringify(succeeded('查询成功', adminOnTheWire)));
    });

    test('needs a token', async () => expect(await whoAmI()).toEqual(TOKEN_MISSING));
  });

  describe('POST /api/logout', () => {
    test('revokes the token and its refresh token at once', async () => {
      const { token, refresh_token } = await signIn();
      expect((await whoAmI(token)).code).toBe(200);
      expect((await call(app, 'logout', {}, token)).code).toBe(200);
      expect(await whoAmI(token)).toEqual(TOKEN_EXPIRED);
      expect(await call(app, 'refresh_token', { refresh_token })).toEqual(TOKEN_EXPIRED);
      expect(await sessionOf(token)).toBeNull();
    });

    test('leaves other sessions of the same user signed in', async () => {
      const [here, there] = [await signIn(), await signIn()];
      await call(app, 'logout', {}, here.token);
      expect((await whoAmI(there.token)).code).toBe(200);
    });

    test('needs a token', async () => expect(await call(app, 'logout', {})).toEqual(TOKEN_MISSING));
  });
});
