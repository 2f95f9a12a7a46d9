import { mkdtempSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createConnection } from 'mysql2/promise';
import { freePort, MariadbServer } from '../../mariadb/server';
import { Program } from '../../program';
import { expectInMemory, expectInTime } from './bars';
import { fillLargeRows, LARGE_LIST, leavePageUnread, sendUnread } from '../large-pages';
import { measured } from '../measured';
import { UNLIMITED } from '../unlimited';
import { Effects, METRICS_TOKEN, Watch } from '../watched';

const MIB = 1024 * 1024;

/** All of an attack is sent at once; its effect is watched for this time. */
const ATTACK_MS = 8_000;

async function createDatabase({ url }: MariadbServer): Promise<void> {
  const connection = await createConnection(url);
  await connection.query('CREATE DATABASE hub CHARACTER SET utf8mb4 COLLATE utf8mb4_bin');
  await connection.end();
}

describe.each(['SQLite', 'MariaDB'])('on %s', (engine) => {
  let directory: string;
  let server: MariadbServer | undefined;
  let program: Program;
  let token: string;
  const sockets: Socket[] = [];

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'customer-hub-budgets-'));
    server = engine === 'MariaDB' ? await MariadbServer.start() : undefined;
    const url = server ? `${server.url}hub` : `sqlite:${join(directory, 'hub.sqlite')}`;
    if (server) await createDatabase(server);
    await fillLargeRows(url);
    program = new Program(directory, await freePort(), { DATABASE_URL: url, METRICS_TOKEN, ...UNLIMITED });
    await program.ready();
    token = (await program.login()).result.token;
    await watched('nothing'); // prints what the figures of an attack are compared with
  });

  afterEach(() => sockets.splice(0).forEach((socket) => socket.destroy()));

  afterAll(async () => {
    await program.kill('SIGKILL');
    await server?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  /** @param declared as Content-Length */
  function send(path: string, headers: string[], body: Buffer, declared: number): void {
    sockets.push(sendUnread(program.port, path, [...headers, `Content-Length: ${declared}`], body));
  }

  /** Watches an attack, during which the others are answered, in time. */
  async function expectOthersServed(attack: string, start: () => void): Promise<Effects> {
    const effects = await watched(attack, start);
    expect(effects.failed).toBe(0);
    return effects;
  }

  async function watched(attack: string, start: () => void = () => undefined): Promise<Effects> {
    const watch = await Watch.start(program);
    start();
    await sleep(ATTACK_MS);
    const effects = await watch.stop();
    measured(`${attack}, ${engine}`, {
      'RSS (MB)': effects.rss.toFixed(0),
      'held (MB)': effects.held.toFixed(0),
      'longest delay of the event loop (ms)': effects.longestDelay.toFixed(0),
      'CPU (s)': effects.cpu.toFixed(1),
      'requests beside it': effects.others,
      'their p99 (ms)': effects.othersP99.toFixed(1),
      'of them failed': effects.failed,
    });
    return effects;
  }

  test('8 connections send nested lists of 569 KB to /api/login: others and the event loop within their bars', async () => {
    const nested = Buffer.from(
      `{"x":[${Array<string>(9_990)
        .fill('['.repeat(28) + ']'.repeat(28))
        .join(',')}]}`,
    );
    const { longestDelay, othersP99, rss } = await expectOthersServed('8 bodies of nested lists', () => {
      for (let n = 0; n < 8; n++) send('/api/login', [], nested, nested.length);
    });
    expectInMemory('memory under an attack', rss);
    expectInTime('the longest delay of the event loop', longestDelay);
    expectInTime('p99 of requests beside an attack', othersP99);
  });

  test.each([
    ['without a token, to a route that needs one', LARGE_LIST, false],
    ['to /api/login', '/api/login', false],
    ['with a token', LARGE_LIST, true],
  ])(
    '600 unfinished bodies of 1 MB %s: others within their bar, the event loop within the looser one',
    async (how, path, isSignedIn) => {
      const most = Buffer.alloc(MIB - 1, 'x');
      const headers = isSignedIn ? [`Authorization: Bearer ${token}`] : [];
      const { longestDelay, othersP99, rss } = await expectOthersServed(`600 unfinished bodies of 1 MB ${how}`, () => {
        for (let n = 0; n < 600; n++) send(path, headers, most, MIB);
      });
      expectInMemory('memory under an attack', rss);
      expectInTime('the longest delay of the event loop under a flood', longestDelay);
      expectInTime('p99 of requests beside a flood', othersP99);
    },
  );

  test.each([
    [60, 3, 500],
    [200, 3, 500],
    [60, 6, 1_000],
  ])(
    '%i answers of %i MB that nobody reads: others within their bar, memory and event loop within looser ones',
    async (count, megabytes, rows) => {
      const { longestDelay, othersP99, rss } = await expectOthersServed(
        `${count} unread answers of ${megabytes} MB`,
        () => {
          for (let n = 0; n < count; n++) sockets.push(leavePageUnread(program.port, token, rows));
        },
      );
      expectInMemory('memory under a flood of large pages', rss);
      expectInTime('the longest delay of the event loop under a flood', longestDelay);
      expectInTime('p99 of requests beside a flood', othersP99);
    },
  );
});
