import { UserCustomer } from '../../src/user-customer/entities/user-customer.entity';
import { TestApp } from '../app';
import { expectBadParameter, expectEnvelope } from '../envelope';
import { buildUserCustomer } from '../factories';
import { sendBytes } from '../raw-socket';

const LIST = '/business/2/plugin/WechatCustomers/getList';
const MANAGE = '/business/2/admin/manageBusiness';
const GET_LIST = '/api/user_customer/get_list';
const JSON_TYPE = 'Content-Type: application/json';
const FORM_TYPE = 'Content-Type: application/x-www-form-urlencoded';

/** Whatever a client sends is read or refused, never dropped without a word (CONTRACT 1.1). */
describe('nothing is dropped', () => {
  let app: TestApp;
  let token: string;

  beforeAll(async () => {
    app = await TestApp.start();
    token = await app.manage(1);
  });

  afterAll(() => app.stop());

  const bytes = (requestLine: string, headers: string[] = [], body: string | Buffer = '') => {
    const length = body.length > 0 ? [`Content-Length: ${Buffer.byteLength(body)}`] : [];
    const authorization = `Authorization: Bearer ${token}`;
    return sendBytes(app.url, [`${requestLine} HTTP/1.1`, authorization, ...headers, ...length], body);
  };
  const perPage = async (answer: ReturnType<typeof bytes>) => (await answer).body.data?.per_page as unknown;

  /** The paths of the API's document that begin with `start`, with uniacid 2. */
  const documented = async (start: string): Promise<string[]> => {
    const { body } = await app.send('/docs-json', { method: 'GET' });
    const paths = Object.keys(body.paths as object).map((path) => path.replace('{uniacid}', '2'));
    return paths.filter((path) => path.startsWith(start));
  };

  test('a query or a body that cannot be read is refused on every route of family B', async () => {
    const routes = await documented('/business/');
    expect(routes.length).toBeGreaterThanOrEqual(3);
    for (const route of routes) {
      for (const method of ['GET', 'POST']) {
        for (const [query, headers, body, details] of [
          ['?a=%C0', [], '', '参数必须是 UTF-8 编码'],
          ['?[a]=1', [], '', '参数名不正确'],
          ['', [JSON_TYPE], '[1]', '请求体必须是 JSON 对象'],
          ['', ['Content-Type: text/plain'], 'a=1', '请求格式不正确'],
        ] as const) {
          expectBadParameter(await bytes(`${method} ${route}${query}`, [...headers], body), 'business', details);
          if (query === '') continue; // a stranger's body is not read
          const stranger = await sendBytes(app.url, [`${method} ${route}${query} HTTP/1.1`]);
          expectBadParameter(stranger, 'business', details);
        }
      }
    }
  });

  describe('a query of family A', () => {
    test('is refused on every route, signed in or not', async () => {
      const routes = await documented('/api/');
      expect(routes.length).toBeGreaterThanOrEqual(12);
      for (const route of routes) {
        for (const [query, details] of [
          ...['user_id=998', 'a', '__proto__=1', '_=1', 'a=1#b'].map((text) => [text, '参数须放在请求体中'] as const),
          ['a=%C0', '参数必须是 UTF-8 编码'],
          ['a=1&'.repeat(1101), '参数过多或嵌套过深'],
        ] as const) {
          for (const caller of [token, undefined]) {
            expectBadParameter(await app.send(`${route}?${query}`, { json: {}, token: caller }), 'mix', details);
          }
        }
      }
    });

    test('changes no row', async () => {
      const { userId, customerId } = await buildUserCustomer(app.dataSource);
      const query = `user_id=${userId}&customer_id=${customerId}`;
      expect((await app.send(`/api/user_customer/delete?${query}`, { json: {}, token })).body.mix_code).toBe(230011);
      expect(await app.row(UserCustomer, { userId, customerId })).not.toBeNull();
    });

    test('may be empty, and pages of no family take any', async () => {
      for (const end of ['?', '?&', '?&&']) {
        expect((await app.send(GET_LIST + end, { json: {}, token })).body.code).toBe(200);
      }
      for (const path of ['/health/live', '/health/ready', '/docs-json']) {
        expect((await app.send(`${path}?a=1&a=%C0`, { method: 'GET' })).status).toBe(200);
      }
    });
  });

  describe('a body', () => {
    test.each(['GET', 'POST'])('of JSON is read with %s, before the query', async (method) => {
      expect(await perPage(bytes(`${method} ${LIST}?per_page=3`, [JSON_TYPE], '{"per_page":2}'))).toBe(2);
      expect(await perPage(bytes(`${method} ${LIST}?per_page=3`, [JSON_TYPE], '{"page":2}'))).toBe(3);
      const head = [`${method} ${LIST} HTTP/1.1`, `Authorization: Bearer ${token}`, JSON_TYPE];
      const chunks = '5\r\n{"per\r\na\r\n_page":4}\n\r\n0\r\n\r\n';
      expect(await perPage(sendBytes(app.url, [...head, 'Transfer-Encoding: chunked'], chunks))).toBe(4);
      expectBadParameter(await bytes(`${method} ${LIST}`, [JSON_TYPE], '{'), 'business', '请求体不是合法的 JSON');
      expectBadParameter(await bytes(`${method} ${MANAGE}`, [JSON_TYPE], '{"id":"x"}'), 'business', 'id 必须是数字');
    });

    test.each([FORM_TYPE, 'Content-Type: multipart/form-data; boundary=b'])(
      'with %s is refused with GET and HEAD, as PHP reads none there',
      async (type) => {
        const answer = await bytes(`GET ${LIST}`, [type], 'per_page=2');
        expectBadParameter(answer, 'business', 'GET 请求的请求体必须是 JSON');
        const head = await bytes(`HEAD ${LIST}`, [type], 'per_page=2');
        expect(Number(head.headers.get('content-length'))).toBeLessThan(200); // a page has thousands of bytes
      },
    );

    test.each(['[]', ' [ ] ', '{}', 'null', '', '\ufeff', '\ufeff[]', '\ufeff{}'])(
      'of JSON %j is no parameters',
      async (body) => {
        expect((await bytes(`POST ${GET_LIST}`, [JSON_TYPE], body)).body.code).toBe(200);
        for (const method of ['GET', 'POST']) {
          expect((await bytes(`${method} ${LIST}`, [JSON_TYPE], body)).body.result).toBe(1);
        }
        expectBadParameter(await bytes(`POST ${MANAGE}`, [JSON_TYPE], body), 'business', 'id 不能为空');
      },
    );

    test('of JSON that is sent as a form is refused, unless it says nothing', async () => {
      for (const json of ['{"per_page":1}', ' {"search":{"status":-1}}', '{"a":"b=c&d"}', '[["a","=","b"]]']) {
        const { body } = await bytes(`POST ${LIST}`, [FORM_TYPE], json);
        expect(body).toMatchObject({ result: 0, msg: expect.stringMatching(/请求体是 JSON|参数名不正确/) });
        expect((await bytes(`POST ${GET_LIST}`, [FORM_TYPE], json)).body.mix_code).toBe(230011);
      }
      for (const nothing of ['[]', '{}']) {
        expect((await bytes(`POST ${LIST}`, [FORM_TYPE], nothing)).body.result).toBe(1);
      }
      expect((await bytes(`POST ${LIST}`, [FORM_TYPE], '{per_page}=1')).body.result).toBe(1); // a form, in PHP's eyes
    });

    test('may begin with U+FEFF', async () => {
      const part = 'Content-Disposition: form-data; name="per_page"';
      for (const [type, body] of [
        [JSON_TYPE, '{"per_page":2}'],
        [FORM_TYPE, 'per_page=2'],
        ['Content-Type: multipart/form-data; boundary=b', `--b\r\n${part}\r\n\r\n2\r\n--b--\r\n`],
      ] as const) {
        expect(await perPage(bytes(`POST ${LIST}`, [type], `\ufeff${body}`))).toBe(2);
      }
    });

    test.each([
      ...['application/json', 'APPLICATION/JSON', 'application/json;charset=UTF-8', 'application/json ; charset=gbk'],
      ...['text/json', 'application/vnd.api+json', 'application/x-json+json; a=b'],
    ])('with Content-Type %s is JSON', async (type) => {
      expect(await perPage(bytes(`POST ${LIST}`, [`Content-Type: ${type}`], '{"per_page":2}'))).toBe(2);
    });

    const unknown = ['text/plain', 'application/xml', 'application/octet-stream', 'nonsense', 'application/jsonx'];
    test.each([...unknown, 'undefined', 'application/json, application/json', ''])(
      'with Content-Type %j is refused',
      async (type) => {
        const headers = [`Content-Type: ${type}`];
        expectBadParameter(await bytes(`POST ${GET_LIST}`, headers, '{}'), 'mix', '请求格式不正确');
        expectBadParameter(await bytes(`POST ${LIST}`, headers, '{}'), 'business', '请求格式不正确');
        expectBadParameter(await bytes(`GET ${LIST}`, headers, '{}'), 'business', '请求格式不正确');
      },
    );

    test('without a Content-Type is refused', async () => {
      expectBadParameter(await bytes(`POST ${GET_LIST}`, [], '{}'), 'mix', '请求格式不正确');
      expectBadParameter(await bytes(`GET ${LIST}`, [], '{}'), 'business', '请求格式不正确');
      const chunked = [`POST ${LIST} HTTP/1.1`, `Authorization: Bearer ${token}`, 'Transfer-Encoding: chunked'];
      const answer = await sendBytes(app.url, chunked, '2\r\n{}\r\n0\r\n\r\n');
      expectBadParameter(answer, 'business', '请求格式不正确');
    });

    test.each([...unknown, 'undefined', 'multipart/form-data', 'application/x-www-form-urlencoded'])(
      'without bytes is no parameters, with Content-Type %s too',
      async (type) => {
        for (const length of [[], ['Content-Length: 0']]) {
          const headers = [`Content-Type: ${type}`, ...length];
          expect((await bytes(`POST ${GET_LIST}`, headers)).body.code).toBe(200);
          expect(await perPage(bytes(`POST ${LIST}?per_page=2`, headers))).toBe(2);
          expect(await perPage(bytes(`GET ${LIST}?per_page=2`, headers))).toBe(2);
        }
      },
    );
  });

  describe('a header', () => {
    test.each([
      ['authorization', ['Authorization: Bearer other']],
      ['authorization', ['authorization:']],
      ['content-type', [JSON_TYPE, 'Content-Type: text/plain']],
    ])('%s with two values is refused', async (name, headers) => {
      const details = `请求头 ${name} 不能有两个不同的值`;
      expectBadParameter(await bytes(`POST ${GET_LIST}`, headers, '{}'), 'mix', details);
      expectBadParameter(await bytes(`GET ${LIST}`, headers), 'business', details);
    });

    test('with the same value twice is read once', async () => {
      const twice = [`authorization: Bearer ${token}`, JSON_TYPE, JSON_TYPE];
      expect((await bytes(`POST ${GET_LIST}`, twice, '{}')).body.code).toBe(200);
    });
  });

  describe('a path', () => {
    test.each(['2%2F3', '%00', '2%00', '2%20', '-2', '+2', '2.0', 'two', '%EF%BC%92', '9007199254740992', '2%3F'])(
      'with uniacid %s is refused',
      async (uniacid) => {
        for (const route of ['plugin/WechatCustomers/getList', 'admin/businessList', 'admin/manageBusiness?id=1']) {
          expectBadParameter(await bytes(`GET /business/${uniacid}/${route}`), 'business', 'uniacid 必须是数字');
        }
      },
    );

    test('may be percent-encoded', async () => {
      expect(await perPage(bytes('GET /%62usiness/%32/plugin/WechatCustomers/getList?per_page=2'))).toBe(2);
      expectEnvelope(await bytes('POST /api/%6Cogin?a=1', [JSON_TYPE], '{}'), 'mix');
    });
  });
});
