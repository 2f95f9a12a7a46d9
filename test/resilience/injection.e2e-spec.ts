import { stringify } from 'qs';
import { Customer } from '../../src/user-customer/entities/customer.entity';
import { UserCustomer } from '../../src/user-customer/entities/user-customer.entity';
import { Answer, Send, TestApp } from '../app';
import { fingerprint } from './fingerprint';
import { BYTES, HARMLESS, Payload, TIMED, UNTIMED } from './injection-payloads';
import { measured, percentile } from './measured';
import { documentedRoutes, Route } from './routes';
import { UNLIMITED } from './unlimited';

const AT_ONCE = 8;
/** An executed payload waits or computes at least this long, on any machine and every time. */
const EXECUTED_MS = 5_000;

/** User 998 reads, user 999 writes, and user 1000 customers, so that no search finds a stored payload. */
const READER = 998;
const WRITER = 999;
const MANAGER = 1000;
/** The customer that the manager edits; those it adds have the ids after it. */
const EDITED = 30_000;
const UNTOUCHED = {
  customer: `customer_id < ${EDITED}`,
  failed_attempt: '1 = 0',
  session: 'user_id <> 1000', // the documented login succeeds with any text as its `system`
  user_customer: `user_id <> ${WRITER}`,
  audit_entry: '1 = 0',
};

/** Words of an engine, a driver, or a row that no answer may show. */
const INSIDE =
  /SQL syntax|SQLITE_|SqliteError|\bER_[A-Z_]{4}|QueryFailed|unrecognized token|no such (column|table|function)|Unknown column|near "|[Mm]y[Ss][Qq][Ll]|[Mm]aria[Dd][Bb]|node_modules|\$argon2|5JHC|information_schema|sqlite_master/;

/** A place for a payload. */
interface Place {
  name: string;
  route: Route;
  put: (payload: Payload) => Record<string, unknown>;
}

