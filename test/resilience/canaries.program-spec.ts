import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { fillDemoData } from '../../src/schema/demo/fill';
import { connect } from '../../src/database/connect';
import { dataSourceOptions } from '../../src/schema/data-source';
import { readEnv } from '../../src/config/env';
import { freePort, MariadbServer } from '../mariadb/server';
import { Program } from '../program';
import { measured } from './measured';

const NAMES = [
  'database-password',
  'metrics-token',
  'account-password',
  'wrong-password',
  'username',
  'ticket',
  'refresh-token',
  'bearer-token',
  'basic-token',
  'customer-code',
  'wrong-code',
  'template',
  'script',
  'reference',
  'mobile',
  'email',
  'condition-value',
  'search-remark',
  'search-customer',
  'cookie',
  'user-agent',
  'forwarded-for',
  'request-id',
  'path',
  'crash-message',
] as const;

/** Secrets that differ from each other and from any output of the program. */
const CANARIES = Object.fromEntries(NAMES.map((name, n) => [name, `canary${n}x${name.replace('-', '')}`])) as Record<
  (typeof NAMES)[number],
  string
>;

const LIST = '/business/2/plugin/WechatCustomers/getList';

/** Throws in a callback where nothing catches, as a fault of the program or of a library would. */
const CRASH = `process.on('SIGUSR2', () => { throw new Error('${CANARIES['crash-message']}'); });`;

