import { execFile, spawn } from 'node:child_process';
import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { DataSource } from 'typeorm';
import { readEnv } from '../../src/config/env';
import { fillDemoData } from '../../src/schema/demo/fill';
import { connect } from '../../src/database/connect';
import { dataSourceOptions } from '../../src/schema/data-source';
import { Enterprise } from '../../src/enterprise/entities/enterprise.entity';
import { Customer } from '../../src/user-customer/entities/customer.entity';
import { UserCustomer } from '../../src/user-customer/entities/user-customer.entity';
import { Follow } from '../../src/wechat-customers/entities/follow.entity';
import { FollowWriter } from '../../src/wechat-customers/write/follow-writer';
import { runCli } from '../cli';
import { buildUser, followData } from '../factories';
import { freePort, MariadbServer } from '../mariadb/server';
import { Program } from '../program';
import { measured } from './measured';

/** Rows of each family, enough that a copy takes long and writes fall into it. */
const BALLAST = 5_000;
const WRITERS = 4;
/** Customers that each writer adds, one after the other. */
const CUSTOMERS = 800;
const FIRST_CUSTOMER = 100_000;
const LIST = '/business/2/plugin/WechatCustomers/getList';
/** False once the writers have to stop. */
type Writing = { goesOn: boolean };

const TENANT = { uniacid: 2, enterpriseId: 1 };

