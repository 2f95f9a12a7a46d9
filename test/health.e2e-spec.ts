import { existsSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import { createConnection } from 'mysql2/promise';
import { ReadinessService } from '../src/operations/readiness';
import { TestApp } from './app';
import { engine } from './database';
import { freePort, MariadbServer } from './mariadb/server';

const OK = { database: 'ok', migrations: 'ok', process: 'ok' };

/** Longer than a look at the database is kept. */
const ANEW_MS = 1_100;

/** Debian installs it with MariaDB. */
const GALERA = '/usr/lib/galera/libgalera_smm.so';

const get = (app: TestApp, what: 'live' | 'ready') => app.send(`/health/${what}`, { method: 'GET' });

async function expectReady(app: TestApp): Promise<void> {
  const { status, body } = await get(app, 'ready');
  expect([status, body]).toEqual([200, { status: 'ok', checks: OK }]);
}

async function expectNotReady(app: TestApp, checks: object): Promise<void> {
  const { status, body } = await get(app, 'ready');
  expect([status, body]).toEqual([503, { status: 'unavailable', checks: { ...OK, ...checks } }]);
}

/** 200 probes, 20 at a time. @returns the seconds they took */
async function askOften(app: TestApp): Promise<number> {
  const started = performance.now();
  for (let n = 0; n < 10; n++) await Promise.all(Array.from({ length: 20 }, () => expectReady(app)));
  return (performance.now() - started) / 1000;
}

describe('health', () => {
  let app: TestApp;

  beforeEach(async () => {
    app = await TestApp.start({ demo: false });
  });

  afterEach(() => app.stop());

  test.each(['live', 'ready'] as const)('%s needs no sign-in and is never cached', async (what) => {
    const { status, headers, body } = await get(app, what);
    expect([status, body.status]).toEqual([200, 'ok']);
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-store');
    expect((await app.send(`/health/${what}`, { method: 'HEAD' })).status).toBe(200);
    expect((await app.send(`/health/${what}`)).status).toBe(405);
  });

  test('says what each check found', () => expectReady(app));

  test('a process that drains is alive and not ready, at once', async () => {
    await expectReady(app);
    app.app.get(ReadinessService).drain();
    await expectNotReady(app, { process: 'draining' });
    expect((await get(app, 'live')).status).toBe(200);
  });

  test('tables that were taken back are not ready; those of a newer program are', async () => {
    const rename = (to: string, from: string) =>
      app.dataSource.query('UPDATE migrations SET name = ? WHERE name LIKE ?', [to, from]);
    await app.dataSource.query("INSERT INTO migrations (timestamp, name) VALUES (1, 'OfTomorrow1')");
    await expectReady(app);
    await rename('Unknown1', 'IndexFollows%');
    await sleep(ANEW_MS);
    await expectNotReady(app, { migrations: 'waiting' });
  });
});

if (engine === 'sqlite') {
  describe('readiness on SQLite', () => {
    let app: TestApp;
    let file: string;

    beforeEach(async () => {
      app = await TestApp.start({ demo: false });
      file = app.databaseUrl.slice('sqlite:'.length);
    });

    afterEach(() => app.stop());

    test('however many ask, the database is looked at once a second', async () => {
      const looks = () => Math.floor(statSync(`${file}-wal`).size / 4_096); // each writes one page to the log
      const before = looks();
      const seconds = await askOften(app);
      expect(looks() - before).toBeGreaterThan(0);
      expect(looks() - before).toBeLessThanOrEqual(1 + seconds);
    });

    test('a file that takes no writes is not ready', async () => {
      await app.dataSource.query('PRAGMA query_only = ON');
      await expectNotReady(app, { database: 'read-only', migrations: 'unknown' });
    });

    test('a file that another process keeps locked is not ready until it lets go', async () => {
      const other = new Sqlite(file);
      other.exec('BEGIN IMMEDIATE');
      await expectNotReady(app, { database: 'busy', migrations: 'unknown' });
      other.exec('ROLLBACK');
      other.close();
      await sleep(ANEW_MS);
      await expectReady(app);
    });
  });
} else {
  describe('readiness on a server', () => {
    let server: MariadbServer;
    let app: TestApp;

    /** A Galera cluster of one node where the library is, with a database and an app on it. */
    beforeAll(async () => {
      server = await MariadbServer.start(await galeraOptions());
      await execute('CREATE DATABASE hub CHARACTER SET utf8mb4 COLLATE utf8mb4_bin');
      app = await TestApp.start({ demo: false, database: { url: `${server.url}hub`, drop: () => Promise.resolve() } });
    });

    afterAll(async () => {
      await app?.stop();
      await server?.stop();
    });

    beforeEach(() => sleep(ANEW_MS));

    async function execute(sql: string): Promise<any> {
      const connection = await createConnection({ uri: server.url });
      const [rows] = await connection.query(sql);
      await connection.end();
      return rows;
    }

    test('a server is ready, and so is a node of Galera with quorum', () => expectReady(app));

    (existsSync(GALERA) ? test : test.skip)('one without quorum is not, though it answers SELECT 1', async () => {
      await execute("SET GLOBAL wsrep_cluster_address = 'gcomm://127.0.0.1:1'");
      expect(await execute('SELECT 1 AS one')).toEqual([{ one: 1 }]);
      await expectNotReady(app, { database: 'no quorum', migrations: 'unknown' });
      await execute("SET GLOBAL wsrep_cluster_address = 'gcomm://'");
      await sleep(ANEW_MS);
      await expectReady(app);
    });

    test('a read-only server is not ready, though we may write to it', async () => {
      await execute('SET GLOBAL read_only = 1');
      await expectNotReady(app, { database: 'read-only', migrations: 'unknown' });
      await execute('SET GLOBAL read_only = 0');
    });

    test('however many ask, the database is looked at once a second', async () => {
      const looks = async () => Number((await execute("SHOW GLOBAL STATUS LIKE 'Com_show_variables'"))[0].Value);
      const before = await looks();
      const seconds = await askOften(app);
      expect((await looks()) - before).toBeGreaterThan(0);
      expect((await looks()) - before).toBeLessThanOrEqual(1 + seconds);
    });

    test('a server that does not answer costs a probe two seconds, and is ready again when it does', async () => {
      server.freeze();
      const asked = performance.now();
      await Promise.all([1, 2, 3].map(() => expectNotReady(app, { database: 'timeout', migrations: 'unknown' })));
      expect(performance.now() - asked).toBeLessThan(2_500);
      expect((await get(app, 'live')).status).toBe(200);
      server.thaw();
      await sleep(ANEW_MS);
      await expectReady(app);
    });

    test('a server that is gone is not ready, and nothing tells where it was', async () => {
      await server.stop();
      await expectNotReady(app, { database: 'unreachable', migrations: 'unknown' });
      expect((await get(app, 'live')).status).toBe(200);
    });
  });
}

async function galeraOptions(): Promise<string[]> {
  if (!existsSync(GALERA)) return [];
  return [
    '--wsrep-on=ON',
    `--wsrep-provider=${GALERA}`,
    '--wsrep-cluster-address=gcomm://',
    `--wsrep-provider-options=gmcast.listen_addr=tcp://127.0.0.1:${await freePort()};gcache.size=1M;pc.wait_prim=no`,
    '--binlog-format=ROW',
  ];
}
