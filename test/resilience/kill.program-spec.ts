import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { createConnection } from 'mysql2/promise';
import type { DataSource } from 'typeorm';
import { readEnv } from '../../src/config/env';
import { fillDemoData } from '../../src/schema/demo/fill';
import { connect } from '../../src/database/connect';
import { dataSourceOptions } from '../../src/schema/data-source';
import { Customer } from '../../src/user-customer/entities/customer.entity';
import type { Tag } from '../../src/wechat-customers/entities/tag.entity';
import { rebuildFollowIndex } from '../../src/wechat-customers/search-index/rebuild';
import { buildTag, followData } from '../factories';
import { patience } from '../machine.cjs';
import { freePort, MariadbServer } from '../mariadb/server';
import { Program } from '../program';
import { UNLIMITED } from './unlimited';
import { measured } from './measured';

const KILLS = 30;
const CLIENTS = 6;
const CUSTOMERS_OF_A_CLIENT = 20;
const USER = 998;
const SECRET = 'ABCD';

const KILLS_OF_A_WRITER = 10;
const RELATIONS_AT_ONCE = 20;

/** The stored state of a relation: its template, or null when it has none. */
type Stored = string | null;

/** A client that writes the relations of its own customers and records the answers. */
class Client {
  readonly told = new Map<number, Stored>();
  /** The unanswered write, which may have happened. */
  private open: { customerId: number; becomes: Stored } | undefined;
  acknowledged = 0;

  constructor(
    private readonly token: string,
    customers: number[],
  ) {
    for (const customerId of customers) this.told.set(customerId, null);
  }

  /** Adds, edits and deletes until the program is killed. */
  async writeTo(program: Program): Promise<void> {
    const customers = [...this.told.keys()];
    for (;;) {
      const customerId = customers[Math.floor(Math.random() * customers.length)]!;
      const isThere = this.told.get(customerId) !== null;
      const becomes = isThere && Math.random() < 0.4 ? null : `template ${Math.random()}`;
      const route = !isThere ? 'add' : becomes === null ? 'delete' : 'edit';
      const fields = { user_id: USER, customer_id: customerId, secret: SECRET, template: becomes };
      this.open = { customerId, becomes };
      const answer = await program.post(`/api/user_customer/${route}`, fields, this.token).catch(() => undefined);
      if (!answer) return;
      if (answer.code !== 200) throw new Error(`${route}: ${answer.msg}`);
      this.told.set(customerId, becomes);
      this.open = undefined;
      this.acknowledged++;
    }
  }

  /** Counts rows that contradict the answers, and continues from the actual rows. */
  lostIn(stored: Map<number, Stored>): number {
    let lost = 0;
    for (const [customerId, told] of this.told) {
      const found = stored.get(customerId) ?? null;
      const mayBe = this.open?.customerId === customerId ? [told, this.open.becomes] : [told];
      if (!mayBe.includes(found)) lost++;
      this.told.set(customerId, found);
    }
    this.open = undefined;
    return lost;
  }
}

const idsOf = (client: number) => Array.from({ length: CUSTOMERS_OF_A_CLIENT }, (_, n) => 5_000 + client * 100 + n);

async function rowsOfUser(database: DataSource): Promise<Map<number, Stored>> {
  const rows = await database.query<{ customer_id: number; template: Stored }[]>(
    'SELECT customer_id, template FROM user_customer WHERE user_id = ?',
    [USER],
  );
  return new Map(rows.map(({ customer_id, template }) => [customer_id, template]));
}

/** Relations that the audit log tells otherwise: a change without its entry, or an entry without its change. */
async function mistold(database: DataSource): Promise<number[]> {
  const entries = await database.query<{ customer_id: number; action: string; changes: string }[]>(
    `SELECT customer_id, action, changes FROM audit_entry WHERE kind = 'relation' AND user_id = ? ORDER BY id`,
    [USER],
  );
  const told = new Map<number, Stored>();
  for (const { customer_id, changes } of entries) told.set(customer_id, JSON.parse(changes).template.new);
  const stored = await rowsOfUser(database);
  return [...told.keys()].filter((customerId) => told.get(customerId) !== (stored.get(customerId) ?? null));
}

/** All rows derived from the follows of family B. */
async function derived(database: DataSource): Promise<string[]> {
  const tables = ['wechat_follow_term', 'wechat_follow_tag', 'wechat_follow_count'];
  const rows = await Promise.all(tables.map((table) => database.query<object[]>(`SELECT * FROM ${table}`)));
  return rows.flat().map((row) => JSON.stringify(row));
}

/** The engine's own check of its files. @returns its complaints */
async function complaints(database: DataSource): Promise<unknown[]> {
  if (database.options.type === 'better-sqlite3') {
    const found = await database.query<{ integrity_check: string }[]>('PRAGMA integrity_check');
    return found.filter(({ integrity_check: said }) => said !== 'ok');
  }
  const tables = await database.query<object[]>('SHOW TABLES');
  const names = tables.map((table) => Object.values(table)[0] as string).join(', ');
  const found = await database.query<{ Msg_text: string }[]>(`CHECK TABLE ${names} EXTENDED`);
  return found.filter(({ Msg_text: said }) => said !== 'OK');
}

