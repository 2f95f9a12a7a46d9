import { request } from 'node:http';
import { networkInterfaces } from 'node:os';
import { TestApp } from '../app';

const LIST = '/business/2/plugin/WechatCustomers/getList';

const hasIpv6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === '::1'),
);
if (!hasIpv6) console.warn('page URLs over IPv6 not tested: this machine has no ::1');

/** Scheme and host of page URLs without PUBLIC_URL (CONTRACT 2.3). */
describe.each([
  ['IPv4', '127.0.0.1', true],
  ['IPv6', '::1', hasIpv6],
])('page URLs over %s', (_version, host, isPossible) => {
  let app: TestApp;
  let token: string;

  const onThis = isPossible ? test : test.skip;

  beforeAll(async () => {
    if (!isPossible) return;
    app = await TestApp.start({ host, settings: { TRUSTED_PROXIES: `${host}/${host === '::1' ? 128 : 32}` } });
    token = await app.manage(1);
  });

  afterAll(() => app?.stop());

  /** The origin of the page URLs that answer a request with headers that fetch does not send. */
  async function originFor(headers: Record<string, string>): Promise<string> {
    const { port } = new URL(app.url);
    const options = { hostname: host, port, path: LIST, agent: false };
    const body = await new Promise<string>((resolve, reject) => {
      request({ ...options, headers: { authorization: `Bearer ${token}`, ...headers } }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () => resolve(text));
      })
        .on('error', reject)
        .end();
    });
    const { path } = JSON.parse(body).data as { path: string };
    expect(path.endsWith(LIST)).toBe(true);
    return path.slice(0, -LIST.length);
  }

  onThis.each([
    'crm.example.com',
    'CRM.example.com.',
    'customer_hub:3000',
    'xn--tlqr9h.example:65535',
    '10.0.0.7:3000',
    '[::1]:3000',
    '[2001:DB8::7]',
    '[::ffff:10.0.0.7]:3000',
  ])('have the host that is asked for: %s', async (asked) => {
    expect(await originFor({ host: asked })).toBe(`http://${asked}`);
    expect(await originFor({ 'x-forwarded-host': asked })).toBe(`http://${asked}`);
  });

  onThis.each([
    '::1',
    '::1:3000',
    '[::1',
    '[::1]x',
    '[::::]',
    '[fe80::1%25eth0]:3000',
    '[fe80::1%eth0]',
    '[1.2.3.4]',
    '999.1.1.1',
    '1.2.3.4.5',
    'a..b',
    '-a.example',
    'a-.example',
    '.',
    `${'a'.repeat(64)}.example`,
    `${'a.'.repeat(150)}example`,
    'a.example:99999',
    'a.example:',
    'a.example:80:80',
    'me@evil.example',
    'evil.example/x',
    'evil.example?x=',
    'evil.example\\x',
    'evil.example"><script>',
    'a b',
    '',
  ])('never have what is no host: "%s"', async (junk) => {
    expect(await originFor({ host: junk })).toBe(app.url);
    expect(await originFor({ host: 'crm.example.com', 'x-forwarded-host': junk })).toBe('http://crm.example.com');
    expect(await originFor({ host: junk, 'x-forwarded-host': junk })).toBe(app.url);
  });

  onThis('have the last host and scheme that a trusted proxy names', async () => {
    const headers = {
      host: 'inner',
      'x-forwarded-host': 'evil.example, crm.example.com',
      'x-forwarded-proto': 'https',
    };
    expect(await originFor(headers)).toBe('https://crm.example.com');
    expect(await originFor({ ...headers, 'x-forwarded-proto': 'javascript' })).toBe('http://crm.example.com');
  });
});
