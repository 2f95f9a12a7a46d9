import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../mariadb/server';
import { Program } from '../program';

describe('the built program', () => {
  let directory: string;
  let started: Program[];

  const start = async (settings?: Record<string, string>) => {
    const program = new Program(directory, await freePort(), settings);
    started.push(program);
    return program;
  };

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'customer-hub-program-'));
    started = [];
  });

  afterEach(async () => {
    await Promise.all(started.map((program) => program.kill('SIGKILL')));
    rmSync(directory, { recursive: true, force: true });
  });

  const secret = 'hunter2';
  test.each([
    ['PORT', { PORT: secret }],
    ['DATABASE_URL', { DATABASE_URL: `postgres://user:${secret}@localhost/hub` }],
    ['DATABASE_URL', { DATABASE_URL: `mysql://user:${secret}@localhost/hub%27s` }],
    ['LOG_LEVEL', { LOG_LEVEL: secret }],
    ['MIX_PAGE_SIZE', { MIX_PAGE_SIZE: '0' }],
  ])('does not start with an invalid %s and says so in one line', async (name, settings) => {
    const { code, stdout, stderr } = await (await start(settings)).exited;
    expect(code).toBe(1);
    expect(stderr).toMatch(new RegExp(`^[^\\n]*\\b${name}\\b[^\\n]*\\n$`));
    expect(stdout + stderr).not.toContain(secret);
  });

  test.each([
    ['a server that is not there', async () => `mariadb://hub:${secret}@127.0.0.1:${await freePort()}/hub`],
    ['a file that cannot be', () => `sqlite:/dev/null/${secret}/hub.sqlite`],
  ])('does not start on %s and shows no credentials', async (_case, url) => {
    const { code, stdout, stderr } = await (await start({ DATABASE_URL: await url() })).exited;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^[^\n]*\bDATABASE_URL\b[^\n]*\n$/);
    expect(stdout + stderr).not.toContain(secret);
  });

  test.each([
    ['a byte order mark', '\ufeffLOG_LEVEL=hunter2\n', /^customer-hub cannot start: LOG_LEVEL must be [^\n]*\n$/],
    ['UTF-16', Buffer.from('LOG_LEVEL=info\n', 'utf16le'), /^customer-hub cannot start: \.env must be UTF-8\n$/],
  ])('does not lose the settings of an .env with %s', async (_case, text, line) => {
    writeFileSync(join(directory, '.env'), text);
    const { code, stderr } = await (await start()).exited;
    expect(code).toBe(1);
    expect(stderr).toMatch(line);
  });

  test('ends on a signal that arrives while it starts', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    const connected = once(silent, 'connection');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const program = await start({ DATABASE_URL: `mariadb://hub@127.0.0.1:${port}/hub` });
    await connected;
    const { code, stderr } = await program.kill('SIGTERM'); // without a handler there would be no exit code
    silent.close();
    expect([code, stderr]).toEqual([0, '']);
  });

  test('does not start on a port in use, and says so', async () => {
    const first = await (await start()).ready();
    const second = new Program(mkdtempSync(join(directory, 'second-')), first.port);
    const { code, stdout, stderr } = await second.exited;
    expect(code).toBe(1);
    expect(stdout).not.toContain('EADDRINUSE');
    expect(stderr).toMatch(/^customer-hub cannot start: PORT \d+ of HOST 127\.0\.0\.1 [^\n]*EADDRINUSE\)\n$/);
  });

  test('fills an empty SQLite file with demo data, and a second start keeps its rows', async () => {
    const first = await (await start()).ready();
    const { code, result } = await first.login();
    expect(code).toBe(200);
    for (const file of ['hub.sqlite', 'hub.sqlite-wal']) {
      expect(statSync(join(directory, file)).mode & 0o777).toBe(0o600); // private, because it holds the accounts
    }
    const pair = { user_id: 998, customer_id: 1001 };
    expect((await first.post('/api/user_customer/delete', pair, result.token)).code).toBe(200);
    expect((await first.kill('SIGTERM')).code).toBe(0);

    const second = await (await start()).ready();
    const relation = await second.post('/api/user_customer/get', pair, result.token);
    expect([relation.code, relation.msg]).toEqual([500, '记录不存在']);
    const relations = await second.post('/api/user_customer/get_list', {}, result.token);
    expect(relations.result.total_records).toBe(1);
  });

  test('creates tables and no account with DEMO_DATA=false', async () => {
    const program = await (await start({ DEMO_DATA: 'false' })).ready();
    expect((await program.login()).msg).toBe('用户名或密码错误');
  });

  test('does not start with public demo passwords in production, and creates none there', async () => {
    const demo = await (await start({ DEMO_DATA: '' })).ready();
    expect((await demo.login()).code).toBe(200);
    await demo.kill('SIGTERM');
    const production = { DEMO_DATA: '', NODE_ENV: 'production' };
    const { code, stderr } = await (await start(production)).exited;
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^customer-hub cannot start: account \w+ has [^\n]*\n$/)]);
    expect(stderr).not.toMatch(/demo-(admin|user|guest)/);

    const DATABASE_URL = `sqlite:${join(directory, 'empty.sqlite')}`;
    const empty = await (await start({ ...production, DATABASE_URL })).ready();
    expect((await empty.login()).msg).toBe('用户名或密码错误');
  });

  test('is the only process on its SQLite file until it ends, however it ends', async () => {
    const first = await (await start()).ready();
    symlinkSync(join(directory, 'hub.sqlite'), join(directory, 'link.sqlite'));
    for (const name of ['hub.sqlite', 'link.sqlite']) {
      const { code, stderr } = await (await start({ DATABASE_URL: `sqlite:./${name}` })).exited;
      const line = 'customer-hub cannot start: the SQLite file of DATABASE_URL is served by another process already\n';
      expect([code, stderr]).toEqual([1, line]);
    }
    expect((await first.login()).code).toBe(200);
    await first.kill('SIGKILL');
    expect((await (await (await start()).ready()).login()).code).toBe(200);
  });

  test('exits with 0 soon after SIGTERM although clients keep their connections open', async () => {
    const program = await (await start()).ready();
    await Promise.all([program.login(), program.login(), program.login()]);
    const { code, stderr } = await program.kill('SIGTERM');
    expect([code, stderr]).toEqual([0, '']);
  });

  test('keeps an acknowledged add when it is killed right afterwards', async () => {
    const first = await (await start()).ready();
    const { token } = (await first.login()).result;
    for (const [customer_id, secret] of [
      [1003, 'W2MX'],
      [1004, '7TPA'],
    ]) {
      expect((await first.post('/api/user_customer/add', { user_id: 998, customer_id, secret }, token)).code).toBe(200);
    }
    await first.kill('SIGKILL');

    const second = await (await start()).ready();
    const { result } = await second.post('/api/user_customer/get_customer_list', { user_id: 998 }, token);
    expect(result.data.map((row: { customer_id: number }) => row.customer_id).sort()).toEqual([1001, 1002, 1003, 1004]);
  });
});
