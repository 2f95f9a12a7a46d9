import { AuditEntry } from '../../src/audit/audit-entry.entity';
import { FailedAttempt } from '../../src/auth/attempts/failed-attempt.entity';
import { Session } from '../../src/auth/entities/session.entity';
import { User } from '../../src/auth/entities/user.entity';
import { setPassword } from '../../src/auth/accounts';
import { operator } from '../../src/audit/operator';
import { TestApp } from '../app';
import { happened } from '../audit/exported';
import { engine } from '../database';
import { buildUser } from '../factories';
import { call, rejected, succeeded } from '../mix';
import { signIn } from '../legacy-front/old-front';

/** Made by PHP 8.2's password_hash. */
const OLD = {
  'old password': '$2y$10$W4Q.qFdonnhxc6WpggFImeNHyU0hxD9EIxRP/31Zv7ERf.WYalVSS',
  short: '$2y$04$gS/W/NhimWShPUfF/rqd9uuTuupnuwf5QjwxyHk9qAymZdxmuHIIm',
  [`${'x'.repeat(72)}A`]: '$2y$04$2yu3TyUaA5M951Ma8CfwSOG9QhR1sVTw9lwTQEt6uEJawxvhV/3lu',
  ['密码'.repeat(20)]: '$2y$04$.RAbr54bqIo2EpscXpo2ieo0sdkuRyM0Xvnva4JVkXPOlgcMZ6V8S',
};
const ARGON2ID = '$argon2id$v=19$m=65536,t=4,p=1$VGw4RUFBNUFrMHplRUZtWA$YTjweQq+KI7ahXXR0CZEuFYoQjnc8MumNzfLm3hURkk';

const OURS = /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/;
const WRONG = rejected('用户名或密码错误');

