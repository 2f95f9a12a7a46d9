import { once } from 'node:events';
import { createServer, Server } from 'node:http';
import { AddressInfo, connect, createServer as createTcpServer } from 'node:net';
import { Wecom } from './wecom';

/** A proxy that opens tunnels, for a user and password if given. */
class Proxy {
  /** Where tunnels went to. */
  readonly tunnels: string[] = [];
  /** Requests that were not asked for as tunnels. */
  plain = 0;

  private constructor(private readonly server: Server) {}

  static async start(login?: string): Promise<Proxy> {
    const server = createServer();
    const proxy = new Proxy(server);
    server.on('request', (_request, response) => {
      proxy.plain++;
      response.writeHead(500).end();
    });
    server.on('connect', ({ url = '', headers }, client) => {
      const given = Buffer.from(headers['proxy-authorization']?.split(' ')[1] ?? '', 'base64').toString();
      if (login && given !== login) return client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      proxy.tunnels.push(url);
      const [host, port] = url.split(':');
      const target = connect(Number(port), host, () => client.write('HTTP/1.1 200 OK\r\n\r\n'));
      for (const socket of [client, target]) socket.on('error', () => undefined);
      return target.pipe(client).pipe(target);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  stop(): void {
    this.server.close();
  }
}

describe('WECOM_PROXY_URL', () => {
  let wecom: Wecom;

  beforeAll(async () => (wecom = await Wecom.start()));
  beforeEach(() => wecom.reset());
  afterAll(() => wecom.stop());

  const call = (url: string) => wecom.client({ WECOM_PROXY_URL: url }).for(wecom.corp).followers();

  test('every call goes through the proxy, over tunnels that are kept', async () => {
    const proxy = await Proxy.start();
    const api = wecom.client({ WECOM_PROXY_URL: `http://127.0.0.1:${proxy.port}` }).for(wecom.corp);
    for (let n = 0; n < 5; n++) expect(await api.followers()).toHaveLength(4);
    expect(new Set(proxy.tunnels)).toEqual(new Set([new URL(wecom.simulator.url).host]));
    expect(proxy.tunnels.length).toBeLessThanOrEqual(2); // undici may open a second one when the first has just answered
    expect(proxy.plain).toBe(0);
    proxy.stop();
  });

  test('user and password are sent to it', async () => {
    const proxy = await Proxy.start('hub:p@ss');
    expect(await call(`http://hub:p%40ss@127.0.0.1:${proxy.port}`)).toHaveLength(4);
    const refused = call(`http://hub:planted@127.0.0.1:${proxy.port}`);
    await wecom.reset();
    await expect(refused).rejects.toMatchObject({ errcode: 0 });
    await expect(refused).rejects.not.toThrow(/planted/);
    proxy.stop();
  });

  test('a proxy that is not there is a passing fault', async () => {
    await expect(call('http://127.0.0.1:9')).rejects.toMatchObject({ errcode: 0, reason: 'ECONNREFUSED' });
    expect(wecom.simulator.calls).toEqual([]);
  });
});

test('without a proxy connections are kept', async () => {
  const wecom = await Wecom.start();
  let connections = 0;
  const counting = createTcpServer((client) => {
    connections++;
    const target = connect(Number(new URL(wecom.simulator.url).port), '127.0.0.1');
    for (const socket of [client, target]) socket.on('error', () => undefined);
    target.pipe(client).pipe(target);
  }).listen(0, '127.0.0.1');
  await once(counting, 'listening');
  const { port } = counting.address() as AddressInfo;
  const api = wecom.client({ WECOM_API_BASE: `http://127.0.0.1:${port}` }).for(wecom.corp);
  for (let n = 0; n < 10; n++) await api.followers();
  expect(connections).toBeLessThanOrEqual(2);
  counting.close();
  await wecom.stop();
});
