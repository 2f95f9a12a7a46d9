import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { TestApp } from '../app';

const USER = '/api/user';

/** Requests sent ahead on one connection. */
describe('pipelined requests', () => {
  let app: TestApp;
  let token: string;

  beforeAll(async () => {
    app = await TestApp.start();
    token = await app.login();
  });

  afterAll(() => app.stop());

  const request = (path: string, more: string[] = [], body = '') =>
    [`POST ${path} HTTP/1.1`, 'Host: hub', `Authorization: Bearer ${token}`, ...more, '', body].join('\r\n');

  function open() {
    const { hostname, port } = new URL(app.url);
    const socket = connect(Number(port), hostname);
    socket.setTimeout(20_000, () => socket.destroy());
    return socket;
  }

  test('are answered in their order, however many a connection holds', async () => {
    const paths = Array.from({ length: 90 }, (_, n) => (n % 30 === 0 ? USER : `/api/nothing/${n}`));
    const socket = open();
    socket.write(paths.map((path) => request(path)).join(''));
    socket.write(request(USER, ['Connection: close']));
    const statuses = [...(await text(socket)).matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status);
    expect(statuses).toEqual([...paths, USER].map((path) => (path === USER ? '200' : '404')));
  });

  test('with bodies are read whole', async () => {
    const template = 'x'.repeat(100_000);
    const edit = (n: number, more: string[] = []) => {
      const body = JSON.stringify({ user_id: 998, customer_id: 1001, script: `${template.slice(0, 30_000)}${n}` });
      const headers = ['Content-Type: application/json', `Content-Length: ${body.length}`];
      return request('/api/user_customer/edit', [...headers, ...more], body);
    };
    const socket = open();
    for (let n = 0; n < 30; n++) socket.write(edit(n));
    socket.write(edit(30, ['Connection: close']));
    expect((await text(socket)).match(/编辑成功/g)).toHaveLength(31);
    const row = await app.send('/api/user_customer/get', { json: { user_id: 998, customer_id: 1001 }, token });
    expect(row.body.result.script).toMatch(/x30$/);
  });

  test('beyond a hundred that wait end the connection, and nothing else', async () => {
    const socket = open();
    let answers = '';
    socket.on('data', (chunk) => (answers += String(chunk)));
    socket.on('error', () => undefined);
    const minimal = 'GET /nope HTTP/1.1\r\nHost:a\r\n\r\n'; // one read of the server's holds 2,000 of them
    for (let n = 0; n < 50; n++) socket.write(minimal.repeat(2_000));
    await once(socket, 'close');
    expect(answers.split('HTTP/1.1 404').length - 1).toBeLessThan(100_000);
    expect((await app.send(USER, { token })).body.code).toBe(200);
  });
});
