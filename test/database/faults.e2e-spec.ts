import { createConnection } from 'mysql2/promise';
import { TestApp } from '../app';
import { engine } from '../database';
import { expectFailure } from '../envelope';
import { logOf } from '../log';
import { MariadbServer } from '../mariadb/server';

const LIST = '/business/2/plugin/WechatCustomers/getList';
const EDIT = '/api/user_customer/edit';

describe('an unexpected fault', () => {
  let app: TestApp;
  let token: string;

  beforeEach(async () => {
    app = await TestApp.start({ settings: { LOG_LEVEL: 'error' } });
    token = await app.manage(1);
    await app.dataSource.query('DROP TABLE user_customer');
    await app.dataSource.query('DROP TABLE wechat_follow');
  });

  afterEach(() => app.stop());

  test("is answered with HTTP 500 in the family's envelope, without its cause", async () => {
    await logOf(async () => {
      const edit = { user_id: 998, customer_id: 1001, reference: 'confidential' };
      expectFailure(await app.send(EDIT, { json: edit, token }), 500, 'mix', 'fault');
      expectFailure(await app.send(LIST, { token }), 500, 'business', 'fault');
    });
  });

  test('is logged in one line without SQL, parameters or a stack', async () => {
    const log = await logOf(async () => {
      await app.send(EDIT, { json: { user_id: 998, customer_id: 1001, reference: 'confidential' }, token });
      await app.send(LIST, { json: { search: { remark: 'confidential' } }, token });
    });
    const lines = log.trim().split('\n');
    expect(lines).toHaveLength(2);
    for (const line of lines) expect(line).toMatch(/QueryFailedError \w+( at [\w.-]+:\d+)?/);
    expect(log).not.toMatch(/confidential|UPDATE|SELECT|user_customer`|wechat_follow|no such table|doesn't exist/i);
    expect(log).not.toMatch(/\n\s+at |node_modules/);
    expect(log).not.toContain(token);
  });

  test('affects no other route', async () => {
    await logOf(async () => {
      await Promise.all(Array.from({ length: 20 }, () => app.send(LIST, { token })));
      expect((await app.send('/api/user', { token })).body.code).toBe(200);
    });
  });
});

if (engine === 'sqlite') {
  describe('a full disk', () => {
    test('makes writes fail with HTTP 503 until there is room again', async () => {
      const app = await TestApp.start();
      const token = await app.login();
      const limit = async (pages: number) => void (await app.dataSource.query(`PRAGMA max_page_count = ${pages}`));
      const write = (script: string) => app.send(EDIT, { json: { user_id: 998, customer_id: 1001, script }, token });
      await limit(1); // SQLite raises the limit to the pages in use
      const script = 's'.repeat(60_000);
      expectFailure(await write(script), 503, 'mix', 'unavailable');
      const json = { user_id: 998, customer_id: 1001 };
      expect((await app.send('/api/user_customer/get', { json, token })).body.result.script).not.toBe(script);
      await limit(1e9);
      expect((await write(script)).body.code).toBe(200);
      expect((await app.send('/api/user_customer/get', { json, token })).body.result.script).toBe(script);
      await app.stop();
    });
  });
}

if (engine === 'mariadb') {
  describe('a server of its own', () => {
    let server: MariadbServer;
    let app: TestApp;
    let token: string;

    beforeEach(async () => {
      server = await MariadbServer.start();
      await ask('CREATE DATABASE away CHARACTER SET utf8mb4 COLLATE utf8mb4_bin');
      const database = { url: `${server.url}away`, drop: () => Promise.resolve() };
      app = await TestApp.start({ database, settings: { LOG_LEVEL: 'error' } });
      token = await app.manage(1);
    });

    afterEach(async () => {
      await app.stop();
      await server.stop();
    });

    async function ask(sql: string): Promise<void> {
      const connection = await createConnection({ uri: server.url });
      await connection.query(sql);
      await connection.end();
    }

    test("that is gone is answered with HTTP 503 in the family's envelope, and the process keeps running", async () => {
      await server.stop();
      const log = await logOf(async () => {
        const login = { json: { username: 'admin', password: 'demo-admin' } };
        expectFailure(await app.send('/api/login', login), 503, 'mix', 'unavailable');
        expectFailure(await app.send('/api/user', { token }), 503, 'mix', 'unavailable');
        expectFailure(await app.send(LIST, { token }), 503, 'business', 'unavailable');
        expect((await app.send('/api/user')).body.code).toBe(401);
        const burst = await Promise.all(Array.from({ length: 40 }, () => app.send(LIST, { token })));
        for (const answer of burst) expectFailure(answer, 503, 'business', 'unavailable');
      });
      expect(log).not.toMatch(/SELECT|127\.0\.0\.1|\n\s+at |root@/);
    });

    test('that prepares no further statements is answered with HTTP 503 until it does', async () => {
      const edit = () => app.send(EDIT, { json: { user_id: 998, customer_id: 1001, reference: 'new' }, token });
      await ask('SET GLOBAL max_prepared_stmt_count = 0');
      await logOf(async () => expectFailure(await edit(), 503, 'mix', 'unavailable'));
      await ask('SET GLOBAL max_prepared_stmt_count = 16382');
      expect((await edit()).body.msg).toBe('编辑成功');
    });
  });
}
