import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection, createConnection } from 'mysql2/promise';
import { readEnv } from '../../../src/config/env';
import { fillDemoData } from '../../../src/schema/demo/fill';
import { connect } from '../../../src/database/connect';
import { dataSourceOptions } from '../../../src/schema/data-source';
import { patience } from '../../machine.cjs';
import { freePort, MariadbServer } from '../../mariadb/server';
import { Program } from '../../program';
import { expectInTime } from './bars';
import { measured } from '../measured';
import { Outcome, SteadyLoad } from '../steady-load';
import { UNLIMITED } from '../unlimited';

const PER_SECOND = 50;
const KILLS = 5;
const AWAY_MS = 2_000;
/** Time in which requests go on after the server is back; they must succeed before it ends. */
const RECOVERY_MS = patience(3_000);
const LIMIT_MS = 2_000;

/** Several users, because adds of one user wait for each other. */
const ACCOUNTS = [
  { username: 'admin', password: 'demo-admin', userId: 1000 },
  { username: 'demo', password: 'demo-user', userId: 998 },
  { username: 'guest', password: 'demo-guest', userId: 999 },
];

const UNAVAILABLE = {
  mix: { code: 500, msg: '服务暂不可用，请稍后重试', mix_code: 230012, mix_msg: '', mix_ext: '', result: [] },
  business: { result: 0, msg: '服务暂不可用，请稍后重试', data: [] },
};

