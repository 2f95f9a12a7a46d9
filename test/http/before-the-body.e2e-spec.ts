import { once } from 'node:events';
import { connect, Socket } from 'node:net';
import { TestApp } from '../app';
import { expectEnvelope, expectFailure, FamilyName } from '../envelope';
import { sendBytes } from '../raw-socket';
import { until } from '../resilience/load';

const KIB = 1024;
const MIB = 1024 * KIB;
const JSON_TYPE = 'Content-Type: application/json';
const LIST = '/business/2/plugin/WechatCustomers/getList';
const API_PHP = '/addons/yun_shop/api.php?i=2&type=5&route=';
const PUBLIC = ['login', 'app/login', 'check_ticket', 'refresh_token'].map((name) => `/api/${name}`);

/** JSON of so many bytes. */
const jsonOf = (bytes: number) => `{"x":"${'x'.repeat(bytes - 8)}"}`;

/** What is refused by its headers alone, before a byte of the body is read. */
describe('before the body', () => {
  let app: TestApp;
  let token: string;
  const sockets: Socket[] = [];

  beforeAll(async () => {
    app = await TestApp.start();
    token = await app.manage(1);
  });

  afterEach(() => sockets.splice(0).forEach((socket) => socket.destroy()));

  afterAll(() => app.stop());

  /** Opens a connection and sends a request of which something is missing. */
  async function unfinished(head: string[], body = ''): Promise<Socket> {
    const { hostname, port } = new URL(app.url);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    sockets.push(socket);
    await new Promise((sent) => socket.write([...head, 'Host: hub', '', body].join('\r\n'), sent));
    return socket;
  }

  const declared = (path: string, bytes: number, more: string[] = []) =>
    sendBytes(app.url, [`POST ${path} HTTP/1.1`, JSON_TYPE, ...more, `Content-Length: ${bytes}`]);

  test('a request without a token, or with a wrong one, is not signed in on every route but the public ones', async () => {
    const document = (await app.send('/docs-json', { method: 'GET' })).body.paths as object;
    const paths = Object.keys(document).map((path) => path.replace('{uniacid}', '2'));
    const guarded = paths.filter((path) => !PUBLIC.includes(path) && !path.startsWith('/addons/'));
    expect(guarded.length).toBeGreaterThan(25);
    for (const path of guarded) {
      const family: FamilyName = path.startsWith('/api') ? 'mix' : 'business';
      for (const headers of [[], ['Authorization: Bearer wrong'], [`Cookie: customer_hub_session=wrong`]]) {
        const answer = await declared(path, 500 * KIB, headers);
        expectEnvelope(answer, family);
        expect([path, answer.status, answer.body.code ?? answer.body.data]).toEqual([
          path,
          200,
          family === 'mix' ? 401 : { login_status: 1 },
        ]);
      }
    }
  });

  test('a broken body without a token is not signed in either', async () => {
    const raw = { body: '{', type: 'application/json' };
    expect((await app.send('/api/user', { raw })).body.mix_code).toBe(230014);
    expect((await app.send(LIST, { raw })).body.data).toEqual({ login_status: 1 });
  });

  test.each([
    ...PUBLIC.map((path) => [path, 'mix'] as const),
    ...['member.login.index', 'member.login.login-mode', 'member.logout.index'].map(
      (route) => [API_PHP + route, 'business'] as const,
    ),
    ['/docs', 'mix'],
    ['/docs-json', 'mix'],
    ['/health/live', 'mix'],
    ['/metrics', 'mix'],
  ] as const)('%s takes 16 KB', async (path, family) => {
    const method = path.startsWith('/api') || path.startsWith('/addons') ? 'POST' : 'GET';
    const send = (body: string, more: string[] = [`Content-Length: ${body.length}`]) =>
      sendBytes(app.url, [`${method} ${path} HTTP/1.1`, JSON_TYPE, ...more], body);
    expect((await send(jsonOf(16 * KIB))).status).toBe(path === '/metrics' ? 404 : 200);
    const tooLarge = jsonOf(16 * KIB + 1);
    expectFailure(await send(tooLarge), 413, family, 'body-too-large');
    expectFailure(await send('', [`Content-Length: ${tooLarge.length}`]), 413, family, 'body-too-large');
    const chunked = `${tooLarge.length.toString(16)}\r\n${tooLarge}\r\n0\r\n\r\n`;
    expectFailure(await send(chunked, ['Transfer-Encoding: chunked']), 413, family, 'body-too-large');
  });

  test('a client that waits for 100 Continue is told so once its headers are accepted', async () => {
    const first = async (path: string, bytes: number, more: string[]) => {
      const head = [`POST ${path} HTTP/1.1`, JSON_TYPE, 'Expect: 100-continue', `Content-Length: ${bytes}`, ...more];
      const [line] = (await once(await unfinished(head), 'data')) as [Buffer];
      return String(line).split('\r\n', 1)[0];
    };
    const signedIn = [`Authorization: Bearer ${token}`];
    expect(await first('/api/user', 2, signedIn)).toBe('HTTP/1.1 100 Continue');
    expect(await first('/api/login', 2, [])).toBe('HTTP/1.1 100 Continue');
    expect(await first('/api/user', 2, [])).toBe('HTTP/1.1 200 OK');
    expect(await first('/api/user', MIB + 1, signedIn)).toBe('HTTP/1.1 413 Payload Too Large');
    expect(await first('/api/nothing', 2, signedIn)).toBe('HTTP/1.1 404 Not Found');
  });

  test('a body above 1 MiB is refused before it is sent', async () => {
    const answer = await declared(LIST, MIB + 1, [`Authorization: Bearer ${token}`]);
    expectFailure(answer, 413, 'business', 'body-too-large');
  });

  describe('while 16 MB of bodies of one account are under way', () => {
    const large = jsonOf(64 * KIB);
    const started = () =>
      unfinished(
        [`POST ${LIST} HTTP/1.1`, JSON_TYPE, `Authorization: Bearer ${token}`, `Content-Length: ${MIB}`],
        jsonOf(MIB).slice(0, -1),
      );

    const sendTo = (path: string, body: string, caller = token) =>
      app.send(path, { raw: { body, type: 'application/json' }, token: caller });

    test('its large bodies get a 503, its small ones and those of others are read', async () => {
      const other = await app.login('demo', 'demo-user');
      await until(async () => {
        await started();
        return (await sendTo(LIST, large)).status === 503;
      }, 25_000);
      for (const [path, family] of [
        [LIST, 'business'],
        ['/api/user_customer/get_list', 'mix'],
      ] as const) {
        const refused = await sendTo(path, large);
        expectFailure(refused, 503, family, 'unavailable');
        expect(refused.headers.get('retry-after')).toBe('2');
        expect((await sendTo(path, '{}')).status).toBe(200);
        expect((await sendTo(path, large, other)).status).toBe(200);
      }
      sockets.splice(0).forEach((socket) => socket.destroy());
      await until(async () => (await sendTo(LIST, large)).status === 200, 25_000);
    });
  });
});
