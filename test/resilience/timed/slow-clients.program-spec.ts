import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { patience } from '../../machine.cjs';
import { freePort } from '../../mariadb/server';
import { Program } from '../../program';
import { expectInTime } from './bars';
import { UNLIMITED } from '../unlimited';
import { measured, percentile } from '../measured';

const CLIENTS_OF_A_KIND = 200;
const ATTACK_MS = 33_000;

/** Number of clients that read nothing for longer than the server waits; each asks for some 40 MB. */
const LATE_READERS = 3;
const ASKED = 90; // of half a megabyte each, more than the network holds; a hundred sent ahead would be a flood
const UNREAD_MS = 130_000;

const HEAD = ['POST /api/login HTTP/1.1', 'Host: hub', 'Content-Type: application/json', 'Content-Length: 10000'];

/**
 * Clients that send little or nothing, like an attacker's: they keep dripping after the server has closed and never
 * close themselves, so a connection ends only when the server drops it.
 */
const kinds = {
  'slow headers': {
    opening: 'POST /api/login HTTP/1.1\r\nX-Slow: ',
    dripsFromStart: true,
    bar: 'a client with a slow head is dropped',
  },
  'slow bodies': {
    opening: [...HEAD, '', '{"'].join('\r\n'),
    dripsFromStart: true,
    bar: 'a client with a slow body is dropped',
  },
  'idle from the start': { opening: '', dripsFromStart: false, bar: 'a silent client is dropped' },
} as const;

type Kind = (typeof kinds)[keyof typeof kinds];

/** @returns the milliseconds until the server dropped the connection, or Infinity */
function suffer(port: number, { opening, dripsFromStart }: Kind): Promise<number> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    const opened = performance.now();
    const drip = () => socket.write('x');
    let timer = dripsFromStart ? setInterval(drip, 1000) : undefined;
    const end = (milliseconds: number) => {
      clearInterval(timer);
      clearTimeout(deadline);
      socket.destroy();
      resolve(milliseconds);
    };
    const deadline = setTimeout(() => end(Infinity), patience(ATTACK_MS + 5_000));
    socket.write(opening);
    socket.resume();
    socket.on('end', () => {
      clearInterval(timer);
      timer = setInterval(drip, 100);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => end(performance.now() - opened));
  });
}

/**
 * Requests more than a connection buffers and reads nothing for the given time.
 * @returns the number of answers there when it begins to read
 */
async function readLate(port: number): Promise<number> {
  const request = 'GET /docs/swagger-ui-init.js HTTP/1.1\r\nHost: hub\r\n\r\n';
  const socket = connect(port, '127.0.0.1').pause();
  socket.on('error', () => undefined);
  socket.write(request.repeat(ASKED));
  await sleep(UNREAD_MS);
  let answers = 0;
  socket.on('data', (chunk) => (answers += chunk.toString('latin1').split('HTTP/1.1 200').length - 1));
  socket.setTimeout(patience(5_000), () => socket.destroy());
  socket.resume();
  while (!socket.closed) await sleep(100); // not events.once, which fails on a reset
  return answers;
}

const directory = mkdtempSync(join(tmpdir(), 'customer-hub-slow-'));
let program: Program;

afterEach(() => program.kill('SIGKILL'));

afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

test('slow and silent clients are dropped, without effect on others', async () => {
  program = await new Program(directory, await freePort(), UNLIMITED).ready();
  const { token } = (await program.login()).result;
  const attack = Object.entries(kinds).map(async ([name, kind]) => {
    const times = await Promise.all(Array.from({ length: CLIENTS_OF_A_KIND }, () => suffer(program.port, kind)));
    return { name, bar: kind.bar, seconds: Math.max(...times) / 1000 };
  });

  const times: number[] = [];
  const until = performance.now() + ATTACK_MS;
  while (performance.now() < until) {
    const asked = performance.now();
    const answer = await program.post('/api/user_customer/get', { user_id: 998, customer_id: 1001 }, token);
    times.push(performance.now() - asked);
    expect(answer.code).toBe(200);
    await sleep(10);
  }

  const kept = await Promise.all(attack);
  const p99 = percentile(times, 0.99);
  measured(`${CLIENTS_OF_A_KIND} slow-header, ${CLIENTS_OF_A_KIND} slow-body and ${CLIENTS_OF_A_KIND} idle clients`, {
    ...Object.fromEntries(kept.map(({ name, seconds }) => [`longest of ${name} (s)`, seconds.toFixed(1)])),
    'requests beside them': times.length,
    'their p99 (ms)': p99.toFixed(1),
  });
  for (const { bar, seconds } of kept) expectInTime(bar, seconds * 1000);
  expectInTime('p99 of requests beside an attack', p99);
  expect((await program.kill('SIGTERM')).code).toBe(0);
});

test('clients that read nothing are dropped', async () => {
  program = await new Program(directory, await freePort(), UNLIMITED).ready();
  const received = await Promise.all(Array.from({ length: LATE_READERS }, () => readLate(program.port)));
  measured(`${LATE_READERS} clients that read nothing for ${UNREAD_MS / 1000} s`, {
    'answers asked for': ASKED,
    'the most received': Math.max(...received),
  });
  expect(Math.max(...received)).toBeLessThan(ASKED);
});
