import { mkdtempSync, openSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { createConnection, RowDataPacket } from 'mysql2/promise';
import { patience } from '../../machine.cjs';
import { freePort, MariadbServer } from '../../mariadb/server';
import { Program } from '../../program';
import { expectInTime } from './bars';
import { Load, prepareLoad, signIn, until } from '../load';
import { measured } from '../measured';
import { UNLIMITED } from '../unlimited';

const CLIENTS = 8;

/** Several processes of the program on one machine and one port (CLUSTER_WORKERS). */
describe('two workers', () => {
  let directory: string;
  let server: MariadbServer;
  let databaseUrl: string;
  let load: Load | undefined;
  let started: Program[];

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'customer-hub-cluster-'));
    server = await MariadbServer.start();
    databaseUrl = `${server.url}hub`;
    await query('CREATE DATABASE hub CHARACTER SET utf8mb4 COLLATE utf8mb4_bin');
    await prepareLoad(databaseUrl, CLIENTS);
  });

  beforeEach(() => {
    started = [];
  });

  afterEach(async () => {
    await load?.stop();
    await Promise.all(started.map((program) => program.kill('SIGKILL')));
  });

  afterAll(async () => {
    await server?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  const start = async (settings: Record<string, string> = {}, stdio?: ConstructorParameters<typeof Program>[3]) => {
    const all = { DATABASE_URL: databaseUrl, CLUSTER_WORKERS: '2', DRAIN_SECONDS: '1', ...UNLIMITED, ...settings };
    const program = new Program(mkdtempSync(join(directory, 'program-')), await freePort(), all, stdio);
    started.push(program);
    return program;
  };

  async function query(sql: string): Promise<RowDataPacket[]> {
    const connection = await createConnection({ uri: server.url });
    try {
      return (await connection.query<RowDataPacket[]>(sql))[0];
    } finally {
      await connection.end();
    }
  }

  /** Each relation as `user:customer`. */
  const relations = async () => {
    const rows = await query("SELECT CONCAT(user_id, ':', customer_id) AS pair FROM hub.user_customer");
    return new Set(rows.map(({ pair }) => String(pair)));
  };

  const startLoad = async ({ port }: Program) => {
    const url = `http://127.0.0.1:${port}`;
    const clients = await Promise.all(Array.from({ length: CLIENTS }, (_, index) => signIn(url, index)));
    return (load = new Load(url, clients));
  };

  test('both serve; killing one fails at most its requests under way, and it is replaced', async () => {
    const begun = Date.now();
    const program = await start();
    await until(() => serving(program).length === 2);
    const startMs = serving(program)[0]!.at - begun;
    const under = await startLoad(program);
    await sleep(3_000);

    const killed = Date.now();
    process.kill(serving(program)[1]!.worker, 'SIGKILL');
    await until(() => serving(program).length === 3);
    const replacedMs = serving(program)[2]!.at - killed;
    const startedMs = at(lines(program, 'a worker starts')[2]) - killed;
    const before = under.writes.length;
    await sleep(3_000);
    await under.stop();
    // Clients keep their connections to the surviving worker; new connections go to both.
    for (let count = 0; count < 10; count++) await overNewConnection(`http://127.0.0.1:${program.port}/api/user`);
    await program.kill('SIGTERM');

    const { 'HTTP 200': answered = 0, ...failed } = under.answers;
    const failures = Object.values(failed).reduce((sum, count) => sum + count, 0);
    const lost = under.lost(await relations());
    measured('One of two workers killed under load', {
      'acknowledged writes': under.writes.length,
      lost: lost.length,
      answered,
      ...failed,
      'the next one started after ms': startedMs,
      'and served after ms': replacedMs,
      'the first one, without load, served after ms': startMs,
    });
    expect(lost).toEqual([]);
    expect(failures).toBeLessThanOrEqual(CLIENTS); // each client has one request under way
    expect(Object.keys(failed).filter((kind) => !/ECONNRESET|UND_ERR_SOCKET/.test(kind))).toEqual([]);
    expect(under.writes.length).toBeGreaterThan(before);
    expectInTime('a killed worker is replaced', replacedMs);
    const answeredBy = new Set(lines(program, 'answered').map(({ pid }) => pid));
    expect(answeredBy.size).toBe(3);
  });

  test('a connection that a worker died before taking is answered by another', async () => {
    const program = await start();
    await until(() => serving(program).length === 2);
    const { worker } = serving(program)[1]!;
    process.kill(worker, 'SIGSTOP'); // it takes nothing: one connection is handed to it, the others go to its sibling
    const url = `http://127.0.0.1:${program.port}/api/user`;
    let answered = 0;
    const asked = Array.from({ length: 4 }, () => overNewConnection(url).then(() => (answered += 1)));
    await until(() => answered === asked.length - 1);
    await sleep(500);
    expect(answered).toBe(asked.length - 1);

    process.kill(worker, 'SIGKILL');
    await Promise.all(asked);
    await program.kill('SIGTERM');
  });

  test('SIGTERM ends all workers once they have answered', async () => {
    const program = await start();
    await until(() => serving(program).length === 2);
    const under = await startLoad(program);
    await sleep(1_000);
    const asked = performance.now();
    const { code, stderr } = await program.kill('SIGTERM');
    const endedMs = Math.round(performance.now() - asked);
    await under.stop();

    const lost = under.lost(await relations());
    const { 'HTTP 200': answered = 0, 'no answer: ECONNREFUSED': refused = 0, ...failed } = under.answers;
    measured('Two workers ended by SIGTERM under load', {
      'acknowledged writes': under.writes.length,
      lost: lost.length,
      answered,
      ...failed,
      'refused after the end': refused,
      'ended after ms': endedMs,
    });
    expect({ code, stderr, lost }).toEqual({ code: 0, stderr: '', lost: [] });
    // A client without a balancer keeps connecting: at the moment of the end, one attempt fails.
    expect(Object.values(failed).reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(CLIENTS);
    for (const { worker } of serving(program)) expect(isRunning(worker)).toBe(false);
  });

  test('serve on with a full disk under their log, as the primary does', async () => {
    const stdio = ['ignore', openSync('/dev/full', 'w'), 'pipe'] as const;
    const program = await start({}, [...stdio]);
    await program.ready();
    expect((await program.post('/api/user', {})).code).toBe(401);
    const { code, stderr } = await program.kill('SIGTERM');
    expect(code).toBe(0);
    const line = 'customer-hub: the log cannot be written (ENOSPC), serving goes on without it';
    expect(new Set(stderr.trim().split('\n'))).toEqual(new Set([line]));
  });

  test('a scrape of either reports the counts of both', async () => {
    const METRICS_TOKEN = 'metrics-token-of-the-test';
    const program = await start({ METRICS_TOKEN });
    await until(() => serving(program).length === 2);
    const url = `http://127.0.0.1:${program.port}`;
    for (let count = 0; count < 20; count++) await overNewConnection(`${url}/api/user`);
    const answeredBy = new Set(lines(program, 'answered').map(({ pid }) => pid));
    expect(answeredBy.size).toBe(2);
    for (let scrape = 0; scrape < 6; scrape++) {
      const metrics = await overNewConnection(`${url}/metrics`, { authorization: `Bearer ${METRICS_TOKEN}` });
      expect(sum(metrics, 'customer_hub_request_seconds_count{method="GET",route="unknown"')).toBe(20);
      expect(sum(metrics, 'customer_hub_pool_connections{state="idle"}')).toBeGreaterThanOrEqual(2);
    }
    process.kill(serving(program)[0]!.worker, 'SIGKILL');
    await until(() => serving(program).length === 3);
    const metrics = await overNewConnection(`${url}/metrics`, { authorization: `Bearer ${METRICS_TOKEN}` });
    expect(sum(metrics, 'customer_hub_request_seconds_count{method="GET",route="unknown"')).toBe(20);
  });

  test('a scrape reports the others while one hangs', async () => {
    const METRICS_TOKEN = 'metrics-token-of-the-test';
    const program = await start({ METRICS_TOKEN });
    await until(() => serving(program).length === 2);
    const headers = { authorization: `Bearer ${METRICS_TOKEN}` };
    const { worker } = serving(program)[0]!;
    process.kill(worker, 'SIGSTOP');
    const scrapes = Array.from({ length: 4 }, () =>
      fetch(`http://127.0.0.1:${program.port}/metrics`, { headers, signal: AbortSignal.timeout(patience(4_000)) }).then(
        (answer) => answer.text(),
        () => 'landed on the one that hangs',
      ),
    );
    const told = await Promise.all(scrapes);
    process.kill(worker, 'SIGCONT');
    expect(told.some((metrics) => metrics.includes('customer_hub_request_seconds'))).toBe(true);
    expect(told.filter((metrics) => metrics.startsWith('{'))).toEqual([]); // no fault envelope
  });

  test.each([
    ['a database that is not there', async () => ({ DATABASE_URL: `mariadb://hub@127.0.0.1:${await freePort()}/hub` })],
    ['a port in use', async () => ({ PORT: new URL(server.url).port })],
    ['SQLite, which serves one process', async () => ({ DATABASE_URL: 'sqlite:hub.sqlite' })],
  ])('do not start with %s, say so in one line and do not retry', async (_case, settings) => {
    const { code, stderr } = await (await start(await settings())).exited;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^customer-hub cannot start: (DATABASE_URL|PORT|CLUSTER_WORKERS|the database)[^\n]*\n$/);
  });
});

/** The workers that have logged that they serve, in this order. */
function serving(program: Program): { worker: number; at: number }[] {
  return lines(program, 'a worker serves').map((line) => ({ worker: line.worker, at: at(line) }));
}

const at = ({ time }: { time: string }) => Date.parse(time);

/** The lines of the log with this message. */
function lines({ output }: Program, message: string): any[] {
  return output.stdout
    .split('\n')
    .filter((line) => line.startsWith('{') && line.endsWith('}'))
    .map((line) => JSON.parse(line))
    .filter(({ msg }) => msg === message);
}

function overNewConnection(url: string, headers = {}): Promise<string> {
  return new Promise((done, fail) => {
    get(url, { agent: false, headers }, (answer) => done(text(answer))).once('error', fail);
  });
}

/** The sum of all series with this prefix. */
function sum(metrics: string, series: string): number {
  const values = metrics.split('\n').filter((line) => line.startsWith(series));
  return values.reduce((total, line) => total + Number(line.split(' ').at(-1)), 0);
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
