import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../mariadb/server';
import { Program } from '../program';
import { UNLIMITED } from './unlimited';
import { measured, percentile } from './measured';

const CLIENTS_OF_A_KIND = 200;
const ATTACK_MS = 33_000;

/** Number of clients that read nothing for longer than the server waits; each asks for some 40 MB. */
const LATE_READERS = 3;
const ASKED = 1_000;
const UNREAD_MS = 130_000;

const HEAD = ['POST /api/login HTTP/1.1', 'Host: hub', 'Content-Type: application/json', 'Content-Length: 10000'];

/**
 * Clients that send little or nothing, like an attacker's: they keep dripping after the server has closed and never
 * close themselves, so a connection ends only when the server drops it.
 */
const kinds = {
  'slow headers': { opening: 'POST /api/login HTTP/1.1\r\nX-Slow: ', dripsFromStart: true, limitSeconds: 12 },
  'slow bodies': { opening: [...HEAD, '', '{"'].join('\r\n'), dripsFromStart: true, limitSeconds: 32 },
  'idle from the start': { opening: '', dripsFromStart: false, limitSeconds: 12 },
};

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
    const deadline = setTimeout(() => end(Infinity), ATTACK_MS + 5_000);
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
async function readLate(port: number, token: string): Promise<number> {
  const list = '/business/2/plugin/WechatCustomers/getList';
  const request = `GET ${list} HTTP/1.1\r\nHost: hub\r\nAuthorization: Bearer ${token}\r\n\r\n`;
  const socket = connect(port, '127.0.0.1').pause();
  socket.on('error', () => undefined);
  socket.write(request.repeat(ASKED));
  await sleep(UNREAD_MS);
  let answers = 0;
  socket.on('data', (chunk) => (answers += chunk.toString('latin1').split('HTTP/1.1 200').length - 1));
  socket.setTimeout(5_000, () => socket.destroy());
  await once(socket.resume(), 'close');
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
    return { name, limitSeconds: kind.limitSeconds, seconds: Math.max(...times) / 1000 };
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
  for (const { seconds, limitSeconds } of kept) expect(seconds).toBeLessThan(limitSeconds);
  expect(p99).toBeLessThan(200);
  expect((await program.kill('SIGTERM')).code).toBe(0);
});

test('clients that read nothing are dropped', async () => {
  program = await new Program(directory, await freePort(), UNLIMITED).ready();
  const { token } = (await program.login()).result;
  await program.post('/business/2/admin/manageBusiness', { id: 1 }, token);
  const received = await Promise.all(Array.from({ length: LATE_READERS }, () => readLate(program.port, token)));
  measured(`${LATE_READERS} clients that read nothing for ${UNREAD_MS / 1000} s`, {
    'answers asked for': ASKED,
    'the most received': Math.max(...received),
  });
  expect(Math.max(...received)).toBeLessThan(ASKED);
});
