import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { connect, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { patience } from '../machine.cjs';
import { freePort } from '../mariadb/server';
import { Program } from '../program';
import { until } from '../until';

const JSON_TYPE = 'Content-Type: application/json';

describe('the program on SIGTERM or SIGINT', () => {
  let directory: string;
  let program: Program;
  let sockets: Socket[];

  const start = async (settings?: Record<string, string>) => {
    program = await new Program(directory, await freePort(), settings).ready();
  };

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'customer-hub-shutdown-'));
    sockets = [];
  });

  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await program.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  });

  const get = (path: string) => fetch(`http://127.0.0.1:${program.port}${path}`);

  const isListening = () =>
    get('/health/live').then(
      () => true,
      () => false,
    );

  /** Opens a connection and sends the given part of a request, which the program has read when another is answered. */
  async function say(lines = ''): Promise<Socket> {
    const socket = connect(program.port, '127.0.0.1');
    sockets.push(socket);
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.on('error', () => undefined); // cut off
    socket.write(lines);
    await get('/health/live');
    return socket;
  }

  const head = (path: string, length: number) =>
    [`POST ${path} HTTP/1.1`, 'Host: hub', JSON_TYPE, `Content-Length: ${length}`, '', ''].join('\r\n');

  test('is not ready at once, keeps serving, and closes each connection with its answer', async () => {
    await start({ DRAIN_SECONDS: String(Math.min(15, patience(3))) }); // as long as the requests below may need
    expect((await get('/health/ready')).status).toBe(200);
    const exited = program.kill('SIGTERM');
    await until(async () => (await get('/health/ready')).status !== 200);
    void program.kill('SIGTERM'); // a second signal changes nothing
    const ready = await get('/health/ready');
    expect([ready.status, ready.headers.get('connection')]).toEqual([503, 'close']);
    expect(await ready.json()).toMatchObject({ status: 'unavailable', checks: { process: 'draining' } });
    const live = await get('/health/live');
    expect([live.status, live.headers.get('connection')]).toEqual([200, 'close']);
    expect((await program.login()).code).toBe(200);
    const { code, stderr } = await exited;
    expect([code, stderr]).toEqual([0, '']);
    expect(await isListening()).toBe(false);
  });

  test('does not wait for balancers on Ctrl-C', async () => {
    await start({ DRAIN_SECONDS: '15' });
    const exited = program.kill('SIGINT');
    void program.kill('SIGINT'); // repeated, as by npm
    const { code, stdout } = await exited;
    expect(code).toBe(0);
    expect(stdout).toContain('SIGINT: serving for 0 s more');
  });

  test('answers a request whose second half comes after the listener has closed', async () => {
    await start();
    const { token } = (await program.login()).result;
    const pair = { user_id: 998, customer_id: 1001, reference: 'late' };
    const [first, second] = JSON.stringify(pair).split(/(?<=customer)/) as [string, string];
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const length = { 'content-length': first.length + second.length };
    const edit = request({
      port: program.port,
      host: '127.0.0.1',
      path: '/api/user_customer/edit',
      method: 'POST',
      headers: { ...headers, ...length },
    });
    edit.write(first);
    const silent = await say();
    const exited = program.kill('SIGTERM');
    await until(() => silent.closed); // the request under way is kept longer than such connections
    expect(await isListening()).toBe(false);
    edit.end(second);
    const answer = await new Promise<any>((resolve, reject) => edit.once('response', resolve).once('error', reject));
    expect([answer.statusCode, answer.headers.connection]).toEqual([200, 'close']);
    expect(JSON.parse(await text(answer))).toMatchObject({ code: 200, msg: '编辑成功' });
    expect((await exited).code).toBe(0);
  });

  test('is not held up by connections that are silent, half-way through a head, or kept alive', async () => {
    await start();
    await say();
    await say('POST /api/login HTTP/1.1\r\nHost: h');
    await say(head('/api/login', 2) + '{}');
    await say(head('/api/login', 2) + '{}' + 'POST /api/login HTT');
    expect((await program.kill('SIGTERM')).code).toBe(0); // 1 if they had to be cut off; resilience/timed/deadline has the time
  });
});
