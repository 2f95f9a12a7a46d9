import { execFile, spawn } from 'node:child_process';
import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { createConnection } from 'mysql2/promise';
import type { DataSource } from 'typeorm';
import { readEnv } from '../../src/config/env';
import { fillDemoData } from '../../src/database/demo';
import { connect } from '../../src/database/open';
import { dataSourceOptions } from '../../src/database/options';
import { Customer } from '../../src/user-customer/entities/customer.entity';
import { UserCustomer } from '../../src/user-customer/entities/user-customer.entity';
import { FollowWriter } from '../../src/wechat-customers/follow-writer';
import { runCli } from '../cli';
import { buildUser, relationData } from '../factories';
import { freePort, MariadbServer } from '../mariadb/server';
import { Program } from '../program';
import { measured } from './measured';

/** Rows that make a copy take long enough for writes to fall into it. */
const BALLAST = 20_000;
const WRITERS = 4;
/** Of each writer to add, one after the other. */
const CUSTOMERS = 800;
const FIRST_CUSTOMER = 100_000;
const LIST = '/business/2/plugin/WechatCustomers/getList';
const TENANT = { uniacid: 2, cropId: 1 };

/** The commands of docs/operations.md, on a database that the product is writing to. */
describe('a backup taken under writes', () => {
  let directory: string;
  let programs: Program[];
  let server: MariadbServer | undefined;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'customer-hub-backup-'));
    programs = [];
  });

  afterEach(async () => {
    await Promise.all(programs.map((program) => program.kill('SIGKILL')));
    await server?.stop();
    server = undefined;
    rmSync(directory, { recursive: true, force: true });
  });

  test('SQLite: the command `backup`', async () => {
    const copy = `sqlite:${join(directory, 'copy.sqlite')}`;
    await holds('SQLite', `sqlite:${join(directory, 'hub.sqlite')}`, copy, async (url) => {
      expect(await runCli(url, `backup ${join(directory, 'copy.sqlite')}`)).toMatchObject({ code: 0, stderr: '' });
    });
  });

  test('MariaDB: mariadb-dump into an empty database', async () => {
    server = await MariadbServer.start();
    const [url, copy] = [`${server.url}hub`, `${server.url}copy`];
    const admin = await createConnection(server.url.replace('mariadb:', 'mysql:'));
    for (const name of ['hub', 'copy']) {
      await admin.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
    }
    await admin.end();
    await holds('MariaDB', url, copy, async () => {
      const login = ['--no-defaults', '-h127.0.0.1', `-P${new URL(url).port}`, '-uroot'];
      const file = join(directory, 'hub.sql');
      const options = ['--single-transaction', '--no-tablespaces', '--default-character-set=utf8mb4'];
      const dump = spawn('mariadb-dump', [...login, ...options, 'hub']);
      await pipeline(dump.stdout, createWriteStream(file));
      const restore = promisify(execFile)('mariadb', [...login, '--default-character-set=utf8mb4', 'copy']);
      await pipeline(createReadStream(file), restore.child.stdin!);
      await restore;
    });
  });

  /** Writes on and on, takes a copy meanwhile, and compares what two programs answer, one on each. */
  async function holds(engine: string, url: string, copyUrl: string, takeCopy: (url: string) => Promise<void>) {
    const database = await connect(dataSourceOptions(readEnv({ DATABASE_URL: url })));
    const users = await fill(database);
    const hub = await start(url);
    const { token } = (await hub.login()).result;
    await hub.post('/business/2/admin/manageBusiness', { id: 1 }, token);

    const writing = { goesOn: true };
    const added = users.map(() => [] as number[]);
    const writers = users.map(async (user_id, writer) => {
      for (let n = 0; writing.goesOn && n < CUSTOMERS; n++) {
        const customer_id = FIRST_CUSTOMER + n;
        const { code, msg } = await hub.post('/api/user_customer/add', { user_id, customer_id, secret: 'ABCD' }, token);
        if (code !== 200) throw new Error(`add answered ${msg}`);
        added[writer]!.push(customer_id);
      }
    });
    const relations = saveRelations(database, writing);
    while (added.some(({ length }) => length < 20)) await sleep(10);

    const before = added.map(({ length }) => length);
    const begin = performance.now();
    await takeCopy(url);
    const seconds = (performance.now() - begin) / 1000;
    const after = added.map(({ length }) => length);
    while (added.some(({ length }, writer) => length < Math.min(after[writer]! + 20, CUSTOMERS))) await sleep(10);
    writing.goesOn = false;
    await Promise.all([...writers, relations]);
    await database.destroy();

    const copy = await start(copyUrl);
    // Of one moment: what each writer had added by then, all of it and in its order. The token is of the copy, too.
    const kept: number[] = [];
    for (const [writer, user_id] of users.entries()) {
      const list = { user_id, page_size: 1000 };
      const ids = (await copy.post('/api/user_customer/get_customer_list', list, token)).result.data
        .map((row: { customer_id: number }) => row.customer_id)
        .sort((a: number, b: number) => a - b);
      expect(ids).toEqual(added[writer]!.slice(0, ids.length));
      expect(ids.length).toBeGreaterThanOrEqual(before[writer]!);
      expect(ids.length).toBeLessThanOrEqual(after[writer]! + 1); // the answer to one may have been under way
      kept.push(ids.length);
    }
    // What was not written to meanwhile is the same to the byte.
    const same = [
      ['/api/user_customer/get_customer_list', { user_id: 998, page_size: 1000, page_index: 20 }],
      ['/api/user_customer/get', { user_id: users[0], customer_id: FIRST_CUSTOMER }],
      [LIST, { search: { time: ['', '1700000000'] }, per_page: 100 }],
    ] as const;
    for (const [path, json] of same) {
      const [was, is] = [await text(hub, path, json, token), await text(copy, path, json, token)];
      expect(is).toBe(was);
      expect(is).toMatch(/^\{"(code":200|result":1)/);
    }
    // Tables that change together are of the same moment: the total comes from counters, the rows do not.
    const found = (await copy.post(LIST, { per_page: 100, search: { remark: '备份' } }, token)).data;
    expect(found.total).toBeGreaterThan(0);
    const all = (await copy.post(LIST, { per_page: 100 }, token)).data;
    const rows = new Set<number>();
    for (let page = 1; page <= all.last_page; page++) {
      const { data } = (await copy.post(LIST, { per_page: 100, page }, token)).data;
      for (const row of data) rows.add(row.id);
    }
    expect(rows.size).toBe(all.total);

    const during = after.reduce((sum, count, writer) => sum + count - before[writer]!, 0);
    expect(during).toBeGreaterThan(0);
    measured(`${engine}: a backup under writes is whole`, {
      'relations in it': BALLAST + kept.reduce((sum, count) => sum + count),
      'added meanwhile': during,
      seconds: seconds.toFixed(1),
    });
  }

  async function start(url: string): Promise<Program> {
    const settings = { RATE_LIMIT_ADDRESS: '0', RATE_LIMIT_ACCOUNT: '0', PUBLIC_URL: 'https://crm.example.com' };
    const program = new Program(directory, await freePort(), { DATABASE_URL: url, ...settings });
    programs.push(program);
    return program.ready();
  }
});

