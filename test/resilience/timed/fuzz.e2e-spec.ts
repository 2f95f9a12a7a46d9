import type { Answer } from '../../app';
import { TestApp } from '../../app';
import { buildUser, buildUserCustomer } from '../../factories';
import { sendBytes } from '../../raw-socket';
import { expectInTime } from './bars';
import { fingerprint } from '../fingerprint';
import { BYSTANDER, randomRequests, toWire } from '../fuzz-requests';
import { measured, percentile } from '../measured';
import { documentedRoutes, Route } from '../routes';
import { UNLIMITED } from '../unlimited';

const REQUESTS = 10_000;
const AT_ONCE = 4;
/** A different seed, such as FUZZ_SEED=7, gives other requests. */
const SEED = Number(process.env.FUZZ_SEED ?? 20_251_122);

const ACCOUNTS: Record<string, string> = { admin: 'demo-admin', demo: 'demo-user', guest: 'demo-guest' };

/** The contract's answers are 200; the others mean an unknown route or a request that is not HTTP. */
const STATUSES = [200, 400, 404, 405, 413, 431];
const KEYS = { mix: 'code,msg,mix_code,mix_msg,mix_ext,result', business: 'result,msg,data' };
const MIX_CODES = [130_001, 130_002, 230_001, 230_011, 230_014];

/** The rows that requests may change: sessions, guesses, and those of the two callers who may write. */
const UNTOUCHED = {
  session: '1 = 0',
  failed_attempt: '1 = 0',
  user_customer: 'user_id NOT IN (998, 999)',
  audit_entry: "user_id NOT IN (998, 999, 1000) AND kind <> 'sign-in'",
  enterprise_choice: 'user_id NOT IN (998, 999, 1000)',
};

/** The fault of an answer, if any (CONTRACT 1.1, 2.1). */
function complaint({ status, headers, text, body }: Answer, requestLine: string): string | undefined {
  const [method = '', target = ''] = requestLine.split(' ');
  if (!STATUSES.includes(status)) return `status ${status}`;
  if (headers.get('content-type') !== 'application/json; charset=utf-8') return 'content type';
  if (method === 'HEAD') return text === '' ? undefined : 'a body after HEAD';
  const family = /^(http:\/\/[^/]*)?\/+(business|addons\/+yun_shop)([/?#]|$)/.test(target) ? 'business' : 'mix';
  if (Object.keys((body ?? {}) as object).join() !== KEYS[family]) return `no envelope of ${family}`;
  const isFailure = family === 'mix' ? body.code !== 200 : body.result !== 1;
  if (family === 'mix' && !MIX_CODES.includes(body.mix_code)) return 'mix_code';
  if (status !== 200 && !isFailure) return 'a success that is not HTTP 200';
  if (isFailure && typeof body.msg !== 'string') return 'no message';
  return /sqlite|mariadb|mysql|argon2|SELECT |node_modules/i.test(body.msg) ? 'tells of the inside' : undefined;
}

const noAnswer = ({ message }: Error): Answer => ({
  status: 0,
  headers: new Headers(),
  text: message,
  body: undefined,
});
const isSuccess = ({ body }: Answer) => body?.code === 200 || body?.result === 1;
const isNotSignedIn = ({ body }: Answer) => body?.code === 401 || body?.data?.login_status === 1;
const nameOf = ({ method, path }: Route) => `${method} ${path}`;

let app: TestApp;
beforeAll(async () => {
  app = await TestApp.start({ settings: UNLIMITED });
});
afterAll(() => app.stop());

test(`${REQUESTS} random requests to every route`, async () => {
  await buildUser(app.dataSource, { userId: BYSTANDER.userId, username: 'bystander' });
  for (const customerId of BYSTANDER.customerIds) {
    await buildUserCustomer(app.dataSource, { userId: BYSTANDER.userId, customerId, reference: 'mine' });
  }
  const bystander = await app.login('bystander', 'password');
  const tokens: Record<string, string | undefined> = { stranger: 'f'.repeat(32) };
  for (const [name, password] of Object.entries(ACCOUNTS)) tokens[name] = await app.manage(1, 2, name, password);
  const routes = await documentedRoutes(app);
  const requests = randomRequests(routes, SEED, REQUESTS).map((request) => ({ ...request, ...toWire(request) }));
  const before = await fingerprint(app.dataSource, UNTOUCHED);

  const complaints: string[] = [];
  const milliseconds: number[] = [];
  const answered: Record<string, number> = {};
  const reached = new Set<string>();

  async function send(n: number, { route, caller, odd, head, body }: (typeof requests)[number]): Promise<void> {
    // After ten wrong codes, every add is refused.
    if (n % 50 === 0) await app.dataSource.query('DELETE FROM failed_attempt');
    const [requestLine = '', ...headers] = head;
    const token = tokens[caller];
    if (token !== undefined) headers.push(`Authorization: Bearer ${token}`);
    const start = performance.now();
    const answer = await sendBytes(app.url, [requestLine, ...headers], body).catch(noAnswer);
    milliseconds.push(performance.now() - start);

    const wrong = complaint(answer, requestLine);
    if (wrong) {
      const sent = JSON.stringify({ caller, head, body: body.toString('latin1') });
      complaints.push(`${wrong}: request ${n} ${sent} was answered ${answer.status} ${answer.text}`);
    }
    const kind = answer.status !== 200 ? `HTTP ${answer.status}` : isSuccess(answer) ? 'success' : 'refused';
    answered[kind] = (answered[kind] ?? 0) + 1;
    const isSpoiled = odd.target !== undefined || odd.method !== undefined;
    if (answer.status === 200 && !isSpoiled && !isNotSignedIn(answer)) reached.add(nameOf(route));
    if (route.path === '/api/logout' && isSuccess(answer)) tokens[caller] = await app.login(caller, ACCOUNTS[caller]);
  }

  const queue = requests.entries();
  const sendAll = async () => {
    for (const [n, request] of queue) await send(n, request);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sendAll));

  const [p50, p99, max] = [0.5, 0.99, 1].map((share) => percentile(milliseconds, share).toFixed(1));
  const figures = {
    seed: SEED,
    ...answered,
    'p50 ms': p50!,
    'p99 ms': p99!,
    'max ms': max!,
  };
  measured(`${REQUESTS} random requests to ${routes.length} routes`, figures);
  expect(complaints.slice(0, 5)).toEqual([]);
  expect([...reached].sort()).toEqual(routes.map(nameOf).sort());
  expect(await fingerprint(app.dataSource, UNTOUCHED)).toEqual(before);
  expect((await app.send('/api/user', { token: bystander })).body.code).toBe(200);
  expect(Object.keys(Object.prototype)).toEqual([]);
  expectInTime('p99 of random requests', Number(p99));
});