/** The commands of docs/operations.md, on a database under writes. */
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
    const url = `sqlite:${join(directory, 'hub.sqlite')}`;
    await holds('SQLite', url, async (name) => {
      const file = join(directory, `${name}.sqlite`);
      expect(await runCli(url, `backup ${file}`)).toMatchObject({ code: 0, stderr: '' });
      return `sqlite:${file}`;
    });
  });

  test('MariaDB: mariadb-dump into an empty database', async () => {
    server = await MariadbServer.start();
    const { url } = server;
    const login = ['--no-defaults', '-h127.0.0.1', `-P${new URL(url).port}`, '-uroot'];
    const create = async (name: string) => {
      const sql = `CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`;
      await promisify(execFile)('mariadb', [...login, '-e', sql]);
      return url + name;
    };
    await holds('MariaDB', await create('hub'), async (name) => {
      const file = join(directory, `${name}.sql`);
      const options = ['--single-transaction', '--no-tablespaces', '--default-character-set=utf8mb4'];
      await pipeline(spawn('mariadb-dump', [...login, ...options, 'hub']).stdout, createWriteStream(file));
      const copyUrl = await create(name);
      const restore = promisify(execFile)('mariadb', [...login, '--default-character-set=utf8mb4', name]);
      await pipeline(createReadStream(file), restore.child.stdin!);
      await restore;
      return copyUrl;
    });
  });

  /**
   * Writes all the time, takes one copy meanwhile and one at the end, and compares the answers of programs on them.
   * @param takeCopy creates a database of this name and returns its URL
   */
  async function holds(engine: string, url: string, takeCopy: (name: string) => Promise<string>) {
    const database = await connect(dataSourceOptions(readEnv({ DATABASE_URL: url })));
    const users = await fill(database);
    const hub = await start(url);
    const { token } = (await hub.login()).result;
    await hub.post('/business/2/admin/manageBusiness', { id: 1 }, token);

    const writing = { goesOn: true };
    const added = users.map(() => [] as number[]);
    const counts = () => added.map(({ length }) => length);
    const writers = users.map((user_id, writer) => addRelations(hub, user_id, token, added[writer]!, writing));
    const states = [await stateOfFollows(database)];
    const synchronisation = saveRelations(database, states, writing);
    while (Math.min(...counts()) < 20) await sleep(10);
    const before = counts();
    const begin = performance.now();
    const early = await takeCopy('early');
    const seconds = (performance.now() - begin) / 1000;
    const after = counts();
    writing.goesOn = false;
    await Promise.all([...writers, synchronisation]);
    const late = await takeCopy('late');
    await database.destroy();

    // The copy is of one moment: all that each writer had added by then, in order. The token is in the copy too.
    const copy = await start(early);
    for (const [writer, user_id] of users.entries()) {
      const kept = await customersOf(copy, user_id, token);
      expect(kept).toEqual(added[writer]!.slice(0, kept.length));
      expect(kept.length).toBeGreaterThanOrEqual(before[writer]!);
      expect(kept.length).toBeLessThanOrEqual(after[writer]! + 1); // one add may not be answered yet
    }
    // Tables that change together agree too, from the first one copied to the last; the total comes from counters.
    const copied = await connect(dataSourceOptions(readEnv({ DATABASE_URL: early })));
    expect(states).toContain(await stateOfFollows(copied));
    await copied.destroy();
    const { total, ids } = await follows(copy, token);
    expect(ids.size).toBe(total);
    expect(total).toBeGreaterThan(BALLAST);
    // Rows not written to meanwhile are the same to the byte.
    for (const [path, json] of [
      ['/api/user_customer/get_customer_list', { user_id: 998, page_size: 1000, page_index: 5 }],
      ['/api/user_customer/get', { user_id: users[0], customer_id: FIRST_CUSTOMER }],
      [LIST, { search: { time: ['', '1700000000'] }, per_page: 100 }],
    ] as const) {
      const answer = await text(copy, path, json, token);
      expect(answer).toMatch(/^\{"(code":200|result":1),/);
      expect(answer).toBe(await text(hub, path, json, token));
    }
    await copy.kill('SIGKILL');

    const last = await start(late);
    for (const [writer, user_id] of users.entries()) {
      expect(await customersOf(last, user_id, token)).toEqual(added[writer]);
    }
    expect(await follows(last, token)).toEqual(await follows(hub, token));

    const meanwhile = after.reduce((sum, count, writer) => sum + count - before[writer]!, 0);
    expect(meanwhile).toBeGreaterThan(0);
    measured(`${engine}: a backup under writes is whole`, {
      'relations of each family': BALLAST,
      'added meanwhile': meanwhile,
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
  const writer = new FollowWriter(database);
  for (let n = 0; n < BALLAST; n += 500) await writer.save(TENANT, numbers(500).map(newRelation));
  const users = await Promise.all(numbers(WRITERS).map(() => buildUser(database)));
  return users.map(({ userId }) => userId);
}

const newRelation = () => followData({ follow: { remark: '备份', createtime: 1_800_000_000 } });

/** Family A: adds one customer after the other and records the acknowledged adds. */
async function addRelations(hub: Program, user_id: number, token: string, added: number[], writing: Writing) {
  for (let n = 0; writing.goesOn && n < CUSTOMERS; n++) {
    const customer_id = FIRST_CUSTOMER + n;
    const { code, msg } = await hub.post('/api/user_customer/add', { user_id, customer_id, secret: 'ABCD' }, token);
    if (code !== 200) throw new Error(`add answered ${msg}`);
    added.push(customer_id);
  }
}

/**
 * Family B, as its synchronisation will write: a follow with its contact, its terms and the counters; records every
 * state.
 */
async function saveRelations(database: DataSource, states: string[], writing: Writing): Promise<void> {
  const writer = new FollowWriter(database);
  while (writing.goesOn) {
    await writer.save(TENANT, [newRelation()]);
    states.push(await stateOfFollows(database));
    await sleep(1); // SQLite works in this process and would block everything else
  }
}

/** The value that every save changes in two tables, which a dump copies far apart. */
async function stateOfFollows({ manager }: DataSource): Promise<string> {
  const { followsRevision } = await manager.findOneByOrFail(Enterprise, { id: TENANT.enterpriseId });
  return `${await manager.countBy(Follow, TENANT)} relations at revision ${followsRevision}`;
}

/** The customers in the order of their adds. */
async function customersOf(program: Program, user_id: number, token: string): Promise<number[]> {
  const list = await program.post('/api/user_customer/get_customer_list', { user_id, page_size: 1000 }, token);
  const ids: number[] = list.result.data.map((row: { customer_id: number }) => row.customer_id);
  return ids.sort((a, b) => a - b);
}

/** The counted number of family B's follows, and the follows that exist. */
async function follows(program: Program, token: string): Promise<{ total: number; ids: Set<number> }> {
  const ids = new Set<number>();
  for (let page = 1; ; page++) {
    const { total, last_page, data } = (await program.post(LIST, { per_page: 100, page }, token)).data;
    for (const { id } of data) ids.add(id);
    if (page >= last_page) return { total, ids };
  }
}

async function text(program: Program, path: string, json: object, token: string): Promise<string> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const body = JSON.stringify(json);
  return (await fetch(`http://127.0.0.1:${program.port}${path}`, { method: 'POST', headers, body })).text();
}