describe('with the database unreachable', () => {
  let server: MariadbServer;
  let directory: string;
  let program: Program;
  let tokens: string[];
  /** Relations whose `add` was acknowledged. */
  let added: number[];

  const url = (path: string) => `http://127.0.0.1:${program.port}${path}`;
  const ask = (path: string, json: object, token = tokens[0]) =>
    fetch(url(path), {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(json),
    });

  const LIST = '/business/2/plugin/WechatCustomers/getList';
  const CHOOSE = '/business/2/admin/manageBusiness';

  let lastId = 100_000;
  async function add(): Promise<Response> {
    const customer_id = ++lastId;
    const who = customer_id % ACCOUNTS.length;
    const relation = { user_id: ACCOUNTS[who]!.userId, customer_id, secret: 'CODE' };
    const response = await ask('/api/user_customer/add', relation, tokens[who]);
    const { code } = (await response.clone().json()) as { code: number };
    if (code === 200) added.push(customer_id);
    return response;
  }

  const readMix = () => ask('/api/user_customer/get_list', {});
  const readBusiness = (n: number) => ask(LIST, { search: { status: (n % 2) * 2 - 1 } });
  const choose = (n: number) => ask(CHOOSE, { id: 1 }, tokens[(n >> 3) % 2]);

  /** Requests that read and write in both families, in turn. */
  const requests = [readMix, add, readBusiness, readMix, readBusiness, choose, readMix, readBusiness];
  const mixed = (n: number) => requests[n % requests.length]!(n);

  beforeAll(async () => {
    server = await MariadbServer.start(['--innodb-flush-log-at-trx-commit=1']); // acknowledged writes must survive
    await inServer((connection) => connection.query('CREATE DATABASE hub CHARACTER SET utf8mb4 COLLATE utf8mb4_bin'));
    const DATABASE_URL = `${server.url}hub`;
    const dataSource = await connect(dataSourceOptions(readEnv({ DATABASE_URL })));
    await dataSource.runMigrations();
    await fillDemoData(dataSource);
    await dataSource.query(
      "INSERT INTO customer (customer_id, name, secret) SELECT 100001 + seq, 'follow', 'CODE' FROM seq_0_to_9999",
    );
    await dataSource.destroy();
    directory = mkdtempSync(join(tmpdir(), 'customer-hub-away-'));
    const settings = {
      ...UNLIMITED,
      DATABASE_URL,
      DATABASE_STATEMENT_TIMEOUT_MS: String(LIMIT_MS),
      LOG_LEVEL: 'fatal',
    };
    program = await new Program(directory, await freePort(), settings).ready();
    tokens = [];
    for (const { username, password } of ACCOUNTS) {
      const { result } = await program.post('/api/login', { username, password });
      tokens.push(result.token as string);
    }
    await ask(CHOOSE, { id: 1 });
    added = [];
  });

  afterAll(async () => {
    await program.kill('SIGKILL');
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  async function inServer<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result> {
    const connection = await createConnection({ uri: server.url });
    try {
      return await work(connection);
    } finally {
      await connection.end();
    }
  }

  const isGood = ({ status, body }: Outcome) => status === 200 && (body?.code === 200 || body?.result === 1);

  /** Answers that are neither a success nor HTTP 503 in the family's envelope. */
  const wrong = (outcomes: Outcome[]) =>
    outcomes.filter((outcome) => {
      if (isGood(outcome)) return false;
      const { status, body } = outcome;
      const expected = [UNAVAILABLE.mix, UNAVAILABLE.business].map((envelope) => JSON.stringify(envelope));
      return !(status === 503 && expected.includes(JSON.stringify(body)));
    });

  /** The longest wait of a request for its answer in that time. */
  const worstBetween = (outcomes: Outcome[], from: number, to: number) => {
    const waits = outcomes.map(({ at, milliseconds }) => Math.min(at + milliseconds, to) - Math.max(at, from));
    return Math.round(Math.max(0, ...waits));
  };

  /** The moment after which every request succeeds. */
  function recoveredAfter(outcomes: Outcome[], moment: number): number {
    const failed = outcomes.filter((outcome) => outcome.at > moment && !isGood(outcome));
    return Math.round(Math.max(0, ...failed.map(({ at, milliseconds }) => at + milliseconds - moment)));
  }

  test('killed five times under load: answers 503 in time, recovers in time and loses nothing acknowledged', async () => {
    const load = new SteadyLoad(PER_SECOND, mixed);
    await sleep(2_000);
    const times: { killed: number; back: number }[] = [];
    for (let n = 0; n < KILLS; n++) {
      await server.kill();
      const killed = performance.now();
      await sleep(AWAY_MS);
      await server.run();
      const back = performance.now();
      await sleep(RECOVERY_MS);
      times.push({ killed, back });
    }
    const outcomes = await load.stop();
    const worst = times.map(({ killed, back }) => worstBetween(outcomes, killed, back));
    const recoveries = times.map(({ back }, n) => {
      const untilNext = outcomes.filter(({ at }) => at < (times[n + 1]?.killed ?? Infinity) - 500);
      return recoveredAfter(untilNext, back);
    });
    const rows = await inServer(async (connection) => {
      const [found] = await connection.query('SELECT customer_id FROM hub.user_customer WHERE customer_id >= 100000');
      return new Set((found as { customer_id: number }[]).map(({ customer_id }) => customer_id));
    });
    const lost = added.filter((id) => !rows.has(id));
    measured('database killed under load', {
      kills: KILLS,
      requests: outcomes.length,
      unavailable: outcomes.filter((outcome) => !isGood(outcome)).length,
      worst_answer_ms: Math.max(...worst),
      worst_recovery_ms: Math.max(...recoveries),
      acknowledged_writes: added.length,
      lost: lost.length,
      wrong_envelopes: wrong(outcomes).length,
    });
    expect(wrong(outcomes).slice(0, 3)).toEqual([]);
    expect(lost).toEqual([]);
    expect(added.length).toBeGreaterThan(50);
    expectInTime('a request is refused while the server is gone', Math.max(...worst));
    expectInTime('requests succeed once the server is back', Math.max(...recoveries));
    expect(program.isRunning).toBe(true);
  });

  test('frozen: no request waits longer than its bound, and requests succeed once it answers again', async () => {
    const load = new SteadyLoad(PER_SECOND, mixed);
    await sleep(1_000);
    const frozen = performance.now();
    server.freeze();
    await sleep(10_000);
    server.thaw();
    const back = performance.now();
    await sleep(RECOVERY_MS);
    const outcomes = await load.stop();
    const worst = worstBetween(outcomes, frozen, back);
    measured('database frozen for 10 s under load', {
      requests: outcomes.length,
      worst_answer_ms: worst,
      worst_recovery_ms: recoveredAfter(outcomes, back),
    });
    expect(wrong(outcomes).slice(0, 3)).toEqual([]);
    expectInTime('a request is refused while the server is frozen', worst);
    expectInTime('requests succeed once the server is back', recoveredAfter(outcomes, back));
    expect(program.isRunning).toBe(true);
  });
});