describe('SQL in parameters', () => {
  let app: TestApp;
  let places: Place[];
  let tokens: Record<number, string>;
  let customers: Pick<Customer, 'customerId'>[];
  let lastAdded = EDITED;

  beforeAll(async () => {
    app = await TestApp.start({ settings: UNLIMITED });
    tokens = {
      [READER]: await app.manage(1, 2, 'demo', 'demo-user'),
      [WRITER]: await app.login('guest', 'demo-guest'),
      [MANAGER]: await app.login(),
    };
    const routes = await documentedRoutes(app);
    places = [...routes.flatMap(parametersOf), ...insideConditions(routes), ...names(routes)];
    const rows = Array.from({ length: 1000 }, (_, n) => ({ customerId: 20_000 + n, name: '', secret: 'ABCD' }));
    await app.dataSource.createQueryBuilder().insert().into(Customer).values(rows).updateEntity(false).execute();
    customers = rows;
    await app.dataSource.getRepository(Customer).insert({ customerId: EDITED, secret: 'ABCD' });
    await app.dataSource.getRepository(UserCustomer).insert({ userId: WRITER, customerId: 1001, created: null });
  });

  afterAll(() => app.stop());

  /** The answer to a request that is valid except for the payload, and its time. */
  async function attack({ route, put }: Place, payload: Payload, bytes?: string) {
    const sound = soundOf(route);
    const isWrite = /\/(add|edit)$/.test(route.path);
    const isManaged = isWrite && route.path.startsWith('/api/customer/');
    const sender = isManaged ? MANAGER : isWrite ? WRITER : READER;
    if ('user_id' in sound) sound.user_id = sender;
    if (isManaged) sound.customer_id = route.path.endsWith('/add') ? ++lastAdded : EDITED;
    else if (route.path.endsWith('/add'))
      Object.assign(sound, { customer_id: customers.pop()!.customerId, secret: 'ABCD' });
    const [path, send] = requestOf(route, { ...sound, ...put(payload) }, bytes);
    const start = performance.now();
    const answer = await app.send(path, { ...send, token: tokens[sender] });
    const milliseconds = performance.now() - start;
    // After ten wrong codes an add is refused unread.
    if (answer.body?.msg?.startsWith('授权码')) await app.dataSource.query('DELETE FROM failed_attempt');
    return { answer, milliseconds };
  }

  test('changes no row, reveals nothing and finds no more than an unknown name', async () => {
    const payloads = UNTIMED;
    const before = await fingerprint(app.dataSource, UNTOUCHED);
    const complaints: string[] = [];
    let requests = 0;

    async function attackAt(place: Place): Promise<void> {
      const { answer: harmless } = await attack(place, HARMLESS);
      const tries = [
        ...payloads.map((payload) => ({ payload, bytes: undefined })),
        ...BYTES.map((bytes) => ({ payload: HARMLESS, bytes })),
      ];
      for (const { payload, bytes } of tries) {
        const { answer } = await attack(place, payload, bytes);
        requests++;
        const wrong = complaint(answer, harmless, payload);
        if (wrong)
          complaints.push(`${wrong}: ${place.name} ${JSON.stringify(bytes ?? payload)} was answered ${answer.text}`);
      }
    }
    const queue = places.values();
    const attackAll = async () => {
      for (const place of queue) await attackAt(place);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, attackAll));

    measured('SQL in parameters changes and tells nothing', {
      payloads: payloads.length + BYTES.length,
      places: places.length,
      requests,
      'wrong answers': complaints.length,
    });
    expect(complaints.slice(0, 5)).toEqual([]);
    expect(await fingerprint(app.dataSource, UNTOUCHED)).toEqual(before);
    expect(payloads.length + BYTES.length + TIMED.length).toBeGreaterThanOrEqual(80);
  });

  test('that waits is not executed', async () => {
    const before = await fingerprint(app.dataSource, UNTOUCHED);
    const waited: number[] = [];
    const harmless: number[] = [];
    for (const place of places) {
      harmless.push((await attack(place, HARMLESS)).milliseconds);
      for (const payload of TIMED) {
        let { milliseconds } = await attack(place, payload);
        if (milliseconds >= EXECUTED_MS) ({ milliseconds } = await attack(place, payload)); // the machine paused?
        waited.push(milliseconds);
      }
    }
    measured('SQL that waits is not run', {
      requests: waited.length,
      'p50 ms': percentile(waited, 0.5).toFixed(1),
      'p50 ms of a harmless text': percentile(harmless, 0.5).toFixed(1),
      'max ms': Math.max(...waited).toFixed(1),
    });
    expect(Math.max(...waited)).toBeLessThan(EXECUTED_MS);
    expect(await fingerprint(app.dataSource, UNTOUCHED)).toEqual(before);
  });

  test('is stored as plain text', async () => {
    const stored = await app.dataSource.getRepository(UserCustomer).findBy({ userId: WRITER });
    const texts = stored.flatMap(({ template, script, reference }) => [template, script, reference]).filter(Boolean);
    expect(new Set(texts)).toEqual(
      new Set([HARMLESS, ...UNTIMED, ...TIMED].filter((text) => typeof text === 'string')),
    );
  });
});

/** @param bytes sent instead of the harmless text, for bytes that JSON cannot express */
function requestOf(
  { method, path, parameters }: Route,
  values: Record<string, unknown>,
  bytes?: string,
): [string, Send] {
  const raw = (encoded: string) => (bytes === undefined ? encoded : encoded.replaceAll(HARMLESS, bytes));
  const isInPath = (name: string) =>
    parameters.some((parameter) => parameter.name === name && parameter.place === 'path');
  const others = Object.fromEntries(Object.entries(values).filter(([name]) => !isInPath(name)));
  const form = new URLSearchParams(pairsOf(others)).toString();
  const target = raw(path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(asText(values[name]))));
  if (method === 'GET') return [`${target}?${raw(form)}`, { method }];
  if (bytes === undefined) return [target, { json: nest(others) }];
  return [target, { raw: { type: 'application/x-www-form-urlencoded', body: raw(form) } }];
}

