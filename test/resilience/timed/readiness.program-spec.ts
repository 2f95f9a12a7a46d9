import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createConnection } from 'mysql2/promise';
import { TestApp } from '../../app';
import { ANEW_MS, askOften, expectNotReady, expectReady, get } from '../../health';
import { freePort, MariadbServer } from '../../mariadb/server';
import { expectInTime } from './bars';

/** The path where Debian's MariaDB package installs it. */
const GALERA = '/usr/lib/galera/libgalera_smm.so';

describe('readiness on a server', () => {
  let server: MariadbServer;
  let app: TestApp;

  /** A Galera cluster of one node where the library is installed, with a database and an app on it. */
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

  test('a read-only server is not ready although our account may write to it', async () => {
    await execute('SET GLOBAL read_only = 1');
    await expectNotReady(app, { database: 'read-only', migrations: 'unknown' });
    await execute('SET GLOBAL read_only = 0');
  });

  test('any number of probes checks the database once a second', async () => {
    const looks = async () => Number((await execute("SHOW GLOBAL STATUS LIKE 'Com_show_variables'"))[0].Value);
    const before = await looks();
    const seconds = await askOften(app);
    expect((await looks()) - before).toBeGreaterThan(0);
    expect((await looks()) - before).toBeLessThanOrEqual(1 + seconds);
  });

  test('a server that does not answer delays a probe by two seconds, and is ready again when it answers', async () => {
    server.freeze();
    const asked = performance.now();
    await Promise.all([1, 2, 3].map(() => expectNotReady(app, { database: 'timeout', migrations: 'unknown' })));
    expectInTime('a probe is answered while the server is frozen', performance.now() - asked);
    expect((await get(app, 'live')).status).toBe(200);
    server.thaw();
    await sleep(ANEW_MS);
    await expectReady(app);
  });

  test('a server that is gone is not ready, and its address is not revealed', async () => {
    await server.stop();
    await expectNotReady(app, { database: 'unreachable', migrations: 'unknown' });
    expect((await get(app, 'live')).status).toBe(200);
  });
});

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
