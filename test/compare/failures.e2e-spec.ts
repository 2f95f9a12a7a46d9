import { StandIn } from '../originals';
import { TestApp } from '../app';
import { runCli } from '../cli';
import { buildEnterprise, buildRight, buildUser } from '../factories';

const SECRET = 'a-secret-that-nobody-may-see';

describe('a failure is one line, without a secret', () => {
  let original: StandIn;
  let app: TestApp;

  beforeAll(async () => {
    original = await StandIn.start({ rows: 100 });
    app = await TestApp.start({ demo: false });
    await buildUser(app.dataSource, { userId: 1000, username: 'admin', password: 'original-admin', isSuper: 1 });
    await buildEnterprise(app.dataSource, { id: 1, uniacid: 2 });
    await buildRight(app.dataSource, { userId: 1000, enterpriseId: 1 });
  });
  afterAll(async () => {
    await app.stop();
    await original.stop();
  });
  afterEach(() => original.faults.clear());

  const MIX = '--username admin --rate 1000';
  const WECHAT = `${MIX} --uniacid 2 --business 1`;

  async function failed(words: string, input: string): Promise<string> {
    const { code, stdout, stderr } = await runCli(app.databaseUrl, words, input);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).not.toContain(SECRET);
    const lines = stderr.trim().split('\n');
    return lines.at(-1)!.replaceAll(original.url, 'ORIGINAL').replaceAll(app.url, 'OURS');
  }

  test.each([
    [`import mix ${MIX} --apply`, 'login: refused: 用户名或密码错误'],
    [`import wechat ${WECHAT} --apply`, 'member.login.index: refused: 用户名或密码错误'],
    [`compare mix ${MIX}`, 'login: refused: 用户名或密码错误'],
    [`compare wechat ${WECHAT}`, 'member.login.index: refused: 用户名或密码错误'],
  ])('%s with a wrong password', async (words, reason) => {
    expect(await failed(`${words} --with ${original.url}`, SECRET)).toBe(`customer-hub: ORIGINAL: ${reason}`);
  });

  test('a password that is right at the original alone', async () => {
    const words = `compare mix ${MIX} --with ${original.url} --against ${app.url}`;
    const line = await failed(words, `original-admin\n${SECRET}`);
    expect(line).toBe('customer-hub: OURS: login: refused: 用户名或密码错误');
  });

  test('an account that is no super user', async () => {
    const words = `import mix --username user-2001 --apply --with ${original.url}`;
    expect(await failed(words, 'original-user')).toBe(
      'customer-hub: ORIGINAL: login: user-2001 is no super user, and sees only rows of its own',
    );
  });

  test('an enterprise that the account may not manage', async () => {
    const words = `import wechat ${MIX} --uniacid 2 --business 7 --into 1 --apply --with ${original.url}`;
    expect(await failed(words, 'original-admin')).toBe(
      'customer-hub: ORIGINAL: admin/manageBusiness: refused: 无权管理该企业',
    );
  });

  test('an enterprise that we do not have', async () => {
    const words = `import wechat ${WECHAT} --into 99 --apply --with ${original.url}`;
    expect(await failed(words, 'original-admin')).toBe('customer-hub: there is no enterprise 99');
  });

  test('a URL where nothing listens', async () => {
    const line = await failed(`compare mix ${MIX} --with http://127.0.0.1:9`, SECRET);
    expect(line).toBe('customer-hub: http://127.0.0.1:9: login: no answer (ECONNREFUSED)');
  });

  test('a URL of something else', async () => {
    original.faults.add({ route: 'login', kind: 'html', times: 9 });
    const line = await failed(`import mix ${MIX} --apply --with ${original.url}`, SECRET);
    expect(line).toBe('customer-hub: ORIGINAL: login: HTTP 200 without JSON; is the URL right?');
    const other = await failed(`import mix ${MIX} --apply --with ${original.url}/other`, SECRET);
    expect(other).toMatch(/^customer-hub: ORIGINAL\/other: login: /);
  });

  test.each(['ftp://old.example', 'nonsense', `http://user:${SECRET}@old.example`])(
    '%s is no URL for it',
    async (url) => {
      const line = await failed(`import mix ${MIX} --apply --with ${url}`, SECRET);
      expect(line).toBe('customer-hub: --with must be an http(s) URL without user, query and fragment');
    },
  );

  test('an answer in another shape, and nothing is written', async () => {
    original.faults.add({ route: 'get_all_list', kind: { without: 'data' }, times: 9 });
    const line = await failed(`import mix ${MIX} --apply --with ${original.url}`, 'original-admin');
    expect(line).toBe('customer-hub: ORIGINAL: customer/get_all_list: an answer in another shape: data is no list');
    expect(await app.dataSource.query('SELECT COUNT(*) AS count FROM customer')).toMatchObject([
      { count: expect.anything() },
    ]);
  });
});
