import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { UserCustomer } from '../../src/user-customer/entities/user-customer.entity';
import { TestApp } from '../app';
import { expectBadParameter, expectEnvelope } from '../envelope';
import { sendBytes } from '../raw-socket';

const LIST = '/business/2/plugin/WechatCustomers/getList';
const GET_LIST = '/api/user_customer/get_list';

/** Parameters in query, form, multipart and JSON, over real sockets (CONTRACT 2.1). */
describe('parameters', () => {
  let app: TestApp;
  let token: string;

  beforeAll(async () => {
    app = await TestApp.start();
    token = await app.manage(1);
  });

  afterAll(() => app.stop());

  const bytes = (requestLine: string, headers: string[] = [], body = '') =>
    sendBytes(
      app.url,
      [
        `${requestLine} HTTP/1.1`,
        `Authorization: Bearer ${token}`,
        ...headers,
        ...(body ? [`Content-Length: ${Buffer.byteLength(body)}`] : []),
      ],
      body,
    );

  const many = Array.from({ length: 1101 }, (_, index) => `p${index}=1`).join('&');
  const deep = `search${'[a]'.repeat(11)}=1`;

  test.each([
    ['too many', many],
    ['too deep', deep],
  ])('%s are refused in query, form and multipart', async (_case, params) => {
    const details = '参数过多或嵌套过深';
    expectBadParameter(await app.send(`${LIST}?${params}`, { method: 'GET', token }), 'business', details);
    expectBadParameter(await app.send(LIST, { form: params, token }), 'business', details);
    expectBadParameter(await app.send(GET_LIST, { form: params, token }), 'mix', details);
    const multipart = Object.fromEntries(new URLSearchParams(params));
    expectBadParameter(await app.send(GET_LIST, { multipart, token }), 'mix', details);
  });

  test.each([
    ['names', Object.fromEntries(Array.from({ length: 90_000 }, (_, n) => [n, 1]))],
    ['names inside', { search: Object.fromEntries(Array.from({ length: 1100 }, (_, n) => [n, 1])) }],
    ['items', { x: Array.from({ length: 300_000 }, () => 1) }],
    ['empty lists', { x: Array.from({ length: 9_990 }, () => JSON.parse('['.repeat(28) + ']'.repeat(28)) as unknown) }],
  ])('JSON with too many %s is refused before it is parsed', async (_case, json) => {
    expectBadParameter(await app.send(LIST, { json, token }), 'business', '参数过多或嵌套过深');
    expectBadParameter(await app.send(GET_LIST, { json, token }), 'mix', '参数过多或嵌套过深');
    // Parsing and validating took 8 s. A parser would find this JSON broken.
    const raw = { type: 'application/json', body: JSON.stringify(json).slice(0, -1) };
    expectBadParameter(await app.send(GET_LIST, { raw, token }), 'mix', '参数过多或嵌套过深');
  });

  test('JSON inside a parameter is held to the same limits', async () => {
    const lists = JSON.stringify(Array.from({ length: 9_990 }, () => [[]]));
    for (const [text, details] of [
      [lists, '参数过多或嵌套过深'],
      ['['.repeat(100_000), 'JSON 嵌套不能超过 32 层'],
    ] as const) {
      expectBadParameter(await app.send(GET_LIST, { form: { condition: text }, token }), 'mix', details);
      const ids = { user_id: '998', customer_id: text };
      expectBadParameter(await app.send('/api/user_customer/multi_delete', { form: ids, token }), 'mix', details);
    }
  });

  test('parameters that no route declares cost nothing beyond their reading', async () => {
    const names = Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`p${n}`, [[['x']], { a: { b: n } }]]));
    expect((await app.send(GET_LIST, { json: { ...names, page_size: 1 }, token })).body.result.page_size).toBe(1);
    const nested = { json: { search: { ...names, status: -1 }, per_page: 1 }, token };
    expect((await app.send(LIST, nested)).body.data.data).toMatchObject([{ status: -1 }]);
  });

  test('1,100 parameters or ten levels are allowed', async () => {
    const text = many.replace(/&p1100=1$/, '');
    const json = Object.fromEntries(new URLSearchParams(text));
    expect((await app.send(GET_LIST, { json, token })).body.code).toBe(200);
    expect((await app.send(GET_LIST, { form: text, token })).body.code).toBe(200);
    expect((await app.send(LIST, { form: `x${'[a]'.repeat(10)}=1`, token })).body.result).toBe(1);
  });

  test('the numbers of a list cost nothing, however large', async () => {
    const indexes = [999, 91_001, 4_294_967_295, Number.MAX_SAFE_INTEGER].map((n) => `p${n}${`[${n}]`.repeat(10)}=1`);
    const form = indexes.join('&');
    expect((await app.send(GET_LIST, { form, token })).body.code).toBe(200);
    expect((await app.send(`${LIST}?${form}`, { method: 'GET', token })).body.result).toBe(1);
  });

  const unreadable = ['=1', '+=1', '[a]=1', 'a%00=1', 'a[%00]=1', 'a[b]c=1', 'a[b][c=1', 'a[9007199254740991]=1&a[]=2'];
  test.each(unreadable)('%s, of which PHP drops a part, is refused in every encoding', async (text) => {
    const details = '参数名不正确';
    expectBadParameter(await app.send(`${LIST}?${text}`, { method: 'GET', token }), 'business', details);
    expectBadParameter(await app.send(LIST, { form: text, token }), 'business', details);
    expectBadParameter(await app.send(GET_LIST, { form: text, token }), 'mix', details);
    const multipart = Object.fromEntries(new URLSearchParams(text));
    expectBadParameter(await app.send(GET_LIST, { multipart, token }), 'mix', details);
  });

  test('a percent sign that encodes nothing stands for itself', async () => {
    for (const junk of ['%', '%zz', '100%25%']) {
      const answer = await bytes(`GET ${LIST}?search[customer]=${junk}&${junk}=1`);
      expectEnvelope(answer, 'business');
      expect([answer.status, answer.body.result, answer.body.data.total]).toEqual([200, 1, 0]);
    }
  });

  test('a NUL in search text never widens the answer', async () => {
    const { body } = await bytes(`GET ${LIST}?search[customer]=%00`);
    expect(body.data.total ?? 0).toBe(0);
    const condition = [['reference', 'LIKE', 'x\0']];
    expect((await app.send(GET_LIST, { json: { condition }, token })).body.result.total_records ?? 0).toBe(0);
  });

  describe('search[类型]', () => {
    const encoded = encodeURIComponent('类型');
    const total = async (query: string) => (await bytes(`GET ${LIST}?${query}`)).body.data.total as number;

    test('is read percent-encoded, and as raw bytes in a form', async () => {
      const expected = await total('search[type]=2');
      expect(expected).toBeGreaterThan(0);
      expect(expected).toBeLessThan(await total(''));
      expect(await total(`search[${encoded}]=2`)).toBe(expected);
      expect(await total(`search%5B${encoded}%5D=2&search[remark]=`)).toBe(expected);
      const raw = { type: 'application/x-www-form-urlencoded', body: 'search[类型]=2' };
      expect((await app.send(LIST, { raw, token })).body.data.total).toBe(expected);
    });

    test('is read as raw bytes in the URL of a GET', async () => {
      const expected = await total('search[type]=2');
      expect(await total('search[类型]=2')).toBe(expected);
      expect(await total('search%5B类型%5D=2&search[remark]=')).toBe(expected);
    });

    test.each(['GET', 'POST'])('is read as raw bytes in the URL of a %s with a body', async (method) => {
      const expected = await total('search[type]=2');
      const json = ['Content-Type: application/json'];
      const { body } = await bytes(`${method} ${LIST}?search[类型]=2`, json, '{"per_page":1}');
      expect([body.data.total, body.data.per_page]).toEqual([expected, 1]);
      const unknown = await bytes(`${method} /business/2/plugin/微信`, json, '{}');
      expect(unknown.text).toBe('{"result":0,"msg":"不存在的接口","data":[]}');
    });

    /** Writes pieces one after the other, each in a packet of its own. @returns all that the server sends */
    async function written(...pieces: string[]): Promise<string> {
      const { hostname, port } = new URL(app.url);
      const socket = connect(Number(port), hostname).setNoDelay();
      const answers = text(socket);
      for (const piece of pieces) {
        socket.write(piece);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      return answers;
    }

    const head = (line: string, ...headers: string[]) =>
      [`${line} HTTP/1.1`, 'Host: hub', `Authorization: Bearer ${token}`, ...headers, '', ''].join('\r\n');

    test('is read as raw bytes in whatever pieces the request comes', async () => {
      const form = ['Content-Type: application/x-www-form-urlencoded', 'Content-Length: 10'];
      const request = head(`POST ${LIST}?search[类型]=2`, ...form);
      const expected = `"total":${await total('search[type]=2')},`;
      for (const pieces of [
        [request, 'per_page=1'],
        [request, 'per_', 'page=1'],
        [request.slice(0, -20), request.slice(-20), 'per_page=1'],
      ]) {
        const answer = await written(...pieces);
        expect(answer).toContain(expected);
        expect(answer).toContain('"per_page":1,');
      }
    });

    test('is read as raw bytes in a later request of a connection', async () => {
      const answers = await written(head(`GET ${LIST}?per_page=2`), head(`GET ${LIST}?search[类型]=2&per_page=3`));
      expect(answers.match(/HTTP\/1.1 200 OK/g)).toHaveLength(2);
      expect(answers).toContain(`"total":${await total('search[type]=2')},`);
      expect(answers).toMatch(/"per_page":2,[^]*"per_page":3,/);
    });

    test('as 60 KB of raw bytes is refused', async () => {
      const { hostname, port } = new URL(app.url);
      const socket = connect(Number(port), hostname);
      socket.write(Buffer.concat([Buffer.from('GET /'), Buffer.alloc(60_000, 0x80)]));
      expect(await text(socket)).toContain('请求格式不正确');
    });

    test.each([
      ['on the same connection', ''],
      ['after one that was refused for its headers', 'X-Many: 1\r\n'.repeat(101)],
    ])('as raw bytes never gives a request the answer of another, %s', async (_case, headers) => {
      const { hostname, port, host } = new URL(app.url);
      const login = JSON.stringify({ username: 'demo', password: 'demo-user' });
      const socket = connect(Number(port), hostname);
      if (headers) {
        socket.write(`GET ${LIST} HTTP/1.1\r\nHost: ${host}\r\n${headers}\r\n`);
        await once(socket, 'data'); // the refusal
      }
      socket.write(`POST /api/login HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\n`);
      socket.write(`Content-Length: ${login.length}\r\n\r\n${login}`);
      setTimeout(() => {
        socket.write(`GET ${LIST}?search[类型]=2 HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${token}\r\n\r\n`);
      }, 5);
      const answers = await text(socket).catch(() => '');
      expect(answers).not.toContain('current_page');
      expect(answers).not.toContain('请求格式不正确');
    });
  });

  test('a value may contain what looks like the end of a name', async () => {
    const form = { raw: { type: 'application/x-www-form-urlencoded', body: '' }, token };
    form.raw.body = 'user_id=998&customer_id=1001&script=a[0]=1&reference=100%';
    expect((await app.send('/api/user_customer/edit', form)).body.msg).toBe('编辑成功');
    expect(await app.row(UserCustomer, { userId: 998, customerId: 1001 })).toMatchObject({
      script: 'a[0]=1',
      reference: '100%',
    });
  });

  test('bytes that are not UTF-8 are refused, not stored as other characters', async () => {
    const edit = '/api/user_customer/edit';
    const form = { type: 'application/x-www-form-urlencoded', body: 'user_id=998&customer_id=1002&reference=%C0%E0' };
    expectBadParameter(await app.send(edit, { raw: form, token }), 'mix', '参数必须是 UTF-8 编码');
    expectBadParameter(await bytes(`GET ${LIST}?search[remark]=%C0%E0`), 'business', '参数必须是 UTF-8 编码');
    const part = (name: string) => `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n`;
    const fields = `${part('user_id')}998\r\n${part('customer_id')}1002\r\n${part('reference')}`;
    const body = Buffer.concat([Buffer.from(fields), Buffer.from([0xc0, 0xe0]), Buffer.from('\r\n--x--\r\n')]);
    const head = [`POST ${edit} HTTP/1.1`, `Authorization: Bearer ${token}`, `Content-Length: ${body.length}`];
    const multipart = await sendBytes(app.url, [...head, 'Content-Type: multipart/form-data; boundary=x'], body);
    expectBadParameter(multipart, 'mix', '请求体必须是 UTF-8 编码');
    expect(await app.row(UserCustomer, { userId: 998, customerId: 1002 })).toMatchObject({ reference: '' });
  });

  test.each(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'then', 'toJSON'])(
    'a parameter named %s reaches no prototype and is ignored',
    async (name) => {
      const json = JSON.parse(
        `{"${name}":{"polluted":1,"prototype":{"polluted":1}},"search":{"${name}":{"polluted":1}}}`,
      ) as object;
      const form = `${name}[polluted]=1&${name}[prototype][polluted]=1&search[${name}][polluted]=1&a[][${name}]=1`;
      for (const answer of [
        await app.send(LIST, { json, token }),
        await app.send(LIST, { form, token }),
        await app.send(`${LIST}?${form}`, { method: 'GET', token }),
        await app.send(LIST, { multipart: Object.fromEntries(new URLSearchParams(form)), token }),
      ]) {
        expectEnvelope(answer, 'business');
        expect([answer.status, answer.body.result]).toEqual([200, 1]);
      }
      expectEnvelope(await app.send(GET_LIST, { json, token }), 'mix');
      expect(({} as { polluted?: number }).polluted).toBeUndefined();
      expect((Object as { polluted?: number }).polluted).toBeUndefined();
    },
  );
});