describe('an account that was moved in with its bcrypt hash', () => {
  let app: TestApp;
  let other: TestApp;
  /** Another process, or the same one on SQLite, which serves only one. */
  let racer: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ demo: false });
    other = await app.second();
    racer = engine === 'mariadb' ? other : app;
  });
  afterEach(() => app.dataSource.getRepository(FailedAttempt).clear());
  afterAll(async () => {
    await other.stop();
    await app.stop();
  });

  const login = (username: string, password: string, at = app) => call(at, 'login', { username, password });
  const hashOf = async (userId: number) => (await app.row(User, { userId }))!.passwordHash;
  const moved = (password: keyof typeof OLD, columns: Partial<User> = {}) =>
    buildUser(app.dataSource, { passwordHash: OLD[password], ...columns });

  test.each(Object.keys(OLD))('signs in with %j, and has a hash of our own from then on', async (password) => {
    const { userId, username } = await moved(password);
    expect((await login(username, password)).mix_code).toBe(130002);
    const renewed = await hashOf(userId);
    expect(renewed).toMatch(OURS);
    expect((await login(username, password)).mix_code).toBe(130002);
    expect(await hashOf(userId)).toBe(renewed);
    expect(await login(username, `${password}!`)).toEqual(WRONG);
  });

  test('a wrong password leaves the hash as it is', async () => {
    const { userId, username } = await moved('old password');
    for (const wrong of ['old passwor', 'Old password', '', ' old password', OLD['old password']]) {
      expect((await login(username, wrong)).code).toBe(500);
    }
    expect(await hashOf(userId)).toBe(OLD['old password']);
  });

  test('only its first 72 bytes and what precedes a NUL count, as for PHP, and only until the first sign-in', async () => {
    const long = await moved(`${'x'.repeat(72)}A`);
    expect((await login(long.username, `${'x'.repeat(72)}B`)).mix_code).toBe(130002);
    expect(await login(long.username, `${'x'.repeat(72)}A`)).toEqual(WRONG);
    const nul = await moved('short');
    expect((await login(nul.username, 'short\0er')).mix_code).toBe(130002);
    expect(await login(nul.username, 'short')).toEqual(WRONG);
  });

  test('$2a$ and $2b$ are the same', async () => {
    for (const letter of ['a', 'b']) {
      const { userId, username } = await moved('short', { passwordHash: OLD.short.replace('$2y', `$2${letter}`) });
      expect((await login(username, 'short')).mix_code).toBe(130002);
      expect(await hashOf(userId)).toMatch(OURS);
    }
  });

  test('the audit log has the new hash as hidden, beside the sign-in', async () => {
    const { userId, username } = await moved('short');
    await app.dataSource.getRepository(AuditEntry).clear();
    await login(username, 'short');
    const about = { actor_id: userId, actor: username, address: '127.0.0.1', user_id: userId };
    expect(await happened(app)).toEqual([
      { ...about, kind: 'account', action: 'edit', changes: { password_hash: { hidden: true } } },
      { ...about, kind: 'sign-in', action: 'success', changes: {} },
    ]);
  });

  test('concurrent first sign-ins all succeed, and one of them replaces the hash', async () => {
    const { userId, username } = await moved('short');
    await app.dataSource.getRepository(AuditEntry).clear();
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, n) => login(username, 'short', n % 2 ? app : racer)),
    );
    expect(answers.map(({ mix_code }) => mix_code)).toEqual(answers.map(() => 130002));
    expect(await hashOf(userId)).toMatch(OURS);
    expect(await app.dataSource.getRepository(Session).countBy({ userId })).toBe(12);
    expect((await happened(app)).filter(({ action }) => action === 'edit')).toHaveLength(1);
  });

  test('a password that is set meanwhile wins', async () => {
    const { userId, username } = await moved('old password');
    const [answer] = await Promise.all([
      login(username, 'old password'),
      setPassword(app.dataSource, username, 'correct horse', operator()),
    ]);
    expect([130002, 230001]).toContain(answer.mix_code);
    expect((await login(username, 'correct horse')).mix_code).toBe(130002);
    expect(await login(username, 'old password')).toEqual(WRONG);
    expect(await hashOf(userId)).toMatch(OURS);
  });

  test('a closed one signs in no more and keeps its hash', async () => {
    const { userId, username } = await moved('short', { isAvailable: 0 });
    expect(await login(username, 'short')).toEqual(WRONG);
    expect(await hashOf(userId)).toBe(OLD.short);
  });

  test('signs in on the page of family B, and changes its password', async () => {
    const { userId, username } = await moved('old password');
    expect((await signIn(app, username, 'old password')).body.result).toBe(1);
    const renewed = await hashOf(userId);
    expect(renewed).toMatch(OURS);
    const { token } = (await login(username, 'old password')).result;
    await app.dataSource.getRepository(User).update({ userId }, { passwordHash: OLD['old password'] });
    const change = { old_password: 'old password', new_password: 'battery staple' };
    expect(await call(app, 'user/reset_password', change, token)).toEqual(succeeded('编辑成功'));
    expect((await login(username, 'battery staple')).mix_code).toBe(130002);
  });

  test('wrong guesses at it are limited as at any other', async () => {
    const { userId, username } = await moved('short');
    for (let n = 0; n < 10; n++) expect(await login(username, `wrong ${n}`)).toEqual(WRONG);
    expect(await login(username, 'short')).toEqual(rejected('密码错误次数过多，请15分钟后重试'));
    expect(await hashOf(userId)).toBe(OLD.short);
  });

  test('argon2id of other parameters signs in and stays', async () => {
    const { userId, username } = await buildUser(app.dataSource, { passwordHash: ARGON2ID });
    expect((await login(username, 'argon password')).mix_code).toBe(130002);
    expect(await hashOf(userId)).toBe(ARGON2ID);
  });

  test('one without a password signs in by none', async () => {
    const { username } = await buildUser(app.dataSource, { passwordHash: '' });
    for (const password of ['password', ' ', 'decoy']) expect(await login(username, password)).toEqual(WRONG);
  });
});
