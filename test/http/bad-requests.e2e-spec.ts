import * as fc from 'fast-check';
import { Answer, Send, TestApp } from '../app';
import { expectEnvelope } from '../envelope';

const REQUESTS = 1000;
const SEED = 20_251_122;

const routes = [
  ...['login', 'check_ticket', 'refresh_token', 'user', 'logout'].map((name) => `/api/${name}`),
  ...['get_list', 'get', 'get_customer_list', 'add', 'edit', 'delete', 'multi_delete'].map(
    (name) => `/api/user_customer/${name}`,
  ),
  ...['admin/businessList', 'admin/manageBusiness', 'plugin/WechatCustomers/getList'].map(
    (name) => `/business/2/${name}`,
  ),
  '/business/-1/plugin/WechatCustomers/getList',
  '/business/9007199254740993/admin/manageBusiness',
];

const names = [
  ...['username', 'password', 'keep_alive', 'ticket', 'refresh_token', 'user_id', 'customer_id', 'secret'],
  ...['template', 'script', 'reference', 'page_index', 'page_size', 'condition', 'start_time', 'end_time'],
  ...['id', 'page', 'per_page', 'search', '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'then', ''],
];

const searchNames = [
  ...['customer', 'member', 'add_way_type', 'tags_data', 'tags_mode', 'employee_member', 'type', '类型', 'status'],
  ...['time', 'remark', '__proto__', 'constructor', 'hasOwnProperty', 'x'],
];

/** Text that often breaks programs, and values with a meaning in some route. */
const junkText = fc.oneof(
  fc.constantFrom('', ' ', '0', '-1', '1e9', '1.5', 'NaN', 'null', 'true', '[]', '{}', '[[', '%', '%%', '_', "'", '\\'),
  fc.constantFrom("' OR 1=1 --", '1; DROP TABLE user', '../../etc/passwd', '${7*7}', '\0', '\ud800', '\u202e', '😀'),
  fc.constantFrom('998', '1001', '9007199254740993', '99999999999999999999', '١٢', '2018-11-28', '2018-02-30 00:00:00'),
  fc.constantFrom('[["user_id","=","998"]]', '[["secret","=","x"]]', '[["user_id","; --",1]]', '["1001",null]'),
  fc.constantFrom('admin', 'any', 'none', 'long', 'x'.repeat(300), '中'.repeat(30_000)),
  fc.string({ unit: 'binary', maxLength: 40 }),
);

const junk = fc.oneof(
  { weight: 3, arbitrary: junkText },
  { weight: 1, arbitrary: fc.constantFrom<unknown>(null, true, 0, -0, -1, 1.5, 998, 1001, 1e21, 2 ** 53, -1e-7) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  { weight: 1, arbitrary: fc.array(junkText, { maxLength: 4 }) },
);

/** Valid values of the required parameters, so that the request gets as far as its bad ones. */
const valid = { user_id: '998', customer_id: '1001', secret: '5JHC', id: '1', username: 'admin' };

/** An object whose properties are all its own, `__proto__` too. */
const own = (entries: [string, unknown][]): object => Object.fromEntries(entries);
const parameters = fc
  .array(fc.tuple(fc.constantFrom(...names), junk), { maxLength: 6 })
  .chain((entries) =>
    fc
      .array(fc.tuple(fc.constantFrom(...searchNames), junk), { maxLength: 3 })
      .map((search) => own(search.length > 0 ? [...entries, ['search', own(search)]] : entries)),
  );

const caller = fc.constantFrom('admin', 'admin', 'demo', 'guest', 'stranger', 'nobody');
const encoding = fc.constantFrom('json', 'json', 'form', 'multipart', 'query', 'raw');
const rawType = fc.constantFrom('application/json', 'application/x-www-form-urlencoded', 'multipart/form-data', 'x/y');
const badRequest = fc.record({
  path: fc.constantFrom(...routes),
  method: fc.constantFrom('POST', 'POST', 'GET'),
  base: fc.constantFrom({}, valid),
  caller,
  encoding,
  parameters,
  raw: fc.record({ body: junkText, type: rawType }),
});
type BadRequest = typeof badRequest extends fc.Arbitrary<infer T> ? T : never;

/** `{ a: { b: [1] } }` as `a[b][0]=1`. */
function flatten(value: unknown, name = ''): [string, string][] {
  if (value === null || typeof value !== 'object') return [[name, String(value)]];
  return Object.entries(value).flatMap(([key, inner]) => flatten(inner, name === '' ? key : `${name}[${key}]`));
}

function encode({ path, encoding, base, raw, ...request }: BadRequest): [string, Send] {
  const method = path.startsWith('/api') ? 'POST' : request.method;
  const parameters = { ...base, ...request.parameters };
  const pairs = flatten(parameters).map(([name, value]): [string, string] => [
    name.toWellFormed(),
    value.toWellFormed(),
  ]);
  const text = new URLSearchParams(pairs).toString();
  if (encoding === 'query' || method === 'GET') return [`${path}?${text.slice(0, 12_000)}`, { method }];
  if (encoding === 'json') return [path, { method, json: parameters }];
  if (encoding === 'form') return [path, { method, form: text }];
  if (encoding === 'multipart') return [path, { method, multipart: own(pairs) as Record<string, string> }];
  return [path, { method, raw: { ...raw, body: raw.body.toWellFormed() } }];
}

const isSuccess = ({ body }: Answer) => body.code === 200 || body.result === 1;

/** The tables whose row count a request may change, given its answer. */
function mayChange(path: string, answer: Answer): string[] {
  const route = path.split('?')[0]!.split('/').at(-1)!;
  if (!isSuccess(answer))
    return ['授权码错误', '用户名或密码错误'].includes(answer.body.msg) ? ['failed_attempt', 'audit_entry'] : [];
  if (route === 'refresh_token') return ['session'];
  if (['login', 'logout'].includes(route)) return ['session', 'audit_entry'];
  if (['add', 'delete', 'multi_delete'].includes(route)) return ['user_customer', 'audit_entry'];
  if (route === 'edit') return ['audit_entry'];
  return route === 'manageBusiness' ? ['enterprise_choice', 'audit_entry'] : [];
}

test(`${REQUESTS} random bad requests to all routes get an envelope and write only what the answer says`, async () => {
  const app = await TestApp.start();
  const tables = [...new Set(app.dataSource.entityMetadatas.map(({ tableName }) => tableName))];
  const countAll = `SELECT ${tables.map((name) => `(SELECT COUNT(*) FROM \`${name}\`) AS \`${name}\``).join(', ')}`;
  const countRows = async () => (await app.dataSource.query<Record<string, unknown>[]>(countAll))[0]!;
  const passwords: Record<string, string> = { admin: 'demo-admin', demo: 'demo-user', guest: 'demo-guest' };
  const tokens: Record<string, string> = { stranger: 'f'.repeat(32), admin: await app.manage(1) };
  tokens.demo = await app.manage(1, 2, 'demo', 'demo-user');
  tokens.guest = await app.login('guest', 'demo-guest');

  const counts: Record<string, number> = {};
  let rows = await countRows();
  for (const request of fc.sample(badRequest, { seed: SEED, numRuns: REQUESTS })) {
    const [path, send] = encode(request);
    const answer = await app.send(path, { ...send, token: tokens[request.caller] });
    const now = await countRows();
    const changed = tables.filter((name) => now[name] !== rows[name]);
    rows = now;
    try {
      expect([200, 404, 405, 413]).toContain(answer.status);
      expectEnvelope(answer, path.startsWith('/business') ? 'business' : 'mix');
      expect(mayChange(path, answer)).toEqual(expect.arrayContaining(changed));
    } catch (error) {
      throw new Error(`${JSON.stringify(request)} was answered ${answer.status} ${answer.text}`, { cause: error });
    }
    const kind = answer.status !== 200 ? `HTTP ${answer.status}` : isSuccess(answer) ? 'success' : 'refused';
    counts[kind] = (counts[kind] ?? 0) + 1;
    if (path.includes('/api/logout') && isSuccess(answer)) {
      tokens[request.caller] = await app.login(request.caller, passwords[request.caller]);
      rows = await countRows();
    }
  }

  process.stdout.write(`${REQUESTS} bad requests: ${JSON.stringify(counts)}\n`);
  expect(counts.refused).toBeGreaterThan(REQUESTS / 3);
  expect((await app.send('/api/user', { token: tokens.admin })).body.code).toBe(200);
  await app.stop();
});