/** @returns the users whose relations are written during the test */
async function fill(database: DataSource): Promise<number[]> {
  await database.runMigrations();
  await fillDemoData(database);
  const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);
  const customers = numbers(CUSTOMERS).map((n) => ({ customerId: FIRST_CUSTOMER + n, secret: 'ABCD' }));
  const created = '2024-01-01 00:00:00';
  const ballast = numbers(BALLAST).map((n) => ({ userId: 998, customerId: 10_000 + n, template: `模板${n}`, created }));
  await database.manager.insert(Customer, customers);
  while (ballast.length > 0) await database.manager.insert(UserCustomer, ballast.splice(0, 500));
  const users = await Promise.all(numbers(WRITERS).map(() => buildUser(database)));
  return users.map(({ userId }) => userId);
}

/** As the synchronisation of family B writes: a relation with its customer, its terms and the counters. */
async function saveRelations(database: DataSource, writing: { goesOn: boolean }): Promise<void> {
  const writer = new FollowWriter(database);
  while (writing.goesOn) {
    await writer.save(TENANT, [relationData({ follow: { remark: '备份', createtime: 1_800_000_000 } })]);
    await sleep(5);
  }
}

async function text(program: Program, path: string, json: object, token: string): Promise<string> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const body = JSON.stringify(json);
  return (await fetch(`http://127.0.0.1:${program.port}${path}`, { method: 'POST', headers, body })).text();
}
