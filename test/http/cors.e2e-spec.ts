import { TestApp } from '../app';

const GET_LIST = '/api/user_customer/get_list';
const LIST = '/business/2/plugin/WechatCustomers/getList';

const ORIGIN = 'https://crm.example.com';

describe('pages of other origins (CORS_ORIGINS)', () => {
  let app: TestApp;

  const start = async (CORS_ORIGINS: string, settings: Record<string, string> = {}) => {
    app = await TestApp.start({ settings: { CORS_ORIGINS, ...settings } });
  };

  afterEach(() => app.stop());

  const from = async (origin: string, path = '/api/user', method = 'POST') =>
    (await app.send(path, { method, headers: { origin } })).headers;

  const preflight = (path: string, origin = ORIGIN) =>
    app.send(path, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
    });

  test('are allowed as browsers write them, however the setting does', async () => {
    await start(' HTTPS://CRM.Example.com:443/ ,null');
    for (const origin of [ORIGIN, 'null']) {
      const headers = await from(origin);
      expect(headers.get('access-control-allow-origin')).toBe(origin);
      expect(headers.get('access-control-expose-headers')).toBe('X-Request-Id, Retry-After');
    }
    for (const other of [
      'https://elsewhere.example',
      'http://crm.example.com',
      `${ORIGIN}:8443`,
      `${ORIGIN}.evil.example`,
    ]) {
      const headers = await from(other);
      expect([headers.get('access-control-allow-origin'), headers.get('vary')]).toEqual([null, 'Origin']);
    }
  });

  test.each([ORIGIN, '*', 'null,*'])('%s allows no cookies', async (origins) => {
    await start(origins);
    for (const { headers } of [await preflight(LIST), await app.send(LIST, { headers: { origin: ORIGIN } })]) {
      expect(headers.get('access-control-allow-origin')).toBe(origins === ORIGIN ? ORIGIN : '*');
      expect(headers.get('access-control-allow-credentials')).toBeNull();
    }
  });

  test.each([
    '/api/user',
    LIST,
    '/health/live',
    '/docs-json',
    '/nowhere',
    '/business/2/nowhere',
    '/api/%ff',
    '/business/%ff/admin/businessList',
  ])('may ask before they call: OPTIONS %s', async (path) => {
    await start(ORIGIN);
    const { status, text, headers } = await preflight(path);
    expect([status, text]).toEqual([204, '']);
    expect(headers.get('access-control-allow-origin')).toBe(ORIGIN);
    expect(headers.get('access-control-allow-methods')).toBe('GET,HEAD,POST');
    expect(headers.get('access-control-allow-headers')).toBe('authorization');
    expect(headers.get('vary')).toBe('Origin, Access-Control-Request-Headers');
    expect((await preflight(path, 'https://elsewhere.example')).headers.get('access-control-allow-origin')).toBeNull();
  });

  test.each([
    ['a failure', GET_LIST, 'POST', 200],
    ['an unknown route', '/nowhere', 'GET', 404],
    ['an unknown route of family B', '/business/2/nowhere', 'GET', 200],
    ['another method', '/api/user', 'DELETE', 405],
    ['an undecodable path', '/api/%ff', 'GET', 200],
    ['an undecodable parameter', '/business/%e4%b8/admin/businessList', 'GET', 200],
    ['a parameter that is too long', `/business/${'2'.repeat(200)}/admin/businessList`, 'GET', 200],
  ])('read %s', async (_case, path, method, status) => {
    await start(ORIGIN);
    const answer = await app.send(path, { method, headers: { origin: ORIGIN } });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('access-control-allow-origin')).toBe(ORIGIN);
    expect(answer.headers.get('vary')).toBe('Origin');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff'); // security headers come the same way
  });

  test('read that they are too many', async () => {
    await start(ORIGIN, { RATE_LIMIT_ADDRESS: '1' });
    await from(ORIGIN);
    for (const path of ['/api/user', '/api/%ff']) {
      const { status, headers } = await app.send(path, { headers: { origin: ORIGIN } });
      expect([status, headers.get('access-control-allow-origin')]).toEqual([429, ORIGIN]);
    }
  });

  test('are told nothing without the setting', async () => {
    await start('');
    const headers = await from(ORIGIN);
    expect([headers.get('access-control-allow-origin'), headers.get('vary')]).toEqual([null, null]);
    expect((await preflight('/api/user')).status).toBe(405);
  });
});
