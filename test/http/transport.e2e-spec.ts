import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { TestApp } from '../app';
import { expectBadParameter, expectEnvelope, expectFailure, expectNoRoute } from '../envelope';
import { sendBytes } from '../raw-socket';

const LIST = '/business/2/plugin/WechatCustomers/getList';
const MANAGE = '/business/2/admin/manageBusiness';
const BUSINESS_LIST = '/business/2/admin/businessList';
const GET_LIST = '/api/user_customer/get_list';
const MIB = 1024 * 1024;

/** Requests as bytes, over real sockets (CONTRACT 1.1, 2.1). */
describe('transport', () => {
  let app: TestApp;
  let token: string;

  beforeAll(async () => {
    app = await TestApp.start();
    token = await app.manage(1);
  });

  afterAll(() => app.stop());

  const bytes = (requestLine: string, headers: string[] = [], body: string | Buffer = '') => {
    const length = body.length > 0 ? [`Content-Length: ${Buffer.byteLength(body)}`] : [];
    return sendBytes(
      app.url,
      [`${requestLine} HTTP/1.1`, `Authorization: Bearer ${token}`, ...headers, ...length],
      body,
    );
  };

  describe('routes and methods', () => {
    test.each([
      ['/api/nothing', 'mix'],
      ['/api', 'mix'],
      ['/', 'mix'],
      ['/docs-yaml', 'mix'],
      ['/elsewhere?business=/business/2', 'mix'],
      ['/businesses/2', 'mix'],
      ['/business', 'business'],
      ['/business?a=1', 'business'],
      ['/business/2/plugin/WechatCustomers/nothing', 'business'],
      ['//business//2/nothing/', 'business'],
      ['/addons/yun_shop', 'business'],
    ] as const)('%s is unknown, as %s says it', async (path, family) => {
      expectNoRoute(await app.send(path, { method: 'GET', token }), family);
      expectNoRoute(await app.send(path, { json: {}, token }), family);
    });

    test.each([
      ['with a broken body', { body: '{', type: 'application/json' }],
      ['with a body of an unknown type', { body: '<a/>', type: 'text/xml' }],
      ['with a body above the limit', { body: `"${'x'.repeat(MIB)}"`, type: 'application/json' }],
    ])('an unknown route is 404 %s too', async (_case, raw) => {
      expectFailure(await app.send('/api/nothing', { raw }), 404, 'mix', 'route-not-found');
    });

    test.each([
      ['/api/nothing#b', 'mix'],
      ['http://h/api/nothing#b', 'mix'],
      ['http://h/business/2/x#b', 'business'],
    ] as const)('a fragment, as of %s, is no part of the path', async (target, family) => {
      expectNoRoute(await bytes(`GET ${target}`), family);
    });

    test.each([
      ['/api/user', '/api/user/'],
      ['/api/user', '//api//user'],
      ['/api/user', '/api/user///'],
      [BUSINESS_LIST, `/${BUSINESS_LIST}`],
      [`${LIST}?page=2`, `//business///2/plugin/WechatCustomers/getList//?page=2`],
    ])('%s and %s are the same', async (path, withSlashes) => {
      const [plain, slashed] = [await app.send(path, { token }), await app.send(withSlashes, { token })];
      expect(plain.body.code ?? plain.body.result).toBe(path.startsWith('/api') ? 200 : 1);
      expect(slashed.text).toBe(plain.text);
      expect((await app.send(withSlashes, {})).text).toBe((await app.send(path, {})).text);
    });

    test.each([
      ['GET', '/api/login', 'mix', 'POST'],
      ['PUT', GET_LIST, 'mix', 'POST'],
      ['OPTIONS', '/api/login', 'mix', 'POST'],
      ['DELETE', LIST, 'business', 'GET, HEAD, POST'],
      ['OPTIONS', `${LIST}?page=1`, 'business', 'GET, HEAD, POST'],
      ['PATCH', MANAGE, 'business', 'GET, HEAD, POST'],
    ] as const)('%s %s is 405 in the envelope of %s with Allow: %s', async (method, path, family, allow) => {
      const answer = await app.send(path, { method, token });
      expectFailure(answer, 405, family, 'method-not-allowed');
      expect(answer.headers.get('allow')?.split(', ').sort().join(', ')).toBe(allow);
    });

    test('a wrong method is 405 whatever its body', async () => {
      const raw = { body: '{', type: 'application/json' };
      expectFailure(await app.send('/api/login', { method: 'PUT', raw }), 405, 'mix', 'method-not-allowed');
    });

    test('HEAD changes nothing, so it is 405 where GET would', async () => {
      const owner = await app.manage(2);
      const head = (path: string) => app.send(path, { method: 'HEAD', token: owner });
      const { status, headers } = await head(`${MANAGE}?id=1`);
      expect([status, headers.get('allow')]).toEqual([405, 'GET, POST']);
      expect((await head('/addons/yun_shop/api.php?i=2&route=member.logout.index')).status).toBe(405);
      expect((await app.send(BUSINESS_LIST, { token: owner })).body.data.business_id).toBe(2);
      await app.manage(1);
    });

    test('no answer may be kept by a cache, good or bad', async () => {
      for (const path of [LIST, BUSINESS_LIST, '/api/user', '/api/login', '/api/nothing', '/business/2/nothing']) {
        for (const method of ['GET', 'POST', 'PUT']) {
          for (const caller of [token, undefined]) {
            const { headers } = await app.send(path, { method, token: caller });
            expect([path, method, headers.get('cache-control')]).toEqual([path, method, 'no-store']);
          }
        }
      }
    });

    test('HEAD is GET without the body', async () => {
      const { status, text, headers } = await app.send(LIST, { method: 'HEAD', token });
      expect([status, text, headers.get('content-type')]).toEqual([200, '', 'application/json; charset=utf-8']);
      expect((await app.send('/api/login', { method: 'HEAD' })).status).toBe(405);
    });

    test.each<[string, ...Record<string, string>[]]>([
      [LIST, { per_page: '2' }, { per_page: 'x' }],
      [BUSINESS_LIST, {}],
      [MANAGE, { id: '1' }, { id: 'x' }, {}],
    ])('%s answers and refuses GET and POST alike', async (path, ...parameters) => {
      const guest = await app.login('guest', 'demo-guest');
      expect((await app.send(path, { json: parameters[0], token })).body.result).toBe(1);
      for (const json of parameters) {
        for (const caller of [token, guest, undefined]) {
          const get = await app.send(`${path}?${new URLSearchParams(json).toString()}`, {
            method: 'GET',
            token: caller,
          });
          const post = await app.send(path, { json, token: caller });
          expectEnvelope(get, 'business');
          expect([post.status, post.text]).toEqual([get.status, get.text]);
        }
      }
    });

    test.each([
      ['/business/%zz/admin/businessList', 'business'],
      ['/api/%E4%B8', 'mix'],
      [`/business/${'2'.repeat(200)}/admin/businessList`, 'business'],
    ] as const)('%s, an undecodable path, is a bad parameter', async (path, family) => {
      expectBadParameter(await bytes(`GET ${path}`), family, '请求格式不正确');
    });
  });

  describe('JSON', () => {
    const send = (body: string | Buffer, type = 'application/json', path = GET_LIST, more: string[] = []) =>
      bytes(`POST ${path}`, [`Content-Type: ${type}`, ...more], body);

    test.each(['{', '{"a":1}}', "{'a':1}", 'a=1', '{"a":NaN}', '\0'])('%j is broken', async (body) => {
      expectBadParameter(await send(body), 'mix', '请求体不是合法的 JSON');
      expectBadParameter(await send(body, 'application/json', LIST), 'business', '请求体不是合法的 JSON');
    });

    test.each(['[1]', '[{"id":1}]', '"text"', '1', 'true'])('%s is no object', async (body) => {
      expectBadParameter(await send(body), 'mix', '请求体必须是 JSON 对象');
      expectBadParameter(await send(body, 'application/json', LIST), 'business', '请求体必须是 JSON 对象');
    });

    test('may be empty: no parameters', async () => {
      for (const body of ['', ' \n']) {
        expect((await send(body)).body.code).toBe(200);
        expect((await send(body, 'application/json', LIST)).body.result).toBe(1);
        expectBadParameter(await send(body, 'application/json', MANAGE), 'business', 'id 不能为空');
      }
    });

    const nested = (depth: number) => `{"x":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;

    test('may nest 32 levels deep, and no deeper', async () => {
      expect((await send(nested(32))).body.code).toBe(200);
      expectBadParameter(await send(nested(33)), 'mix', 'JSON 嵌套不能超过 32 层');
      expect((await send(JSON.stringify({ x: '[{'.repeat(100), y: '\\"[[' }))).body.code).toBe(200);
    });

    test('of a million brackets is refused before it is parsed', async () => {
      expectBadParameter(await send('['.repeat(1_000_000)), 'mix', 'JSON 嵌套不能超过 32 层'); // not: broken JSON
    });

    test('is UTF-8 whatever the charset of its Content-Type', async () => {
      const body = JSON.stringify({ condition: '[["reference","=","中文"]]' });
      expect((await send(body, 'application/json; charset=UTF-8')).body.code).toBe(200);
      expect((await send(body, 'Application/JSON;charset=gbk')).body.code).toBe(200);
      const utf16 = Buffer.from(body, 'utf16le');
      expectBadParameter(await send(utf16, 'application/json; charset=utf-16'), 'mix', '请求体必须是 UTF-8 编码');
    });

    test('with bytes that are not UTF-8 is refused, not stored as other characters', async () => {
      const gbk = Buffer.concat([
        Buffer.from('{"user_id":998,"customer_id":1001,"reference":"'),
        Buffer.from([0xd6, 0xd0]),
        Buffer.from('"}'),
      ]);
      const answer = await send(gbk, 'application/json; charset=gbk', '/api/user_customer/edit');
      expect([answer.status, answer.body.mix_code]).toEqual([200, 230011]);
    });

    test('is not decompressed', async () => {
      const gzip = gzipSync('{"page_index":1}');
      const answer = await send(gzip, 'application/json', GET_LIST, ['Content-Encoding: gzip']);
      expectBadParameter(answer, 'mix', '请求体必须是 UTF-8 编码');
    });
  });

  describe('headers', () => {
    test('an unknown Expect is ignored', async () => {
      expect((await bytes(`POST ${GET_LIST}`, ['Expect: tea'])).body.code).toBe(200);
    });

    test.each([
      ['HTTP/1.1 without a Host', '1.1', []],
      ['two Hosts', '1.1', ['Host: hub', 'Host: elsewhere']],
      ['the same Host twice', '1.1', ['Host: hub', 'host: hub']],
      ['two Hosts in HTTP/1.0', '1.0', ['Host: hub', 'Host: elsewhere']],
    ])('%s: a 400 in an envelope', async (_case, version, hosts) => {
      const { hostname, port } = new URL(app.url);
      for (const [path, body] of [
        [LIST, '{"result":0,"msg":"参数错误：请求格式不正确","data":[]}'],
        ['/docs', '请求参数错误：请求格式不正确'],
      ] as const) {
        const socket = connect(Number(port), hostname);
        socket.write([`GET ${path} HTTP/${version}`, ...hosts, `Authorization: Bearer ${token}`, '', ''].join('\r\n'));
        const answer = await text(socket);
        expect(answer).toMatch(/^HTTP\/1\.1 400 /);
        expect(answer).toContain(body);
      }
    });

    test.each([
      ['two lengths that differ', ['Content-Length: 2', 'Content-Length: 3']],
      ['a length that is no number', ['Content-Length: x']],
      ['a length beside chunks', ['Content-Length: 2', 'Transfer-Encoding: chunked']],
      ['headers above 16 KB', [`X-Long: ${'x'.repeat(20_000)}`]],
    ])('%s: invalid HTTP gets a 4xx in an envelope', async (_case, headers) => {
      const answer = await sendBytes(app.url, [`POST ${GET_LIST} HTTP/1.1`, ...headers]);
      expect(Math.floor(answer.status / 100)).toBe(4);
      expectEnvelope(answer, 'mix');
    });
  });
});
