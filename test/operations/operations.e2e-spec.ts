import { connect } from 'node:net';
import { register } from 'prom-client';
import { TestApp } from '../app';
import { expectBadParameter, expectEnvelope, expectFailure } from '../envelope';
import { linesOf, logOf } from '../log';
import { patience } from '../machine.cjs';
import { sendBytes } from '../raw-socket';
import { until } from '../until';

const LIST = '/business/2/plugin/WechatCustomers/getList';
const METRICS_TOKEN = 'metrics-token-of-the-test';

const answeredOf = (log: string) => linesOf(log).filter(({ msg }) => msg === 'answered');

describe('every request', () => {
  let app: TestApp;
  let token: string;

  beforeAll(async () => {
    app = await TestApp.start({ settings: { LOG_LEVEL: 'info' } });
    await logOf(async () => void (token = await app.manage(1)));
  });

  afterAll(() => logOf(() => app.stop()));

  test.each([
    ['a success', '/api/user', 'ok', undefined, '/api/user', 1000],
    ['a list', LIST, 'ok', undefined, '/business/:uniacid/plugin/WechatCustomers/getList', 1000],
    ['a bad parameter', '/api/user_customer/get', 'bad-parameter', 'BadParameter', '/api/user_customer/get', 1000],
    ['a refusal', '/api/user_customer/get?', 'rejected', 'RecordNotFound', '/api/user_customer/get', 1000],
    ['an undecodable URL', '/api/%ff', 'bad-parameter', 'BadParameter', 'unknown', undefined],
    ['no such route', '/api/secret-of-mine', 'route-not-found', 'TransportFailure', 'unknown', undefined],
  ])(
    'leaves a line that tells %s by its outcome and carries the id of the answer',
    async (_case, path, ...expected) => {
      const json = path.endsWith('?') ? { user_id: 998, customer_id: 424242 } : {};
      let id: string | null = null;
      const log = await logOf(async () => {
        id = (await app.send(path, { json, token })).headers.get('x-request-id');
      });
      expect(id).toMatch(/^[\w-]{36}$/);
      const [line, ...more] = linesOf(log);
      expect(more).toEqual([]);
      const [outcome, failure, route, user] = expected;
      const address = '127.0.0.1';
      expect(line).toMatchObject({ level: 'info', request_id: id, method: 'POST', outcome, route, address });
      expect(line.failure).toBe(failure);
      expect(line.user_id).toBe(user);
      expect(line.ms).toBeGreaterThanOrEqual(0);
      expect(log).not.toContain('secret-of-mine');
    },
  );

  test('without a token is logged differently from one that is signed in', async () => {
    const log = await logOf(async () => void (await app.send('/api/user')));
    expect(linesOf(log)).toEqual([expect.objectContaining({ outcome: 'not-signed-in', status: 200 })]);
  });

  test('whose client leaves before the answer is logged too', async () => {
    const body = JSON.stringify({ username: 'admin', password: 'wrong' });
    const log = await logOf(async (soFar) => {
      const { hostname, port } = new URL(app.url);
      const socket = connect(Number(port), hostname);
      const head = ['POST /api/login HTTP/1.1', 'Host: hub', 'Content-Type: application/json'];
      socket.end([...head, `Content-Length: ${body.length}`, '', body].join('\r\n'), () => socket.destroy());
      await until(() => soFar() !== '');
    });
    expect(linesOf(log)).toEqual([
      expect.objectContaining({ route: '/api/login', outcome: 'aborted', address: '127.0.0.1' }),
    ]);
  });

  test('whose client resets the connection is logged once, also when several are pipelined', async () => {
    const { hostname, port } = new URL(app.url);
    const wrong = JSON.stringify({ username: 'nobody', password: 'wrong' });
    const head = ['POST /api/login HTTP/1.1', 'Host: hub', 'Content-Type: application/json'];
    const login = [...head, `Content-Length: ${wrong.length}`, '', wrong].join('\r\n');
    for (const sent of ['GET /nope HTTP/1.1\r\nHost: hub\r\n\r\n', login.repeat(5)]) {
      const requests = sent.split('HTTP/1.1').length - 1;
      const log = await logOf(async (soFar) => {
        const socket = connect(Number(port), hostname);
        socket.write(sent);
        await app.send('/health/live', { method: 'GET' }); // the requests before it are read by then
        socket.resetAndDestroy();
        await until(() => answeredOf(soFar()).length >= requests);
        await app.send('/api/user', { token }); // time for lines that are too many
      });
      expect(answeredOf(log)).toHaveLength(requests + 1);
    }
  });

  test('whose client leaves in the middle of its request is not logged as a database fault', async () => {
    const { hostname, port } = new URL(app.url);
    const log = await logOf(async (soFar) => {
      const socket = connect(Number(port), hostname);
      const head = ['POST /api/login HTTP/1.1', 'Host: hub', 'Content-Type: application/json', 'Content-Length: 100'];
      socket.write([...head, '', '{"'].join('\r\n'));
      await app.send('/health/live', { method: 'GET' }); // the half before it is read by then
      socket.resetAndDestroy();
      await until(() => soFar() !== '');
    });
    expect(linesOf(log)).toEqual([expect.objectContaining({ level: 'info', outcome: 'aborted' })]);
  });

  test('that names its own id gets another: only a trusted proxy names requests', async () => {
    await logOf(async () => {
      const { headers } = await app.send('/api/user', { token, headers: { 'x-request-id': 'forged' } });
      expect(headers.get('x-request-id')).not.toBe('forged');
    });
  });

  test('with more than 100 headers is refused; none is dropped silently', async () => {
    await logOf(async () => {
      const headers = (n: number) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`x-h${i}`, '1']));
      expect((await app.send('/api/user', { token, headers: headers(85) })).body.code).toBe(200);
      expectBadParameter(await app.send('/api/user', { token, headers: headers(100) }), 'mix', '请求头不能超过100个');
    });
  });

  test('is answered with security headers and without CORS headers', async () => {
    await logOf(async () => {
      const { headers } = await app.send('/api/user', { token, headers: { origin: 'https://elsewhere.example' } });
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('SAMEORIGIN');
      expect(headers.get('content-security-policy')).toContain("default-src 'self'");
      expect(headers.get('access-control-allow-origin')).toBeNull();
      expect(headers.get('x-powered-by')).toBeNull();
    });
  });
});

