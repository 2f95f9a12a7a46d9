import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { UserCustomer } from '../../src/user-customer/entities/user-customer.entity';
import { TestApp } from '../app';
import { expectBadParameter, expectEnvelope, expectFailure, expectNoRoute } from '../envelope';
import { sendBytes } from '../raw-socket';

const LIST = '/business/2/plugin/WechatCustomers/getList';
const MANAGE = '/business/2/admin/manageBusiness';
const BUSINESS_LIST = '/business/2/admin/businessList';
const GET_LIST = '/api/user_customer/get_list';
const ADD = '/api/user_customer/add';
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

    test.each(['[]', '[{"id":1}]', '"text"', 'null', '1', 'true'])('%s is no object', async (body) => {
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

  describe('form, multipart and other bodies', () => {
    const boundary = 'multipart/form-data; boundary=b';
    const send = (body: string, type: string, path = ADD) => app.send(path, { raw: { body, type }, token });
    const part = (name: string, value: string) =>
      `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;

    test.each([
      ['json', 'application/json', JSON.stringify({ x: 'x'.repeat(MIB) })],
      ['form', 'application/x-www-form-urlencoded', `x=${'x'.repeat(MIB)}`],
      ['multipart of one large field', boundary, `${part('x', 'x'.repeat(MIB))}--b--\r\n`],
      ['multipart of many fields', boundary, `${part('x', 'x'.repeat(4000)).repeat(300)}--b--\r\n`],
    ])('a body above 1 MiB is 413: %s', async (_encoding, type, body) => {
      expectFailure(await send(body, type), 413, 'mix', 'body-too-large');
      expectFailure(await send(body, type, LIST), 413, 'business', 'body-too-large');
    });

    test('a chunked body above 1 MiB is 413, although it declares no length', async () => {
      const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
      const headers = ['Content-Type: application/json', 'Transfer-Encoding: chunked'];
      const answer = await sendBytes(app.url, ['POST /api/login HTTP/1.1', ...headers], `${chunk.repeat(17)}0\r\n\r\n`);
      expectFailure(answer, 413, 'mix', 'body-too-large');
    });

    test.each(['text/plain', 'application/xml', 'application/octet-stream', 'nonsense', 'application/jsonx'])(
      'Content-Type %s is a bad parameter',
      async (type) => {
        expectBadParameter(await send('{}', type), 'mix', '请求格式不正确');
        expectBadParameter(await send('{}', type, LIST), 'business', '请求格式不正确');
      },
    );

    test('a body without a Content-Type is a bad parameter', async () => {
      expectBadParameter(await bytes(`POST ${ADD}`, [], '{}'), 'mix', '请求格式不正确');
    });

    const file = `--b\r\nContent-Disposition: form-data; name="f"; filename="f.txt"\r\n\r\ntext\r\n`;

    test('a file is refused, also among valid fields', async () => {
      const body = `${part('user_id', '998')}${file}${part('customer_id', '1003')}--b--\r\n`;
      expectBadParameter(await send(body, boundary), 'mix', '不支持上传文件');
      expectBadParameter(await send(body, boundary, LIST), 'business', '不支持上传文件');
    });

    test.each([
      ['without a boundary', 'multipart/form-data', `${part('a', '1')}--b--\r\n`],
      ['with another boundary', 'multipart/form-data; boundary=c', `${part('a', '1')}--b--\r\n`],
      ['cut off in a value', boundary, part('a', '1').slice(0, -3)],
      ['cut off before the end', boundary, part('a', '1')],
      ['cut off in a header', boundary, '--b\r\nContent-Disposition: form-'],
      ['without any bytes', boundary, ''],
      ['with a part without a name', boundary, `${part('a', '1')}--b\r\nX: y\r\n\r\n1\r\n--b--\r\n`],
      ['with a part that is no form-data', boundary, `${part('a', '1').replace('form-data', 'attachment')}--b--\r\n`],
      ['with a part without a value', boundary, '--b\r\nContent-Disposition: form-data; name="a"\r\n--b--\r\n'],
      [
        'with a part header of 90 KB',
        boundary,
        `${part('a', '1').replace('--b', `--b\r\nX: ${'x'.repeat(90_000)}`)}--b--\r\n`,
      ],
    ])('a multipart body %s is a bad parameter', async (_case, type, body) => {
      expectBadParameter(await send(body, type), 'mix', '请求体不是合法的 multipart/form-data');
    });

    test.each([
      ['a quoted boundary', 'multipart/form-data; boundary="b"', ''],
      ['another parameter before it', 'multipart/form-data; x-boundary=c; charset=utf-8; boundary=b', ''],
      ['a byte order mark before it', boundary, '\ufeff'],
      ['a preamble', boundary, 'hello\r\n'],
    ])('a multipart body with %s is read', async (_case, type, before) => {
      const body = `${before}${part('user_id', '998')}${part('customer_id', '1001')}--b--\r\nbye\r\n`;
      expect((await send(body, type, '/api/user_customer/get')).body.code).toBe(200);
    });

    test('a multipart value may contain what looks like a boundary, and U+FFFD', async () => {
      for (const value of ['x --b', 'x\r\n-- b', 'x\ufffd']) {
        const edit = `${part('user_id', '998')}${part('customer_id', '1001')}${part('script', value)}--b--\r\n`;
        expect((await send(edit, boundary, '/api/user_customer/edit')).body.code).toBe(200);
        expect(await app.row(UserCustomer, { userId: 998, customerId: 1001 })).toMatchObject({ script: value });
      }
    });

    test('a flood of parts is refused before any part is read', async () => {
      const parts = file + '--b\r\n'.repeat(200_000); // a reader of parts would refuse the file
      expectBadParameter(await send(parts, boundary), 'mix', '参数过多或嵌套过深');
    });

    test('a flood of nested names is refused at the first of them', async () => {
      const names = Array.from({ length: 87 }, () => `a${'[0]'.repeat(3990)}=1`).join('&');
      const form = `${names}&x=%C0`; // a reader of all names would refuse the last value, which is not UTF-8
      expectBadParameter(await send(form, 'application/x-www-form-urlencoded'), 'mix', '参数过多或嵌套过深');
    });

    test('a client that leaves in the middle of its body affects no other', async () => {
      const { hostname, port, host } = new URL(app.url);
      const head = [
        `POST ${ADD} HTTP/1.1`,
        `Host: ${host}`,
        `Content-Type: ${boundary}`,
        'Content-Length: 500',
        '',
        '',
      ];
      const socket = connect(Number(port), hostname);
      await new Promise((resolve) => socket.write(head.join('\r\n') + part('a', '1'), resolve));
      socket.resetAndDestroy();
      expect((await app.send(GET_LIST, { token })).body.code).toBe(200);
    });
  });

  describe('headers', () => {
    test('the first of duplicate headers counts', async () => {
      const twice = ['Authorization: Bearer other', 'Content-Type: application/json', 'Content-Type: text/plain'];
      expect((await bytes(`POST ${GET_LIST}`, twice, '{}')).body.code).toBe(200);
    });

    test('an unknown Expect is ignored', async () => {
      expect((await bytes(`POST ${GET_LIST}`, ['Expect: tea'])).body.code).toBe(200);
    });

    test('HTTP/1.1 without a Host gets a 400 in an envelope', async () => {
      const { hostname, port } = new URL(app.url);
      const socket = connect(Number(port), hostname);
      socket.write(`GET ${LIST} HTTP/1.1\r\n\r\n`);
      const answer = await text(socket);
      expect(answer).toMatch(/^HTTP\/1\.1 400 /);
      expect(answer).toMatch(/\{"result":0,"msg":"参数错误：请求格式不正确","data":\[\]\}$/);
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
