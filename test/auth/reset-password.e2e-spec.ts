import { FailedAttempt } from '../../src/auth/attempts/failed-attempt.entity';
import { Session } from '../../src/auth/entities/session.entity';
import { User } from '../../src/auth/entities/user.entity';
import { verifyPassword } from '../../src/auth/passwords';
import { TestApp } from '../app';
import { engine } from '../database';
import { buildUser } from '../factories';
import { badParameter, call, rejected, succeeded, TOKEN_EXPIRED } from '../mix';

const OLD = 'password';
const NEW = 'a new password';
const CHANGED = succeeded('编辑成功');
const WRONG_OLD = rejected('原密码错误');
const WRONG = rejected('用户名或密码错误');
const TOO_MANY = rejected('密码错误次数过多，请15分钟后重试');

/** A user changes their own password (CONTRACT 1.2). */
describe.each(['user/reset_password', 'reset_password'])('POST /api/%s', (route) => {
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
  const whoAmI = (token: string, at = app) => call(at, 'user', {}, token);
  const hashOf = async (userId: number) => (await app.row(User, { userId }))!.passwordHash;
  const sessionsOf = (userId: number) => app.dataSource.getRepository(Session).countBy({ userId });
  const reset = (token: string | undefined, json: object = {}, at = app) =>
    call(at, route, { old_password: OLD, new_password: NEW, ...json }, token);

  /** A new user with two sessions in use. */
  async function signedIn() {
    const { userId, username } = await buildUser(app.dataSource);
    const [here, there] = [(await login(username, OLD)).result, (await login(username, OLD)).result];
    for (const { token } of [here, there]) expect((await whoAmI(token)).code).toBe(200);
    return { userId, username, here, there };
  }

  test('sets the new password; the old one signs in no more', async () => {
    const { userId, username, here } = await signedIn();
    expect(await reset(here.token)).toEqual(CHANGED);
    expect(await verifyPassword(await hashOf(userId), NEW)).toBe(true);
    expect(await login(username, OLD)).toEqual(WRONG);
    expect((await login(username, NEW)).code).toBe(200);
  });

  test('ends all other sessions at once, and keeps the one that asked, with its refresh token', async () => {
    const { userId, here, there } = await signedIn();
    const stranger = await signedIn();
    expect(await reset(here.token)).toEqual(CHANGED);
    expect(await whoAmI(there.token)).toEqual(TOKEN_EXPIRED);
    expect(await call(app, 'refresh_token', { refresh_token: there.refresh_token })).toEqual(TOKEN_EXPIRED);
    expect(await sessionsOf(userId)).toBe(1);
    expect((await whoAmI(here.token)).code).toBe(200);
    expect((await call(app, 'refresh_token', { refresh_token: here.refresh_token })).code).toBe(200);
    expect((await whoAmI(stranger.here.token)).code).toBe(200);
  });

  test('ends them in another process, too', async () => {
    const { here, there } = await signedIn();
    expect((await whoAmI(there.token, other)).code).toBe(200);
    await reset(here.token);
    while ((await call(other, 'user_customer/get_list', {}, there.token)).code === 200);
    expect((await whoAmI(here.token, other)).code).toBe(200);
  });

  test('a wrong old password changes nothing and counts as a guess at the account', async () => {
    const { userId, username, here } = await signedIn();
    const before = await hashOf(userId);
    for (let n = 0; n < 5; n++) expect(await reset(here.token, { old_password: `wrong ${n}` })).toEqual(WRONG_OLD);
    for (let n = 0; n < 5; n++) expect(await login(username, `wrong ${n}`)).toEqual(WRONG);
    expect(await reset(here.token)).toEqual(TOO_MANY);
    expect(await login(username, OLD)).toEqual(TOO_MANY);
    expect(await hashOf(userId)).toBe(before);
    expect(await sessionsOf(userId)).toBe(2);
  });

  test.each([
    [{ old_password: undefined }, 'old_password 不能为空'],
    [{ old_password: '' }, 'old_password 不能为空'],
    [{ old_password: 1 }, 'old_password 必须是字符串'],
    [{ old_password: 'x'.repeat(1025) }, 'old_password 不能超过1024个字符'],
    [{ new_password: null }, 'new_password 不能为空'],
    [{ new_password: ['a new password'] }, 'new_password 必须是字符串'],
    [{ new_password: 'x'.repeat(7) }, 'new_password 不能少于8个字符'],
    [{ new_password: '😀'.repeat(7) }, 'new_password 不能少于8个字符'],
    [{ new_password: 'x'.repeat(1025) }, 'new_password 不能超过1024个字符'],
    [{ new_password: `${NEW}\ud800` }, 'new_password 含有无法保存的字符'],
  ])('refuses %j and counts no guess', async (wrong, detail) => {
    const { userId, here } = await signedIn();
    const before = await hashOf(userId);
    expect(await reset(here.token, wrong)).toEqual(badParameter(detail));
    expect(await hashOf(userId)).toBe(before);
    expect(await app.dataSource.getRepository(FailedAttempt).count()).toBe(0);
  });

  test.each(['x'.repeat(8), 'x'.repeat(1024), '😀'.repeat(8), ` ${NEW} `])(
    'a password at the edge of the rule signs in as it was given (%#)',
    async (password) => {
      const { username, here } = await signedIn();
      expect(await reset(here.token, { new_password: password })).toEqual(CHANGED);
      expect((await login(username, password)).code).toBe(200);
    },
  );

  test("changes no other user's password, whatever it is told", async () => {
    const [own, other] = [await signedIn(), await signedIn()];
    const before = await hashOf(other.userId);
    const json = { user_id: other.userId, username: other.username, id: other.userId };
    expect(await reset(own.here.token, json)).toEqual(CHANGED);
    expect(await hashOf(other.userId)).toBe(before);
    expect(await sessionsOf(other.userId)).toBe(2);
  });

  test('of two at once from two sessions one wins, and its session alone is left', async () => {
    for (let round = 0; round < 5; round++) {
      const { userId, username, here, there } = await signedIn();
      const tries = [
        { token: here.token, password: 'the first password' },
        { token: there.token, password: 'the second password' },
      ];
      const answers = await Promise.all([
        reset(tries[0]!.token, { new_password: tries[0]!.password }),
        reset(tries[1]!.token, { new_password: tries[1]!.password }, racer),
      ]);
      expect(answers.filter(({ code }) => code === 200)).toEqual([CHANGED]);
      const winner = answers[0].code === 200 ? tries[0]! : tries[1]!;
      expect([WRONG_OLD, TOKEN_EXPIRED]).toContainEqual(answers.find(({ code }) => code !== 200));
      expect((await whoAmI(winner.token)).code).toBe(200);
      expect(await sessionsOf(userId)).toBe(1);
      expect((await login(username, winner.password)).code).toBe(200);
    }
  });

  test('a sign-in or a renewal at the same time leaves no session of the old password', async () => {
    for (let round = 0; round < 5; round++) {
      const { userId, username, here, there } = await signedIn();
      const [changed, ...opened] = await Promise.all([
        reset(here.token),
        ...Array.from({ length: 4 }, () => login(username, OLD, racer)),
        call(racer, 'refresh_token', { refresh_token: there.refresh_token }),
      ]);
      expect(changed).toEqual(CHANGED);
      expect(await sessionsOf(userId)).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, racer === app ? 0 : 1000)); // what another process may take
      for (const { result } of opened.filter(({ code }) => code === 200)) {
        expect(await whoAmI(result.token, racer)).toEqual(TOKEN_EXPIRED);
      }
      expect((await whoAmI(here.token)).code).toBe(200);
      await app.dataSource.getRepository(FailedAttempt).clear();
    }
  });

  test('a closed account is refused', async () => {
    const { userId, here } = await signedIn();
    const before = await hashOf(userId);
    await app.dataSource.getRepository(User).update({ userId }, { isAvailable: 0 });
    expect(await reset(here.token)).toEqual(TOKEN_EXPIRED);
    expect(await hashOf(userId)).toBe(before);
  });
});