describe('settings of operation', () => {
  let app: TestApp;

  const start = (settings: Record<string, string>) => logOf(async () => void (app = await TestApp.start({ settings })));

  afterEach(() => logOf(() => app.stop()));

  test('METRICS_TOKEN opens /metrics to clients that send it', async () => {
    register.resetMetrics(); // drops the counts of earlier apps
    await start({ METRICS_TOKEN });
    const token = await app.manage(1);
    await app.send(LIST, { token });
    await app.send(LIST, { token });
    await app.send('/api/user_customer/get', { json: { user_id: 998, customer_id: 424242 }, token });
    await sendBytes(app.url, ['GARBAGE / HTTP/1.1']);

    for (const given of [undefined, 'wrong-token-wrong', token]) {
      expect((await app.send('/metrics', { method: 'GET', token: given })).status).toBe(401);
    }
    const { status, text } = await app.send('/metrics', { method: 'GET', token: METRICS_TOKEN });
    expect(status).toBe(200);
    const value = (series: string) =>
      Number(
        text
          .split('\n')
          .find((line) => line.startsWith(`${series} `))
          ?.split(' ')
          .at(-1),
      );
    const list = 'method="POST",route="/business/:uniacid/plugin/WechatCustomers/getList",outcome="ok"';
    expect(value(`customer_hub_request_seconds_count{${list}}`)).toBe(2);
    const get = 'method="POST",route="/api/user_customer/get",outcome="rejected"';
    expect(value(`customer_hub_request_seconds_count{${get}}`)).toBe(1);
    expect(value('customer_hub_cache_lookups_total{cache="extents",result="hit"}')).toBe(1);
    expect(value('customer_hub_cache_lookups_total{cache="extents",result="miss"}')).toBe(1);
    expect(value('customer_hub_cache_lookups_total{cache="sessions",result="hit"}')).toBeGreaterThan(0);
    expect(value('customer_hub_unreadable_requests_total{reason="HPE_INVALID_METHOD"}')).toBe(1);
    for (const state of ['in use', 'idle', 'waiting']) {
      expect(value(`customer_hub_pool_connections{state="${state}"}`)).toBeGreaterThanOrEqual(0);
    }
    expect(value('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThanOrEqual(0);
    expect(text).not.toContain(METRICS_TOKEN);
  });

  test('without METRICS_TOKEN, /metrics does not exist', async () => {
    await start({});
    const answer = await app.send('/metrics', { method: 'GET' });
    expect([answer.status, answer.body.msg]).toEqual([404, '接口不存在']);
  });

  test('RATE_LIMIT_ADDRESS answers 429 in the family of the URL with Retry-After, also for unknown routes', async () => {
    await start({ RATE_LIMIT_ADDRESS: '5' });
    for (let n = 0; n < 5; n++) expect((await app.send('/api/user')).status).toBe(200);
    for (const [path, family, body] of [
      ['/api/user', 'mix', { code: 500, msg: '请求过于频繁，请稍后重试', mix_code: 230012 }],
      [LIST, 'business', { result: 0, msg: '请求过于频繁，请稍后重试', data: [] }],
      ['/nowhere', 'mix', { code: 500 }],
      ['/%ff', 'mix', { code: 500 }],
    ] as const) {
      const answer = await app.send(path);
      expect(answer.status).toBe(429);
      expectEnvelope(answer, family);
      expect(answer.body).toMatchObject(body);
      const seconds = Number(answer.headers.get('retry-after'));
      expect(seconds).toBeGreaterThan(0);
      expect(seconds).toBeLessThanOrEqual(60);
    }
  });

  test('probes are never limited and never logged', async () => {
    await start({ RATE_LIMIT_ADDRESS: '1', LOG_LEVEL: 'info' });
    const log = await logOf(async () => {
      for (let n = 0; n < 5; n++) expect((await app.send('/health/live', { method: 'GET' })).status).toBe(200);
    });
    expect(log).toBe('');
  });

  test('RATE_LIMIT_ACCOUNT limits one account across its tokens, and no other account', async () => {
    await start({ RATE_LIMIT_ACCOUNT: '3' });
    const [first, second, other] = [await app.login(), await app.login(), await app.login('demo', 'demo-user')];
    for (const token of [first, second, first]) expect((await app.send('/api/user', { token })).status).toBe(200);
    expect((await app.send('/api/user', { token: second })).status).toBe(429);
    const raw = { body: '{', type: 'application/json' };
    expect((await app.send('/api/user', { token: second, raw })).status).toBe(429); // its body is not read
    expect((await app.send('/api/user', { token: other })).status).toBe(200);
  });

  test('TRUSTED_PROXIES: such a proxy sets the client address for limits, and the request id', async () => {
    await start({ TRUSTED_PROXIES: '127.0.0.0/8,10.0.0.0/8', RATE_LIMIT_ADDRESS: '2' });
    const from = (address: string) =>
      app.send('/api/user', { headers: { 'x-forwarded-for': address, 'x-request-id': 'proxy-7' } });
    const statuses = [];
    for (const address of ['192.0.2.1', '192.0.2.1', '192.0.2.1', '192.0.2.2', '192.0.2.9, 192.0.2.1, 10.1.1.1']) {
      statuses.push((await from(address)).status);
    }
    expect(statuses).toEqual([200, 200, 429, 200, 429]);
    expect((await from('192.0.2.3')).headers.get('x-request-id')).toBe('proxy-7');
    const forged = { 'x-forwarded-for': '192.0.2.4', 'x-request-id': 'no id\\n' };
    expect((await app.send('/api/user', { headers: forged })).headers.get('x-request-id')).toMatch(/^[\w-]{36}$/);
  });

  test('without TRUSTED_PROXIES no client can pose as another address', async () => {
    await start({ RATE_LIMIT_ADDRESS: '2' });
    const statuses = [];
    for (const n of [1, 2, 3]) {
      statuses.push((await app.send('/api/user', { headers: { 'x-forwarded-for': `192.0.2.${n}` } })).status);
    }
    expect(statuses).toEqual([200, 200, 429]);
  });

  test('MAX_EVENT_LOOP_DELAY_MS: an overloaded process refuses all but probes at once, and recovers', async () => {
    await start({ MAX_EVENT_LOOP_DELAY_MS: String(patience(100)) });
    const answer = await busyUntil(async () => {
      const given = await app.send(LIST);
      return given.status === 503 ? given : undefined;
    });
    expectFailure(answer, 503, 'business', 'unavailable');
    expect(answer.headers.get('retry-after')).toBe('2');
    expect((await app.send('/health/live', { method: 'GET' })).status).toBe(200);
    await until(async () => (await app.send(LIST)).status === 200);
  });
});

/** Keeps this process, the app's too, busy most of the time until `result` has one. */
async function busyUntil<Result>(result: () => Promise<Result | undefined>): Promise<Result> {
  for (;;) {
    for (const end = performance.now() + patience(300); performance.now() < end;);
    const found = await result();
    if (found !== undefined) return found;
  }
}
