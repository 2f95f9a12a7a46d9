import { connect } from 'node:net';
import { UserCustomer } from '../../src/user-customer/entities/user-customer.entity';
import { TestApp } from '../app';
import { expectBadParameter, expectFailure } from '../envelope';
import { sendBytes } from '../raw-socket';

const LIST = '/business/2/plugin/WechatCustomers/getList';
const GET_LIST = '/api/user_customer/get_list';
const ADD = '/api/user_customer/add';
const EDIT = '/api/user_customer/edit';
const MIB = 1024 * 1024;

/** Bodies that are forms, and their limits (CONTRACT 1.1, 2.1). */
describe('form and multipart bodies', () => {
  let app: TestApp;
  let token: string;

  beforeAll(async () => {
    app = await TestApp.start();
    token = await app.manage(1);
  });

  afterAll(() => app.stop());

  const boundary = 'multipart/form-data; boundary=b';
  const send = (body: string, type: string, path = ADD) => app.send(path, { raw: { body, type }, token });
  const disposition = (name: string) => `Content-Disposition: form-data; name="${name}"`;
  const part = (name: string, value: string) => `--b\r\n${disposition(name)}\r\n\r\n${value}\r\n`;

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
    ['with text after a delimiter', boundary, `${part('a', '1')}--bc\r\n\r\n--b--\r\n`],
    ['with a delimiter after a bare LF', boundary, `${part('a', '1\n--b\r\nX: y')}--b--\r\n`],
    ['that goes on after its end', boundary, `${part('a', '1')}--b--\r\n${part('a', '1')}--b--\r\n`],
    ['with a part without headers', boundary, '--b\r\n\r\n1\r\n--b--\r\n'],
    ['with a part of two names', boundary, `${part('a"; name="b', '1')}--b--\r\n`],
    [
      'with a part of two dispositions',
      boundary,
      `${part('a', '1').replace('\r\n\r\n', `\r\n${disposition('b')}\r\n\r\n`)}--b--\r\n`,
    ],
    ['with a folded header', boundary, `${part('a', '1').replace('; name', ';\r\n name')}--b--\r\n`],
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
      expect((await send(edit, boundary, EDIT)).body.code).toBe(200);
      expect(await app.row(UserCustomer, { userId: 998, customerId: 1001 })).toMatchObject({ script: value });
    }
  });

  test('a flood of parts is refused before any name is read', async () => {
    const parts = part('', '1').repeat(10_000); // a reader of names would refuse the empty one
    expectBadParameter(await send(`${parts}--b--\r\n`, boundary), 'mix', '参数过多或嵌套过深');
  });

  test('a flood of nested names is refused at the first of them', async () => {
    const names = Array.from({ length: 87 }, () => `a${'[0]'.repeat(3990)}=1`).join('&');
    const form = `${names}&x=%C0`; // a reader of all names would refuse the last value, which is not UTF-8
    expectBadParameter(await send(form, 'application/x-www-form-urlencoded'), 'mix', '参数过多或嵌套过深');
  });

  test.each([
    ['unquoted', 'name=script'],
    ['in capitals and after another parameter', 'x=y; NAME="script"'],
    ['as vendors write it', 'name="script"'],
  ])('a name is read %s', async (_case, parameters) => {
    const edit = `${part('user_id', '998')}${part('customer_id', '1001')}--b\r\ncontent-disposition: form-data; ${parameters}`;
    const value = `by ${parameters}`;
    expect((await send(`${edit}\r\n\r\n${value}\r\n--b--\r\n`, boundary, EDIT)).body.code).toBe(200);
    expect(await app.row(UserCustomer, { userId: 998, customerId: 1001 })).toMatchObject({ script: value });
  });

  test.each(['Content-Type: text/plain; charset=iso-8859-1', 'Content-Type: application/octet-stream'])(
    'a part is UTF-8 text, as in PHP, with %s',
    async (header) => {
      const script = part('script', '中文').replace('\r\n\r\n', `\r\n${header}\r\n\r\n`);
      const edit = `${part('user_id', '998')}${part('customer_id', '1002')}${script}--b--\r\n`;
      expect((await send(edit, boundary, EDIT)).body.code).toBe(200);
      expect(await app.row(UserCustomer, { userId: 998, customerId: 1002 })).toMatchObject({ script: '中文' });
    },
  );

  test('a transfer encoding is not decoded, as in PHP', async () => {
    const header = 'Content-Transfer-Encoding: base64';
    const encoded = part('user_id', 'OTk4').replace('\r\n\r\n', `\r\n${header}\r\n\r\n`);
    const answer = await send(`${encoded}${part('customer_id', '1001')}--b--\r\n`, boundary, '/api/user_customer/get');
    expectBadParameter(answer, 'mix', 'user_id 必须是数字');
  });

  test('of parts with one name the last counts, and `[]` makes a list', async () => {
    const get = `${part('user_id', '1')}${part('user_id', '998')}${part('customer_id', '1001')}--b--\r\n`;
    expect((await send(get, boundary, '/api/user_customer/get')).body.result.user_id).toBe(998);
    const times = `${part('search[time][]', '1')}${part('search[time][]', '2')}--b--\r\n`;
    expect((await send(times, boundary, LIST)).body.data.first_page_url).toContain(
      `${encodeURIComponent('search[time][0]')}=1&${encodeURIComponent('search[time][1]')}=2`,
    );
  });

  test('a file input without a file sends nothing; one with bytes or a name is refused', async () => {
    const input = (name: string, bytes: string) =>
      `--b\r\n${disposition('f')}; ${name}\r\nContent-Type: application/octet-stream\r\n\r\n${bytes}\r\n`;
    const pair = `${part('user_id', '998')}${part('customer_id', '1001')}--b--\r\n`;
    expect((await send(input('filename=""', '') + pair, boundary, '/api/user_customer/get')).body.code).toBe(200);
    for (const file of [input('filename=""', 'x'), input('filename="x"', ''), input('filename*=x', '')]) {
      expectBadParameter(await send(file + pair, boundary, '/api/user_customer/get'), 'mix', '不支持上传文件');
    }
  });

  test('a client that leaves in the middle of its body affects no other', async () => {
    const { hostname, port, host } = new URL(app.url);
    const head = [`POST ${ADD} HTTP/1.1`, `Host: ${host}`, `Content-Type: ${boundary}`, 'Content-Length: 500', '', ''];
    const socket = connect(Number(port), hostname);
    await new Promise((resolve) => socket.write(head.join('\r\n') + part('a', '1'), resolve));
    socket.resetAndDestroy();
    expect((await app.send(GET_LIST, { token })).body.code).toBe(200);
  });
});
