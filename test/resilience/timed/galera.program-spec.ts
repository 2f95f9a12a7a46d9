import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { patience } from '../../machine.cjs';
import { freePort } from '../../mariadb/server';
import { Program } from '../../program';
import { expectInTime } from './bars';
import { GaleraCluster } from '../galera/cluster';
import { Haproxy } from '../../haproxy';
import { GaleraNode } from '../galera/node';
import { ask, Client, Load, nextCustomer, prepareLoad, signIn, until } from '../load';
import { measured } from '../measured';

const CLIENTS = 8;
const ROUNDS = 300;
const DATABASE = 'customer_hub';
/** Time in which requests under way when the nodes were killed may still be answered. */
const GRACE_MS = patience(500);

/** Two processes of the program behind HAProxy, on three Galera nodes behind HAProxy. */
describe('a Galera cluster', () => {
  let directory: string;
  let cluster: GaleraCluster;
  let haproxy: Haproxy;
  let hubs: Program[];
  let url: string;
  let clients: Client[];
  let running: Load | undefined;
  const started: Program[] = [];

  const load = (count = CLIENTS) => (running = new Load(url, clients.slice(0, count)));

  const startHub = async (databaseUrl: string) => {
    const settings = {
      DATABASE_URL: databaseUrl,
      LOG_LEVEL: 'fatal',
      RATE_LIMIT_ADDRESS: '0',
      RATE_LIMIT_ACCOUNT: '0',
    };
    const hub = new Program(mkdtempSync(join(directory, 'hub-')), await freePort(), settings);
    started.push(hub);
    return hub.ready();
  };

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'customer-hub-galera-spec-'));
    cluster = await GaleraCluster.start();
    const [first] = cluster.nodes;
    await first.query(`CREATE DATABASE ${DATABASE} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
    await first.query("CREATE USER haproxy@'127.0.0.1'");
    await prepareLoad(`${first.url}${DATABASE}`, CLIENTS);

    const [hubPort, databasePort, port1, port2] = [
      await freePort(),
      await freePort(),
      await freePort(),
      await freePort(),
    ];
    const [node1, node2, node3] = cluster.nodes.map(({ ports }) => `127.0.0.1:${ports.sql}`);
    haproxy = await Haproxy.start({
      ...{ HUB_LISTEN: `127.0.0.1:${hubPort}`, DATABASE_LISTEN: `127.0.0.1:${databasePort}` },
      ...{ NODE_1: node1!, NODE_2: node2!, NODE_3: node3! },
      ...{ HUB_1: `127.0.0.1:${port1}`, HUB_2: `127.0.0.1:${port2}` },
    });
    url = `http://127.0.0.1:${hubPort}`;
    const settings = {
      DATABASE_URL: `mariadb://root@127.0.0.1:${databasePort}/${DATABASE}`,
      LOG_LEVEL: 'fatal',
      RATE_LIMIT_ADDRESS: '0',
      RATE_LIMIT_ACCOUNT: '0',
    };
    hubs = [port1, port2].map((port) => new Program(mkdtempSync(join(directory, 'hub-')), port, settings));
    started.push(...hubs);
    for (const hub of hubs) await hub.ready();
    await until(async () => (await ask(`${url}/api/user`, {})).kind === 'HTTP 200');
    clients = await Promise.all(Array.from({ length: CLIENTS }, (_, index) => signIn(url, index)));
  });

  afterEach(() => running?.stop());

  afterAll(async () => {
    await Promise.all(started.map((hub) => hub.kill('SIGKILL')));
    await haproxy?.stop();
    await cluster?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  test('a node killed under load: no acknowledged write is lost, writes resume, and the node returns with every row', async () => {
    const [first, second] = cluster.nodes;
    const under = load();
    await under.writesAgain();
    await sleep(3_000);

    await first.kill(); // the node that takes all writes
    const backMs = await under.writesAgain();
    await sleep(2_000);
    const asked = performance.now();
    await first.start();
    const rejoinedMs = performance.now() - asked;
    await sleep(2_000);
    await under.stop();

    const lost = under.lost(await relations(second));
    measured('Galera: node killed under load', {
      'acknowledged writes': under.writes.length,
      lost: lost.length,
      'writes back after ms': backMs,
      'node back after ms': Math.round(rejoinedMs),
      by: first.cameBackBy(),
      ...under.answers,
      'reads that missed a write': under.missed,
    });
    expectInTime('writes resume when a Galera node is killed', backMs);
    expect(lost).toEqual([]);
    expect(under.missed).toBe(0);
    expect(otherAnswers(under)).toEqual([]);
    expect(under.writes.length).toBeGreaterThan(100);
    await expectSameRows(cluster.nodes);
  });

  test('quorum lost: nothing is acknowledged, both processes report it, and requests succeed once it is back', async () => {
    const [first, second, third] = cluster.nodes;
    const under = load();
    await under.writesAgain();
    const killed = performance.now();
    await Promise.all([first.kill(), second.kill()]);
    // The last node waits some seconds for the others before it knows that it is alone.
    await until(async () => (await third.status('wsrep_cluster_status')) === 'non-Primary');
    await until(async () => (await readiness(hubs)).every((status) => status === 503));
    const noticedMs = performance.now() - killed;
    await sleep(3_000);
    const acknowledgedAlone = under.writes.filter(({ answered }) => answered > killed + GRACE_MS).length;
    const { status, body } = await ask(
      `http://127.0.0.1:${hubs[0]!.port}/api/user_customer/add`,
      {},
      clients[0]!.token,
    );
    expect({ status, code: body.code }).toEqual({ status: 503, code: 500 });

    const asked = performance.now();
    first.launch();
    second.launch();
    await until(async () => (await readiness(hubs)).every((status) => status === 200));
    const readyMs = performance.now() - asked;
    const writesMs = readyMs + (await under.writesAgain());
    await Promise.all(cluster.nodes.map((node) => node.synced()));
    await under.stop();

    const lost = under.lost(await relations(third));
    measured('Galera: quorum lost', {
      'not ready after ms': Math.round(noticedMs),
      'acknowledged without quorum': acknowledgedAlone,
      'ready again after ms': Math.round(readyMs),
      'writes back after ms': Math.round(writesMs),
      lost: lost.length,
      ...under.answers,
    });
    expect(acknowledgedAlone).toBe(0);
    expect(lost).toEqual([]);
    expect(otherAnswers(under)).toEqual([]);
    await expectSameRows(cluster.nodes);
  });

  /** Two HAProxies that disagree on the node to write to. */
  test('a write acknowledged by one process is seen at once by the other, though on another node', async () => {
    const [one, other] = await Promise.all(cluster.nodes.slice(0, 2).map((node) => startHub(`${node.url}${DATABASE}`)));
    const under = load(2); // gives the nodes something to catch up with
    const at = (hub: Program, route: string, json: object, token: string) =>
      ask(`http://127.0.0.1:${hub.port}/api/user_customer/${route}`, json, token);
    const { userId, token } = await signIn(`http://127.0.0.1:${one!.port}`, 0);
    const seen = { 'changed at once': 0, 'read at once': 0, 'added again at once': 0 };
    for (let round = 0; round < ROUNDS; round++) {
      const pair = { user_id: userId, customer_id: nextCustomer() };
      const add = { ...pair, secret: 'ABCD' };
      const [here, there] = round % 2 ? [one!, other!] : [other!, one!];
      await at(here, 'add', add, token);
      // A change reads its row first: 记录不存在 if that node does not have it yet.
      if ((await at(there, 'edit', { ...pair, reference: 'seen' }, token)).body.code === 200) seen['changed at once']++;
      if ((await at(here, 'get', pair, token)).body.result.reference === 'seen') seen['read at once']++;
      await at(there, 'delete', pair, token);
      if ((await at(here, 'add', add, token)).body.code === 200) seen['added again at once']++;
    }
    await under.stop();
    measured('Galera: what was written is seen through another node at once', { of: ROUNDS, ...seen });
    expect(Object.values(seen)).toEqual([ROUNDS, ROUNDS, ROUNDS]);
  });
});

async function readiness(hubs: Program[]): Promise<number[]> {
  return Promise.all(hubs.map(async ({ port }) => (await fetch(`http://127.0.0.1:${port}/health/ready`)).status));
}

/** Each relation as `user:customer`. */
async function relations(node: GaleraNode): Promise<Set<string>> {
  const rows = await node.query(`SELECT CONCAT(user_id, ':', customer_id) AS pair FROM ${DATABASE}.user_customer`);
  return new Set(rows.map(({ pair }) => String(pair)));
}

async function expectSameRows(nodes: GaleraNode[]): Promise<void> {
  const tables = ['user', 'session', 'customer', 'user_customer'].map((table) => `${DATABASE}.${table}`).join(', ');
  const sums = await Promise.all(nodes.map((node) => node.query(`CHECKSUM TABLE ${tables}`)));
  expect(sums[0]).toHaveLength(4);
  for (const sum of sums) expect(sum).toEqual(sums[0]);
}

/** Answers that are neither a success nor a clear refusal. */
function otherAnswers({ answers }: Load): string[] {
  return Object.keys(answers).filter((kind) => kind !== 'HTTP 200' && kind !== 'HTTP 503');
}
