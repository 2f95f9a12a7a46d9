import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createConnection } from 'mysql2/promise';
import type { DataSource } from 'typeorm';
import { readEnv } from '../../src/config/env';
import { fillDemoData } from '../../src/schema/demo/fill';
import { connect } from '../../src/database/connect';
import { dataSourceOptions } from '../../src/schema/data-source';
import { FollowWriter } from '../../src/wechat-customers/write/follow-writer';
import { buildCustomer, followData } from '../factories';
import { freePort, MariadbServer } from '../mariadb/server';
import { Program } from '../program';
import { measured } from './measured';
import { SteadyLoad } from './steady-load';
import { UNLIMITED } from './unlimited';

const TENANT = { uniacid: 2, enterpriseId: 1 };
const LIST = '/business/2/plugin/WechatCustomers/getList';
const WRITES = 20;
/** Lag of the replica, so that a stale read would show. */
const DELAY_SECONDS = 1;

describe('with a replica', () => {
  let primary: MariadbServer;
  let replica: MariadbServer;
  let directory: string;
  let programs: Program[];
  let dataSource: DataSource;
  let token: string;

  beforeAll(async () => {
    primary = await MariadbServer.start(['--log-bin=changes', '--server-id=1']);
    replica = await MariadbServer.start(['--server-id=2', '--read-only=1']);
    await inServer(primary, 'CREATE DATABASE hub CHARACTER SET utf8mb4 COLLATE utf8mb4_bin');
    await inServer(
      replica,
      `CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = ${new URL(primary.url).port}, MASTER_USER = 'root',
         MASTER_PASSWORD = '', MASTER_USE_GTID = slave_pos, MASTER_CONNECT_RETRY = 1`,
      'START SLAVE',
    );
    const settings = {
      ...UNLIMITED,
      DATABASE_URL: `${primary.url}hub`,
      DATABASE_REPLICA_URLS: `${replica.url}hub`,
      LOG_LEVEL: 'fatal',
    };
    dataSource = await connect(dataSourceOptions(readEnv(settings)));
    await dataSource.runMigrations();
    await fillDemoData(dataSource);
    directory = mkdtempSync(join(tmpdir(), 'customer-hub-replicas-'));
    programs = [];
    for (let n = 0; n < 2; n++) programs.push(await new Program(directory, await freePort(), settings).ready());
    token = (await programs[0]!.login()).result.token;
    await programs[0]!.post('/business/2/admin/manageBusiness', { id: TENANT.enterpriseId }, token);
  });

  afterAll(async () => {
    const ended = await Promise.all(programs.map((program) => program.kill('SIGTERM')));
    await dataSource.destroy();
    await replica.stop();
    await primary.stop();
    rmSync(directory, { recursive: true, force: true });
    expect(ended.map(({ code }) => code)).toEqual([0, 0]);
  });

  async function inServer(server: MariadbServer, ...statements: string[]): Promise<any[]> {
    const connection = await createConnection({ uri: server.url });
    const results = [];
    for (const sql of statements) results.push((await connection.query(sql))[0]);
    await connection.end();
    return results;
  }

  /** Number of our statements on the replica so far. */
  async function readsOfReplica(): Promise<number> {
    const [[row]] = await inServer(replica, "SHOW GLOBAL STATUS LIKE 'Com_stmt_execute'");
    return Number(row.Value);
  }

  const mixList = (program: Program) =>
    program.post('/api/user_customer/get_list', { condition: [['user_id', '=', 998]] }, token);
  const total = async (program: Program): Promise<number> => (await program.post(LIST, {}, token)).data.total;

  /** Reads both lists through both processes. */
  async function readAll(): Promise<void> {
    for (const program of programs) {
      expect((await mixList(program)).code).toBe(200);
      expect(await total(program)).toBeGreaterThan(0);
    }
  }

  test('that has caught up, reads lists from it', async () => {
    await sleep(500);
    await readAll();
    const before = await readsOfReplica();
    for (let n = 0; n < 5; n++) await readAll();
    const reads = (await readsOfReplica()) - before;
    measured('lists read from a replica', { lists: 20, statements_on_replica: reads });
    expect(reads).toBe(40); // two per list: the check of its position, and the rows
  });

  test('that lags, shows a write of one process at once through the other', async () => {
    await inServer(replica, 'STOP SLAVE', `CHANGE MASTER TO MASTER_DELAY = ${DELAY_SECONDS}`, 'START SLAVE');
    const [one, other] = programs as [Program, Program];
    let [stale, staleTotals, refusedTokens] = [0, 0, 0];
    for (let n = 0; n < WRITES; n++) {
      const [writer, reader] = n % 2 === 0 ? [one, other] : [other, one];
      const { customerId, secret } = await buildCustomer(dataSource);
      const relation = { user_id: 998, customer_id: customerId, secret };
      expect((await writer.post('/api/user_customer/add', relation, token)).code).toBe(200);
      const { result } = await mixList(reader);
      if (!result.data.some(({ customer_id }: { customer_id: number }) => customer_id === customerId)) stale++;

      const before = await total(reader);
      await new FollowWriter(dataSource).save(TENANT, [followData()]);
      if ((await total(reader)) !== before + 1) staleTotals++;

      const fresh = (await writer.login()).result.token as string;
      if ((await reader.post('/api/user', {}, fresh)).code !== 200) refusedTokens++;
      await sleep(n * 20); // some fall at the moment the replica catches up
    }
    const figures = { writes: 2 * WRITES, stale: stale + staleTotals, logins: WRITES, refused: refusedTokens };
    measured(`reading what was written, a replica ${DELAY_SECONDS} s behind`, figures);
    expect(figures).toMatchObject({ stale: 0, refused: 0 });
    await inServer(replica, 'STOP SLAVE', 'CHANGE MASTER TO MASTER_DELAY = 0', 'START SLAVE');
  });

  test('that may not read one of our tables, reads lists from the primary', async () => {
    await inServer(
      replica,
      "CREATE USER poor@'%'",
      "GRANT SELECT ON hub.user TO poor@'%'",
      "GRANT SLAVE MONITOR ON *.* TO poor@'%'",
    );
    const settings = {
      DATABASE_URL: `${primary.url}hub`,
      DATABASE_REPLICA_URLS: `${replica.url}hub`.replace('root', 'poor'),
    };
    const program = await new Program(directory, await freePort(), settings).ready();
    const lists = await Promise.all(Array.from({ length: 5 }, () => mixList(program)));
    await program.kill('SIGTERM');
    expect(lists.map(({ code }) => code)).toEqual(Array(5).fill(200));
    expect(program.output.stdout).not.toContain('"outcome":"fault"');
  });

  test('that is killed, fails no request and uses it again when it is back', async () => {
    const load = new SteadyLoad(20, (n) => {
      const { port } = programs[n % 2]!;
      const path = n % 4 < 2 ? LIST : '/api/user_customer/get_list';
      return fetch(`http://127.0.0.1:${port}${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
      });
    });
    await sleep(2_000);
    await replica.kill();
    await sleep(3_000);
    await replica.run();
    await sleep(2_000);
    const outcomes = await load.stop();
    const failed = outcomes.filter(({ body }) => body?.code !== 200 && body?.result !== 1);
    const worst = Math.round(Math.max(...outcomes.map(({ milliseconds }) => milliseconds)));
    measured('replica killed under load', { requests: outcomes.length, failed: failed.length, worst_ms: worst });
    expect(failed.slice(0, 3)).toEqual([]);
    await sleep(1_000);
    const before = await readsOfReplica();
    await readAll();
    expect(await readsOfReplica()).toBeGreaterThan(before);
  });
});
