import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection, createConnection } from 'mysql2/promise';
import { readEnv } from '../../../src/config/env';
import { fillDemoData } from '../../../src/schema/demo/fill';
import { connect } from '../../../src/database/connect';
import { dataSourceOptions } from '../../../src/schema/data-source';
import { buildUserCustomer } from '../../factories';
import { freePort, MariadbServer } from '../../mariadb/server';
import { Program } from '../../program';
import { expectInTime } from './bars';
import { measured } from '../measured';

const PROCESS_ZONES = ['UTC', 'Asia/Shanghai', 'America/New_York'];
const SESSION_ZONES = ['+00:00', '+08:00', '-05:00', 'SYSTEM'];

/** Midnights, a new year, and the hour that New York skips in spring and repeats in autumn. */
const TIMES = ['2024-01-01 00:00:00', '2023-12-31 23:59:59', '2024-03-10 02:30:00', '2024-11-03 01:30:00'];

const USER = '/api/user_customer';
const BUSINESS = '/business/2';
const LIST = `${BUSINESS}/plugin/WechatCustomers/getList`;

/** Requests that show a time or filter by one; the bytes are the same in every zone. */
const READS: [path: string, json: object][] = [
  ['/api/user', {}],
  [`${USER}/get_list`, {}],
  [`${USER}/get_customer_list`, { user_id: 998 }],
  ...TIMES.map((time): [string, object] => [`${USER}/get_list`, { start_time: time, end_time: time }]),
  [`${USER}/get_list`, { start_time: '2024-01-01', end_time: '2024-03-10' }],
  [`${USER}/get_list`, { condition: [['created', '>=', '2023-12-31 23:59:59']] }],
  [`${USER}/get_list`, { condition: [['created', 'LIKE', '2024-']] }],
  [LIST, {}],
  [LIST, { search: { time: [1631950639, 1631950639] } }],
  [LIST, { search: { time: ['1600000000000', ''] }, per_page: 100 }],
];

/** Times are text in UTC+8 from the database to the wire (CONTRACT 1.3), so time zones have no effect on them. */
describe('time zones', () => {
  let server: MariadbServer;
  let sql: Connection;
  let directory: string;
  const started: Program[] = [];

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'customer-hub-zones-'));
    server = await MariadbServer.start();
    sql = await createConnection(server.url);
    await sql.query('CREATE DATABASE zones CHARACTER SET utf8mb4 COLLATE utf8mb4_bin');
    const setup = await connect(dataSourceOptions(readEnv({ DATABASE_URL: `${server.url}zones` })));
    await setup.runMigrations();
    await fillDemoData(setup);
    for (const created of TIMES) await buildUserCustomer(setup, { created });
    await setup.destroy();
  });

  afterAll(async () => {
    await Promise.all(started.map((program) => program.kill('SIGKILL')));
    await sql.end();
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  async function start(TZ: string): Promise<Program> {
    const settings = { TZ, DATABASE_URL: `${server.url}zones`, PUBLIC_URL: 'https://hub.example' };
    const program = new Program(directory, await freePort(), settings);
    started.push(program);
    return program.ready();
  }

  async function ask({ port }: Program, [path, json]: (typeof READS)[number], token: string): Promise<string> {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(json),
    });
    return answer.text();
  }

  /** Seconds between now and the `created` of a new relation, read as UTC+8. */
  async function ageOfNew(program: Program, token: string): Promise<number> {
    const pair = { user_id: 998, customer_id: 1003 };
    expect((await program.post(`${USER}/add`, { ...pair, secret: 'W2MX' }, token)).code).toBe(200);
    const { created } = (await program.post(`${USER}/get`, pair, token)).result as { created: string };
    expect((await program.post(`${USER}/delete`, pair, token)).code).toBe(200);
    return Math.abs(Date.now() - Date.parse(`${created.replace(' ', 'T')}+08:00`)) / 1000;
  }

  test('of process and database session change no byte', async () => {
    const answers: Record<string, string[]> = {};
    const ages: number[] = [];
    for (const sessionZone of SESSION_ZONES) {
      await sql.query('SET GLOBAL time_zone = ?', [sessionZone]); // applies to new connections
      const programs = await Promise.all(PROCESS_ZONES.map(start));
      for (const [n, program] of programs.entries()) {
        const { token } = (await program.login()).result;
        await program.post(`${BUSINESS}/admin/manageBusiness`, { id: 1 }, token);
        const name = `process ${PROCESS_ZONES[n]}, session ${sessionZone}`;
        answers[name] = [];
        for (const read of READS) answers[name].push(await ask(program, read, token));
        ages.push(await ageOfNew(program, token));
      }
      await Promise.all(programs.map((program) => program.kill('SIGTERM')));
    }

    const [first, ...others] = Object.entries(answers);
    const bytes = first![1].join('').length;
    measured('the same bytes in all time zones', {
      'combinations of zones': others.length + 1,
      requests: READS.length,
      bytes,
      sha256: createHash('sha256').update(first![1].join('')).digest('hex').slice(0, 12),
      'a new relation is at most s old': Math.max(...ages).toFixed(1),
    });
    for (const [name, given] of others) expect([name, given]).toEqual([name, first![1]]);
    for (const time of TIMES) expect(first![1].join('')).toContain(`"created":"${time}"`);
    expectInTime('the age of a relation just added', Math.max(...ages) * 1000);
  });
});