describe('secrets', () => {
  let directory: string;
  let server: MariadbServer;
  let program: Program;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'customer-hub-canaries-'));
    server = await MariadbServer.start();
    const root = await createConnection({ uri: server.url, multipleStatements: true });
    await root.query(
      `CREATE DATABASE hub CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
       CREATE USER hub IDENTIFIED BY '${CANARIES['database-password']}'; GRANT ALL ON hub.* TO hub`,
    );
    await root.end();
    const url = `${server.url.replace('root@', `hub:${CANARIES['database-password']}@`)}hub`;
    const database = await connect(dataSourceOptions(readEnv({ DATABASE_URL: url })));
    await database.runMigrations();
    await fillDemoData(database);
    await database.query('UPDATE customer SET secret = ? WHERE customer_id = 1003', [CANARIES['customer-code']]);
    await database.query("UPDATE user SET mobile = ?, email = ? WHERE username = 'admin'", [
      CANARIES.mobile,
      CANARIES.email,
    ]);
    await database.destroy();
    writeFileSync(join(directory, 'crash.cjs'), CRASH);
    program = new Program(directory, await freePort(), {
      DATABASE_URL: url,
      DEMO_DATA: 'true',
      LOG_LEVEL: 'trace',
      METRICS_TOKEN: CANARIES['metrics-token'],
      NODE_OPTIONS: `--require=${join(directory, 'crash.cjs')}`,
    });
    await program.ready();
  });

  afterAll(async () => {
    await program.kill('SIGKILL');
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  const send = async (path: string, init: RequestInit = {}) =>
    (await fetch(`http://127.0.0.1:${program.port}${path}`, { method: 'POST', ...init })).text().catch(() => '');

  /** Calls every route with secrets wherever a client can put one. */
  async function sendAll(token: string): Promise<void> {
    const json = (values: object, headers: Record<string, string> = {}) => ({
      body: JSON.stringify(values),
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
    });
    const pair = { user_id: 998, customer_id: 1003 };
    const texts = { template: CANARIES.template, script: CANARIES.script, reference: CANARIES.reference };
    const wrong = { ...pair, ...texts, template: [CANARIES.template], reference: { a: CANARIES.reference } };
    const condition = [['reference', 'LIKE', CANARIES['condition-value']]];
    const search = { remark: CANARIES['search-remark'], customer: CANARIES['search-customer'] };
    const basic = Buffer.from(`1000:${CANARIES['basic-token']}`).toString('base64');
    const form = new FormData();
    for (const [name, value] of Object.entries({ ...pair, ...texts, user_id: '998', customer_id: '1' })) {
      form.append(name, String(value));
    }
    const requests: [string, RequestInit][] = [
      ['/api/login', json({ username: 'admin', password: CANARIES['wrong-password'] })],
      ['/api/login', json({ username: CANARIES.username, password: CANARIES['account-password'] })],
      ['/api/login', json({ username: [CANARIES.username], password: { a: CANARIES['account-password'] } })],
      ['/api/check_ticket', json({ ticket: CANARIES.ticket })],
      ['/api/refresh_token', json({ refresh_token: CANARIES['refresh-token'] })],
      ['/api/user', { headers: { authorization: `Bearer ${CANARIES['bearer-token']}` } }],
      ['/api/user', { headers: { authorization: `Basic ${basic}` } }],
      ['/api/user', json({}, { cookie: `s=${CANARIES.cookie}`, 'user-agent': CANARIES['user-agent'] })],
      ['/api/user', json({}, { 'x-forwarded-for': CANARIES['forwarded-for'], 'x-request-id': CANARIES['request-id'] })],
      ['/api/user_customer/add', json({ ...pair, ...texts, secret: CANARIES['wrong-code'] })],
      ['/api/user_customer/add', json({ ...pair, ...texts, secret: CANARIES['customer-code'] })],
      ['/api/user_customer/add', json({ ...wrong, secret: [CANARIES['wrong-code']] })],
      ['/api/user_customer/edit', json({ ...pair, ...texts })],
      ['/api/user_customer/edit', json(wrong)],
      ['/api/user_customer/edit', { body: form, headers: { authorization: `Bearer ${token}` } }],
      ['/api/user_customer/get', json({ ...pair, ...texts })],
      ['/api/user_customer/get_list', json({ condition })],
      ['/api/user_customer/get_list', json({ condition: `[["${CANARIES['condition-value']}",` })],
      ['/api/user_customer/get_customer_list', json({ user_id: CANARIES.reference })],
      ['/api/user_customer/delete', json({ ...pair, customer_id: CANARIES.reference })],
      ['/api/user_customer/multi_delete', json({ ...pair, customer_id: [CANARIES.reference] })],
      ['/business/2/admin/businessList', json({ a: CANARIES.reference })],
      [`/business/${CANARIES.path}/admin/businessList`, json({})],
      ['/business/2/admin/manageBusiness', json({ id: 1 })],
      [LIST, json({ search })],
      [`${LIST}?search[remark]=${CANARIES['search-remark']}&per_page=${CANARIES['search-customer']}`, json({})],
      [`/api/${CANARIES.path}?token=${CANARIES['bearer-token']}`, json({})],
      [`/api/user/%zz${CANARIES.path}`, json({})],
      ['/metrics', { method: 'GET', headers: { authorization: `Bearer ${CANARIES['metrics-token']}` } }],
      ['/metrics', { method: 'GET', headers: { authorization: `Bearer ${CANARIES['metrics-token']}x` } }],
      ['/api/user_customer/edit', { ...json({}), body: `{"reference":"${CANARIES.reference}` }],
      ['/api/user_customer/edit', { ...json({}), body: JSON.stringify({ script: CANARIES.script.repeat(100_000) }) }],
      ['/api/user_customer/edit', json({}, { 'content-type': `text/${CANARIES.script}` })],
      ['/api/logout', json({ a: CANARIES.reference })],
    ];
    for (const [path, init] of requests) await send(path, init);
  }

  test('leave no trace in the log of answers, faults, an unreachable database or a crash', async () => {
    const { result } = await program.login();
    await sendAll(result.token);

    const root = await createConnection({ uri: `${server.url}hub` });
    await root.query('RENAME TABLE user_customer TO gone_1, wechat_follow TO gone_2, session TO gone_3');
    await root.end();
    await sendAll((await program.login()).result?.token ?? 'x');
    await server.stop();
    await sendAll(result.token);
    const { code, stdout, stderr } = await program.kill('SIGUSR2');

    expect(code).toBe(1);
    const log = stdout + stderr;
    const traces = NAMES.filter((name) => log.includes(CANARIES[name]));
    const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
    const outcomes = new Set(lines.map((line) => JSON.parse(line).outcome));
    measured('25 planted secrets in the log', { secrets: NAMES.length, lines: lines.length, traces: traces.length });
    expect(traces).toEqual([]);
    expect(log).not.toContain(result.token);
    expect([...outcomes]).toEqual(expect.arrayContaining(['ok', 'bad-parameter', 'rejected', 'fault', 'unavailable']));
    expect(lines.at(-1)).toMatch(/"level":"fatal".*"msg":"crashed"/);
    expect(log).not.toMatch(/SELECT|INSERT|UPDATE wechat|node_modules/);
  });
});
