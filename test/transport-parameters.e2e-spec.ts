import { TestApp } from './app';
import { expectBadParameter, expectEnvelope } from './envelope';
import { sendBytes } from './raw-socket';

const LIST = '/business/2/plugin/WechatCustomers/getList';
const GET_LIST = '/api/user_customer/get_list';

/** What parameters may look like in query, form, multipart and JSON, over real sockets (CONTRACT 2.1). */
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
  ])('%s are refused in query, form and multipart', async (_case, text) => {
    const details = '参数过多或嵌套过深';
    expectBadParameter(await app.send(`${LIST}?${text}`, { method: 'GET', token }), 'business', details);
    expectBadParameter(await app.send(LIST, { form: text, token }), 'business', details);
    expectBadParameter(await app.send(GET_LIST, { form: text, token }), 'mix', details);
    const multipart = Object.fromEntries(new URLSearchParams(text));
    expectBadParameter(await app.send(GET_LIST, { multipart, token }), 'mix', details);
  });

  test('1,100 parameters, or ten levels, are not too many', async () => {
    const text = many.replace(/&p1100=1$/, '');
    expect((await app.send(GET_LIST, { form: text, token })).body.code).toBe(200);
    expect((await app.send(LIST, { form: `x${'[a]'.repeat(10)}=1`, token })).body.result).toBe(1);
  });

  test('a percent sign that encodes nothing stands for itself', async () => {
    for (const junk of ['%', '%zz', '100%25%', '%E4%B8', '%ff']) {
      const answer = await bytes(`GET ${LIST}?search[customer]=${junk}&${junk}=1`);
      expectEnvelope(answer, 'business');
      expect([answer.status, answer.body.result, answer.body.data.total]).toEqual([200, 1, 0]);
    }
  });

  test('a NUL in a text to search for never widens the answer', async () => {
    const { body } = await bytes(`GET ${LIST}?search[customer]=%00`);
    expect(body.data.total ?? 0).toBe(0);
    const condition = [['reference', 'LIKE', 'x\0']];
    expect((await app.send(GET_LIST, { json: { condition }, token })).body.result.total_records ?? 0).toBe(0);
  });

  describe('search[类型]', () => {
    const encoded = encodeURIComponent('类型');
    const total = async (query: string) => (await bytes(`GET ${LIST}?${query}`)).body.data.total as number;

    test('is understood percent-encoded, and as raw bytes of a form', async () => {
      const expected = await total('search[type]=2');
      expect(expected).toBeGreaterThan(0);
      expect(expected).toBeLessThan(await total(''));
      expect(await total(`search[${encoded}]=2`)).toBe(expected);
      expect(await total(`search%5B${encoded}%5D=2&search[remark]=`)).toBe(expected);
      const raw = { type: 'application/x-www-form-urlencoded', body: 'search[类型]=2' };
      expect((await app.send(LIST, { raw, token })).body.data.total).toBe(expected);
    });

    test('is understood as raw bytes of a URL', async () => {
      const expected = await total('search[type]=2');
      expect(await total('search[类型]=2')).toBe(expected);
      expect(await total('search%5B类型%5D=2&search[remark]=')).toBe(expected);
      const post = await bytes(`POST ${LIST}?search[类型]=2`, ['Content-Type: application/json'], '{"per_page":1}');
      expect([post.body.data.total, post.body.data.per_page]).toEqual([expected, 1]);
    });
  });

  test.each(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'then', 'toJSON'])(
    'a parameter named %s reaches no prototype and is passed over',
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
