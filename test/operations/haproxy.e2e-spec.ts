import { TestApp } from '../app';
import { hasHaproxy, Haproxy } from '../haproxy';
import { linesOf, logOf } from '../log';
import { freePort } from '../mariadb/server';

const LIST = '/business/2/plugin/WechatCustomers/getList';

const behindHaproxy = hasHaproxy ? describe : describe.skip;
if (!hasHaproxy) console.warn('deploy/haproxy.cfg not tested: no haproxy installed');

/** What a client of deploy/haproxy.cfg says of itself, with HAProxy in between. */
behindHaproxy('a client behind HAProxy', () => {
  let app: TestApp;
  let haproxy: Haproxy;
  let url: string;

  beforeAll(async () => {
    app = await TestApp.start({ settings: { TRUSTED_PROXIES: '127.0.0.0/8', LOG_LEVEL: 'info' } });
    const free = async () => `127.0.0.1:${await freePort()}`;
    const { host } = new URL(app.url);
    const [HUB_LISTEN, DATABASE_LISTEN, NODE] = [await free(), await free(), await free()];
    haproxy = await Haproxy.start({
      ...{ HUB_LISTEN, HUB_1: host, HUB_2: host, DATABASE_LISTEN },
      ...{ NODE_1: NODE, NODE_2: NODE, NODE_3: NODE },
    });
    url = `http://${HUB_LISTEN}`;
  });

  afterAll(async () => {
    await haproxy?.stop();
    await app?.stop();
  });

  test('has page URLs on the host that it asked, and the id and address that the proxy gave', async () => {
    const headers = {
      authorization: `Bearer ${await app.manage(1)}`,
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'https',
      'x-forwarded-for': '203.0.113.7',
      'x-request-id': 'chosen-by-the-client',
    };
    let answer: Response | undefined;
    const log = await logOf(async () => {
      answer = await fetch(url + LIST, { headers });
      expect(((await answer.json()) as any).data.path).toBe(url + LIST);
    });
    const id = answer!.headers.get('x-request-id');
    expect(id).toMatch(/^[\da-f-]{36}$/);
    expect(linesOf(log)).toContainEqual(
      expect.objectContaining({ msg: 'answered', request_id: id, address: '127.0.0.1' }),
    );
  });
});
