import { AuditEntry } from '../../src/audit/audit-entry.entity';
import { FailedAttempt } from '../../src/auth/attempts/failed-attempt.entity';
import { Session } from '../../src/auth/entities/session.entity';
import { TestApp } from '../app';
import { buildUser } from '../factories';
import { cookieOf, shop, signIn, withCookie } from '../legacy-front/old-front';
import { exported, happened } from './exported';

/** The app trusts the test as a proxy, so that X-Forwarded-For sets the client's address. */
const settings = { TRUSTED_PROXIES: '127.0.0.0/8' };
const ADDRESS = '192.0.2.7';

describe('sign-ins in the audit log', () => {
  let app: TestApp;
  const ANNA = { userId: 700, username: 'anna' };

  beforeAll(async () => {
    app = await TestApp.start({ demo: false, settings });
    await buildUser(app.dataSource, { ...ANNA, mobile: '13900000007' });
  });

  afterEach(async () => {
    await app.dataSource.getRepository(AuditEntry).clear();
    await app.dataSource.getRepository(FailedAttempt).clear();
  });

  afterAll(() => app.stop());

  const send = async (route: string, json: object = {}, token?: string, from = ADDRESS) =>
    (await app.send(route, { json, token, headers: { 'x-forwarded-for': from } })).body;
  const login = (username: string, password: string, from?: string) =>
    send('/api/login', { username, password }, undefined, from);

  const about = { kind: 'sign-in', user_id: 700, address: ADDRESS, changes: {} };
  const byAnna = { ...about, actor_id: 700, actor: 'anna' };
  const byNobody = { ...about, actor_id: null, actor: null };

  test('one that succeeds, and its end', async () => {
    const { token } = (await login('anna', 'password')).result;
    expect((await send('/api/logout', {}, token)).code).toBe(200);
    expect((await send('/api/logout', {}, token)).code).toBe(401);
    expect(await happened(app)).toEqual([
      { ...byAnna, action: 'success' },
      { ...byAnna, action: 'end' },
    ]);
  });

  test("the old front's, by mobile number and cookie", async () => {
    const headers = { 'x-forwarded-for': ADDRESS };
    const cookie = cookieOf(await signIn(app, '13900000007', 'password', { headers }));
    const out = () => shop(app, 'member.logout.index', withCookie(cookie, headers));
    expect((await out()).body.result).toBe(1);
    expect((await out()).body.result).toBe(1);
    expect(await happened(app)).toEqual([
      { ...byAnna, action: 'success' },
      { ...byAnna, action: 'end' },
    ]);
  });

  test('wrong passwords, of a closed account too; a name that is no account is not written', async () => {
    await buildUser(app.dataSource, { userId: 701, username: 'closed', isAvailable: 0 });
    await login('anna', 'wrong');
    await login('closed', 'password');
    await login('my-password-in-the-wrong-field', 'wrong', 'no address');
    expect(await happened(app)).toEqual([
      { ...byNobody, action: 'wrong' },
      { ...byNobody, action: 'wrong', user_id: 701 },
      { action: 'wrong', kind: 'sign-in', actor_id: null, actor: null, address: 'unknown', changes: {} },
    ]);
  });

  test('those that the limit ends: of each account once a minute, however many', async () => {
    await buildUser(app.dataSource, { userId: 702, username: 'bert' });
    for (const name of ['anna', 'bert']) {
      for (let n = 0; n < 10; n++) await login(name, `wrong ${n}`);
      await Promise.all(Array.from({ length: 20 }, () => login(name, 'password')));
    }
    const entries = (await exported(app)).map(({ action, user_id }) => `${action} ${user_id}`);
    expect(entries.filter((entry) => entry.startsWith('wrong'))).toHaveLength(20);
    expect(entries.filter((entry) => !entry.startsWith('wrong'))).toEqual(['limited 700', 'limited 702']);
  });

  test('a password that a user changes, and a wrong one in its place', async () => {
    const { token } = (await login('anna', 'password')).result;
    const reset = (old_password: string, new_password: string) =>
      send('/api/user/reset_password', { old_password, new_password }, token);
    expect((await reset('wrong horse', 'battery staple')).msg).toBe('原密码错误');
    expect((await reset('password', 'battery staple')).code).toBe(200);
    expect((await reset('battery staple', 'password')).code).toBe(200);
    const changed = { ...byAnna, kind: 'account', action: 'password' };
    expect(await happened(app)).toEqual([
      { ...byAnna, action: 'success' },
      { ...byNobody, action: 'wrong' },
      changed,
      changed,
    ]);
  });

  test('without its entry nobody is signed in or out', async () => {
    const { token } = (await login('anna', 'password')).result;
    const sessions = () => app.dataSource.getRepository(Session).find();
    const before = await sessions();
    await app.dataSource.query('ALTER TABLE audit_entry RENAME TO audit_gone');
    expect((await login('anna', 'password')).code).toBe(500);
    expect((await send('/api/logout', {}, token)).code).toBe(500);
    expect(await sessions()).toEqual(before);
    await app.dataSource.query('ALTER TABLE audit_gone RENAME TO audit_entry');
    expect((await send('/api/logout', {}, token)).code).toBe(200);
  });
});