describe.each(['sqlite', 'mariadb'] as const)('kill -9 on %s', (engine) => {
  let directory: string;
  let server: MariadbServer | undefined;
  let url: string;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'customer-hub-kill-'));
    url = engine === 'sqlite' ? `sqlite:${join(directory, 'hub.sqlite')}` : await createOnServer();
    await inDatabase(async (database) => {
      await database.runMigrations();
      await fillDemoData(database);
      const ids = Array.from({ length: CLIENTS }, (_, client) => idsOf(client)).flat();
      const customers = ids.map((customerId) => ({ customerId, name: '', secret: SECRET }));
      await database.manager.insert(Customer, customers);
    });
  });

  afterAll(async () => {
    await server?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  /**
   * Checks the database and closes it before the next kill: on SQLite, the next process to open it must do the
   * recovery.
   */
  async function inDatabase<T>(work: (database: DataSource) => Promise<T>): Promise<T> {
    const database = await connect(dataSourceOptions(readEnv({ DATABASE_URL: url })));
    try {
      return await work(database);
    } finally {
      await database.destroy();
    }
  }

  async function createOnServer(): Promise<string> {
    server = await MariadbServer.start();
    const connection = await createConnection({ uri: server.url });
    await connection.query('CREATE DATABASE hub CHARACTER SET utf8mb4 COLLATE utf8mb4_bin');
    await connection.end();
    return `${server.url}hub`;
  }

  test(
    'the program loses no acknowledged write and restarts each time',
    async () => {
      const port = await freePort();
      const start = () => new Program(directory, port, { ...UNLIMITED, DATABASE_URL: url }).ready();
      let program = await start();
      const { token } = (await program.login()).result;
      const clients = Array.from({ length: CLIENTS }, (_, client) => new Client(token, idsOf(client)));
      let lost = 0;
      let contradictions = 0;
      for (let kill = 0; kill < KILLS; kill++) {
        const writing = Promise.all(clients.map((client) => client.writeTo(program)));
        await Promise.race([sleep(100 + Math.random() * 500), writing]);
        await program.kill('SIGKILL');
        await writing;
        program = await start();
        const stored = await inDatabase(rowsOfUser);
        for (const client of clients) lost += client.lostIn(stored);
        contradictions += (await inDatabase(mistold)).length;
      }
      const acknowledged = clients.reduce((sum, client) => sum + client.acknowledged, 0);
      const found = await inDatabase(complaints);
      measured(`kill -9 of the product on ${engine}`, {
        kills: KILLS,
        'writes acknowledged': acknowledged,
        lost,
        'relations that the audit log tells otherwise': contradictions,
        'complaints of the engine': found.length,
      });
      expect(acknowledged).toBeGreaterThan(KILLS);
      expect([lost, contradictions, found]).toEqual([0, 0, []]);
      expect((await program.kill('SIGTERM')).code).toBe(0);
    },
    patience(600_000),
  );

  test('a writer of follows loses none, and the derived rows agree with them', async () => {
    const tags = await inDatabase(async (database) => [await buildTag(database), await buildTag(database)]);
    const saved: string[] = [];
    for (let kill = 0; kill < KILLS_OF_A_WRITER; kill++) saved.push(...(await writeUntilKilled(tags)));
    const { lost, derivedRows, differing, found } = await inDatabase(async (database) => {
      const rows = await database.query<{ id: string }[]>('SELECT external_userid AS id FROM wechat_follow');
      const kept = new Set(rows.map(({ id }) => id));
      const before = await derived(database);
      await database.transaction((manager) => rebuildFollowIndex(manager));
      const after = new Set(await derived(database));
      return {
        lost: saved.filter((id) => !kept.has(id)).length,
        derivedRows: after.size,
        differing: before.filter((row) => !after.has(row)).length + Math.abs(before.length - after.size),
        found: await complaints(database),
      };
    });
    measured(`kill -9 of a writer of relations on ${engine}`, {
      kills: KILLS_OF_A_WRITER,
      'relations acknowledged': saved.length,
      lost,
      'derived rows': derivedRows,
      differing,
      'complaints of the engine': found.length,
    });
    expect(saved.length).toBeGreaterThan(KILLS_OF_A_WRITER * RELATIONS_AT_ONCE);
    expect([lost, differing, found]).toEqual([0, 0, []]);
  });

  /** @returns the external_userids that the writer reported as saved */
  async function writeUntilKilled(tags: Tag[]): Promise<string[]> {
    const writer = spawn(process.execPath, [join(__dirname, 'follow-writer.cjs')], {
      env: { PATH: process.env.PATH, DATABASE_URL: url },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const exited = once(writer, 'exit');
    const saved: string[] = [];
    const answers = createInterface(writer.stdout)[Symbol.asyncIterator]();
    const give = () => {
      const relations = Array.from({ length: RELATIONS_AT_ONCE }, () =>
        followData({ tags, follow: { remark: '备注' } }),
      );
      writer.stdin.write(`${JSON.stringify(relations)}\n`);
      return relations.map(({ contact }) => contact.externalUserid);
    };
    writer.stdin.on('error', () => undefined); // killed
    for (let given = give(), first = true; !(await answers.next()).done; given = give(), first = false) {
      saved.push(...given);
      if (first) setTimeout(() => writer.kill('SIGKILL'), Math.random() * 300);
    }
    await exited;
    return saved;
  }
});
