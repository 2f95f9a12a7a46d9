import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../mariadb/server';
import { Program } from '../../program';
import { expectInMemory, expectInTime } from './bars';
import { measured, percentile } from '../measured';
import { longestDelay, METRICS_TOKEN, peakMegabytes } from '../process-figures';
import { SteadyLoad } from '../steady-load';
import { UNLIMITED } from '../unlimited';

const AT_ONCE = 600;
const ALLOWED = 100;
const OTHERS_PER_SECOND = 50;

const directory = mkdtempSync(join(tmpdir(), 'customer-hub-sign-ins-'));
let program: Program;

beforeAll(async () => {
  const settings = { METRICS_TOKEN, TRUSTED_PROXIES: '127.0.0.0/8', ...UNLIMITED };
  program = await new Program(directory, await freePort(), settings).ready();
});

afterAll(async () => {
  await program.kill('SIGKILL');
  rmSync(directory, { recursive: true, force: true });
});

const send = (path: string, json: object, headers: Record<string, string>) =>
  fetch(`http://127.0.0.1:${program.port}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(json),
  });

const login = async (username: string, password: string, from: string) => {
  const begun = performance.now();
  const response = await send('/api/login', { username, password }, { 'x-forwarded-for': from });
  const { msg }: any = await response.json();
  return { status: response.status, msg, milliseconds: performance.now() - begun };
};

test('600 wrong passwords at once from one address: a hundred are tried, and others sign in and are answered meanwhile', async () => {
  const { token } = (await program.login()).result;
  const others = new SteadyLoad(OTHERS_PER_SECOND, () =>
    send('/api/user_customer/get', { user_id: 998, customer_id: 1001 }, { authorization: `Bearer ${token}` }),
  );
  await longestDelay(program);
  const begun = performance.now();
  const attack = Array.from({ length: AT_ONCE }, (_, n) => login(`somebody-${n}`, 'wrong', '192.0.2.1'));
  const neighbour = login('demo', 'demo-user', '192.0.2.9');
  const answers = await Promise.all(attack);
  const seconds = (performance.now() - begun) / 1000;
  const delay = await longestDelay(program);
  const outcomes = await others.stop();
  const times = outcomes.map((outcome) => outcome.milliseconds);
  const p99 = percentile(times, 0.99);
  const { status, msg, milliseconds } = await neighbour;
  const rss = peakMegabytes(program);
  const count = (sentence: string) => answers.filter((answer) => answer.msg === sentence).length;
  const [wrong, tooMany] = [count('用户名或密码错误'), count('密码错误次数过多，请15分钟后重试')];
  measured(`${AT_ONCE} wrong sign-ins at once`, {
    'answered as wrong': wrong,
    'as too many': tooMany,
    'HTTP 503': answers.filter((answer) => answer.status === 503).length,
    'all after (s)': seconds.toFixed(1),
    'peak RSS (MB)': rss,
    'longest delay of the event loop (ms)': delay.toFixed(0),
    'p99 of others (ms)': p99.toFixed(0),
    'a right sign-in from another address (ms)': milliseconds.toFixed(0),
  });
  expect([status, msg]).toEqual([200, '登录成功']);
  expect(wrong).toBe(ALLOWED);
  expect(tooMany).toBe(AT_ONCE - ALLOWED);
  expect(outcomes.filter((outcome) => outcome.status !== 200)).toEqual([]);
  expectInMemory('memory under an attack', rss);
  expectInTime('the longest delay of the event loop under a flood', delay);
});