const asText = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

function complaint({ status, text, body }: Answer, harmless: Answer, payload: Payload): string | undefined {
  if (status !== 200 && status !== 404) return `status ${status}`;
  if (rowsOf(body) > rowsOf(harmless.body)) return `${rowsOf(body)} rows instead of ${rowsOf(harmless.body)}`;
  const sent = asText(payload);
  // A list echoes its input: a stored text, or a filter in its page URLs.
  const echoes = [JSON.stringify(sent).slice(1, -1), stringify({ x: sent }).slice(2)];
  const rest = echoes.reduce((left, echo) => left.replaceAll(echo, ''), text);
  return INSIDE.test(rest) ? `tells ${INSIDE.exec(rest)![0]}` : undefined;
}

const rowsOf = (body: any): number => body?.result?.total_records ?? body?.data?.total ?? 0;

/** The required parameters with the documentation's examples. */
function soundOf({ parameters }: Route): Record<string, unknown> {
  const required = parameters.filter(({ isRequired }) => isRequired);
  return Object.fromEntries(required.map(({ name, example }) => [name, example ?? 'x']));
}

function parametersOf(route: Route): Place[] {
  return route.parameters.map(({ name }) => ({
    name: `${route.method} ${route.path} ${name}`,
    route,
    put: (payload) => ({ [name]: payload }),
  }));
}

/** Places inside the parameter `condition`: column, operator, and a value for each column. */
function insideConditions(routes: Route[]): Place[] {
  const ofRelations = ['user_id', 'customer_id', 'template', 'script', 'reference', 'created', 'is_available'];
  const columns = [...ofRelations, 'boss_sync', 'customer_name', 'city', 'secret'];
  const inCondition = (name: string, triple: (payload: Payload) => unknown[]) =>
    routes
      .filter(({ parameters }) => parameters.some((parameter) => parameter.name === 'condition'))
      .map((route) => ({
        name: `${route.path} condition ${name}`,
        route,
        put: (payload: Payload) => ({ condition: JSON.stringify([triple(payload)]) }),
      }));
  return [
    ...inCondition('column', (payload) => [payload, '=', 'x']),
    ...inCondition('operator', (payload) => ['reference', payload, 'x']),
    ...columns.flatMap((column) =>
      ['=', 'LIKE'].flatMap((operator) =>
        inCondition(`${column} ${operator}`, (payload) => [column, operator, payload]),
      ),
    ),
  ];
}

/** Parameters whose names are SQL. */
function names(routes: Route[]): Place[] {
  return routes
    .filter(({ path }) => /list$/i.test(path))
    .flatMap((route) => [
      { name: `${route.path} a name`, route, put: (payload: Payload) => ({ [asText(payload)]: 'x' }) },
      { name: `${route.path} search[…]`, route, put: (payload: Payload) => ({ [`search[${asText(payload)}]`]: 'x' }) },
    ]);
}

/** `{ 'search[customer]': 'x' }` as `{ search: { customer: 'x' } }`. */
function nest(parameters: Record<string, unknown>): object {
  const entries = Object.entries(parameters).map(([name, value]) => {
    const [, outer, inner] = /^(\w+)\[(.+)\]$/s.exec(name) ?? [];
    return outer === undefined ? [name, value] : [outer, { [inner!]: value }];
  });
  return Object.fromEntries(entries) as object;
}

/** `{ a: { b: 1 } }` as `a[b]=1`. */
function pairsOf(parameters: object, outer = ''): [string, string][] {
  return Object.entries(parameters).flatMap(([key, value]: [string, unknown]): [string, string][] => {
    const name = outer === '' ? key : `${outer}[${key}]`;
    return value !== null && typeof value === 'object' ? pairsOf(value, name) : [[name, String(value)]];
  });
}
