import { Session } from '../../src/auth/entities/session.entity';
import { User } from '../../src/auth/entities/user.entity';
import { TestApp } from '../app';
import { runCli } from '../cli';
import { buildUser } from '../factories';

/** The command, next to a running app on the same database. */
describe('account', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ demo: false });
  });

  afterAll(() => app.stop());

  const run = (command: string, input?: string | Buffer) => runCli(app.databaseUrl, command, input);
  const login = (username: string, password: string) => app.send('/api/login', { json: { username, password } });

  test('add creates an account that can sign in with the password from standard input', async () => {
    expect(await run('account add boss --super --id 500', 'correct horse\n')).toMatchObject({
      code: 0,
      stdout: 'user_id 500\n',
    });
    expect(await app.row(User, { userId: 500 })).toMatchObject({ username: 'boss', isSuper: 1, isAvailable: 1 });
    expect((await login('boss', 'correct horse')).body).toMatchObject({ mix_code: 130002, result: { is_super: 1 } });
  });

  test('add refuses an existing name, an existing id and a short password in one line', async () => {
    expect(await run('account add boss', 'correct horse')).toMatchObject({
      code: 1,
      stderr: 'customer-hub: user name boss exists\n',
    });
    expect(await run('account add other --id 500', 'correct horse')).toMatchObject({
      code: 1,
      stderr: 'customer-hub: user id 500 exists\n',
    });
    expect(await run('account add other', 'short')).toMatchObject({
      code: 1,
      stderr: 'customer-hub: a password has at least 8 characters\n',
    });
    expect(await app.row(User, { username: 'other' })).toBeNull();
  });

  test('a password that is not UTF-8 is refused: in other encodings different ones become the same', async () => {
    const gbk = Buffer.from('c3dcc2ebc3dcc2ebc3dcc2eb', 'hex');
    const refused = { code: 1, stdout: '', stderr: 'customer-hub: standard input must be UTF-8, nothing is changed\n' };
    expect(await run('account add gbk', gbk)).toEqual(refused);
    expect(await app.row(User, { username: 'gbk' })).toBeNull();
  });

  test('a name with a blank at its end is nobody, on every engine', async () => {
    for (const command of [
      "account password 'boss '",
      "account change 'boss ' --no-open",
      "account end-sessions 'boss '",
      "right grant 'boss ' 1",
    ]) {
      expect(await run(command, 'battery staple')).toEqual({
        code: 1,
        stdout: '',
        stderr: 'customer-hub: no account is called boss \n',
      });
    }
    expect((await login('boss', 'correct horse')).body.mix_code).toBe(130002);
  });

  test('a user name may have 64 emojis', async () => {
    const username = '😀'.repeat(64);
    expect(await run(`account add ${username} --id 400`, 'correct horse')).toMatchObject({ code: 0 });
    expect((await login(username, 'correct horse')).body.mix_code).toBe(130002);
  });

  test('list shows all accounts and no hash', async () => {
    const { code, stdout } = await run('account list');
    expect([code, stdout]).toEqual([0, expect.stringMatching(/│ 500 +│ 'boss' +│ '' +│ true +│ true +│/)]);
    expect(stdout).not.toContain('argon2');
  });

  test('a mobile number signs in until another account gets it, which add and change say', async () => {
    const byMobile = async () =>
      (await app.send('/api/login', { json: { username: '13900000001', password: 'correct horse', system: 'APP' } }))
        .body.result.user_id;
    const WARNING = 'another account has this mobile number: neither can sign in by it\n';
    const changed = { code: 0, stdout: 'boss is changed\n', stderr: '' };
    expect(await run('account change boss --mobile 13900000001')).toEqual(changed);
    expect(await byMobile()).toBe(500);
    expect((await run('account list')).stdout).toMatch(/│ 500 +│ 'boss' +│ '13900000001' +│/);
    const add = await run('account add twin --id 501 --mobile 13900000001', 'battery staple');
    expect(add).toMatchObject({ code: 0, stdout: 'user_id 501\n', stderr: expect.stringContaining(WARNING) });
    expect(await byMobile()).toBeUndefined();
    expect(await run('account change boss --mobile 13900000001')).toEqual({ ...changed, stderr: WARNING });
    expect(await run('account change boss --email boss@example.com')).toEqual(changed);
    const free = await run('account add third --id 502 --mobile 13900000002', 'battery staple');
    expect(free.stderr).not.toContain('another account');
    expect(await run('account change twin --mobile 13900000002')).toMatchObject({ code: 0, stderr: WARNING });
    expect(await byMobile()).toBe(500);
  });

  test('password ends all sessions', async () => {
    await login('boss', 'correct horse');
    expect(await run('account password boss', 'battery staple')).toMatchObject({ code: 0 });
    expect(await app.dataSource.manager.countBy(Session, { userId: 500 })).toBe(0);
    expect((await login('boss', 'correct horse')).body.msg).toBe('用户名或密码错误');
    expect((await login('boss', 'battery staple')).body.mix_code).toBe(130002);
  });

  test('password unlocks an account that wrong passwords have locked', async () => {
    for (let n = 0; n < 10; n++) await login('boss', `wrong ${n}`);
    expect((await login('boss', 'battery staple')).body.msg).toBe('密码错误次数过多，请15分钟后重试');
    expect(await run('account password boss', 'battery staple')).toMatchObject({ code: 0 });
    expect((await login('boss', 'battery staple')).body.mix_code).toBe(130002);
  });

  test('end-sessions ends those of one account, or of all: old tokens are refused, signing in again works', async () => {
    const { username, userId } = await buildUser(app.dataSource);
    const token = async (name: string, password: string) => (await login(name, password)).body.result.token;
    const signedIn = async (bearer: string) =>
      (await app.send('/api/user', { token: bearer })).body.mix_code === 130001;
    const count = (of: number) => app.dataSource.manager.countBy(Session, { userId: of });
    const [boss, other] = [await token('boss', 'battery staple'), await token(username, 'password')];
    const ended = (n: number) => ({ code: 0, stdout: `${n} sessions are ended\n`, stderr: '' });
    const bosses = await count(500);
    expect(await run('account end-sessions boss')).toEqual(ended(bosses));
    expect([await count(500), await count(userId)]).toEqual([0, 1]);
    await pause();
    expect([await signedIn(boss), await signedIn(other)]).toEqual([false, true]);
    await token('boss', 'battery staple');
    const all = await app.dataSource.manager.count(Session);
    expect(await run('account end-sessions')).toEqual(ended(all));
    expect(await app.dataSource.manager.count(Session)).toBe(0);
    await pause();
    expect(await signedIn(other)).toBe(false);
    expect(await signedIn(await token(username, 'password'))).toBe(true);
  });

  /** A revoked token may live this long in another process. */
  const pause = () => new Promise((resolve) => setTimeout(resolve, 1000));

  test('change closes an account: it has no sessions and cannot sign in', async () => {
    const token = (await login('boss', 'battery staple')).body.result.token;
    expect(await run('account change boss --no-open')).toMatchObject({ code: 0 });
    expect((await login('boss', 'battery staple')).body.msg).toBe('用户名或密码错误');
    await pause();
    expect((await app.send('/api/user', { token })).body.mix_code).toBe(230014);
  });
});
