import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createConnection } from 'mysql2/promise';
import { readEnv } from '../../src/config/env';
import { fillDemoData } from '../../src/schema/demo/fill';
import { connect } from '../../src/database/connect';
import { dataSourceOptions } from '../../src/schema/data-source';
import { UserCustomer } from '../../src/user-customer/entities/user-customer.entity';
import { buildUserCustomer } from '../factories';
import { freePort, MariadbServer } from '../mariadb/server';
import { Program } from '../program';
import { UNLIMITED } from './unlimited';
import { Balancer } from './balancer';
import { measured, percentile } from './measured';

const CLIENTS = 40;
const PAUSE_MS = 200;
const RESTARTS = 5;

/** The program's default: enough for the balancer, which checks every second and acts on the second answer. */
const DRAIN_SECONDS = '5';

const USER = 998;
const LIST = '/business/2/plugin/WechatCustomers/getList';

describe('two processes on MariaDB behind HAProxy', () => {
  let directory: string;
  let server: MariadbServer;
  let databaseUrl: string;
  let balancer: Balancer | undefined;
  const programs: Program[] = [];

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'customer-hub-rolling-'));
    server = await MariadbServer.start();
    const connection = await createConnection({ uri: server.url });
    await connection.query('CREATE DATABASE hub CHARACTER SET utf8mb4 COLLATE utf8mb4_bin');
    await connection.end();
    databaseUrl = `${server.url}hub`;
  });

  afterAll(async () => {
    await Promise.all(programs.map((program) => program.kill('SIGKILL')));
    await balancer?.stop();
    await server?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  async function send(path: string, token: string, json: object): Promise<any> {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const answer = await fetch(balancer!.url + path, { method: 'POST', headers, body: JSON.stringify(json) });
    const text = await answer.text();
    if (answer.status !== 200) throw new Error(`HTTP ${answer.status} ${text}`);
    return JSON.parse(text);
  }

  test('are restarted in turn under load, and no request fails', async () => {
    const database = await connect(dataSourceOptions(readEnv({ DATABASE_URL: databaseUrl })));
    await database.runMigrations();
    await fillDemoData(database);
    const relations = await Promise.all(
      Array.from({ length: CLIENTS }, () => buildUserCustomer(database, { userId: USER })),
    );
    const settings = { ...UNLIMITED, DATABASE_URL: databaseUrl, DRAIN_SECONDS };
    const ports = [await freePort(), await freePort()];
    for (const port of ports) programs.push(await new Program(directory, port, settings).ready());
    balancer = await Balancer.start(directory, ports);
    for (const port of ports) await balancer.untilUp(port);
    const { token } = (await programs[0]!.login()).result;
    await send('/business/2/admin/manageBusiness', token, { id: 1 });

    const failures: string[] = [];
    const times: number[] = [];
    let isOver = false;
    /** Writes its own relation, reads it back, and lists; an acknowledged write must be there. */
    const client = async ({ customerId }: UserCustomer): Promise<void> => {
      const pair = { user_id: USER, customer_id: customerId };
      for (let n = 0; !isOver; n++) {
        const requests = [
          async () => (await send('/api/user_customer/edit', token, { ...pair, reference: `${n}` })).code === 200,
          async () => (await send('/api/user_customer/get', token, pair)).result.reference === `${n}`,
          async () => (await send(LIST, token, { per_page: 5 })).result === 1,
        ];
        for (const request of requests) {
          const asked = performance.now();
          const isRight = await request().catch((error: Error) => error.message);
          if (isRight !== true) failures.push(`${n}: ${isRight}`);
          times.push(performance.now() - asked);
        }
        await sleep(PAUSE_MS);
      }
    };
    const load = Promise.all(relations.map(client));

    const exits: (number | null)[] = [];
    for (let n = 0; n < RESTARTS; n++) {
      for (const [index, port] of ports.entries()) {
        exits.push((await programs[index]!.kill('SIGTERM')).code);
        programs[index] = await new Program(directory, port, settings).ready();
        await balancer.untilUp(port);
      }
    }
    isOver = true;
    await load;
    await database.destroy();

    measured(`${RESTARTS} rolling restarts of each of two processes, ${CLIENTS} clients`, {
      requests: times.length,
      failed: failures.length,
      'p99 (ms)': percentile(times, 0.99).toFixed(0),
    });
    expect(failures).toEqual([]);
    expect(exits).toEqual(Array.from({ length: RESTARTS * ports.length }, () => 0));
    expect(times.length).toBeGreaterThan(1_000);
  });
});
