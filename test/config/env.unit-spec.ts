import { readEnv } from '../../src/config/env';

describe('settings', () => {
  test('have defaults, and an empty variable counts as absent', () => {
    const defaults = readEnv({});
    expect(defaults).toMatchObject({ PORT: 3000, HOST: '127.0.0.1', DRAIN_SECONDS: 5, LOG_LEVEL: 'info' });
    const empty = Object.fromEntries(Object.keys(defaults).map((name) => [name, '']));
    expect(readEnv({ ...empty, PUBLIC_URL: '' })).toEqual(defaults);
    const blank = Object.fromEntries(Object.keys(defaults).map((name) => [name, ' \t\r\n\u3000']));
    expect(readEnv(blank)).toEqual(defaults);
  });

  test('lose the blanks around them', () => {
    const blanks = {
      PORT: ' 8080\r',
      LOG_LEVEL: 'warn ',
      METRICS_TOKEN: '\ta-token-of-16-bytes\n',
      DEMO_DATA: ' true',
    };
    const env = readEnv({ ...blanks, DATABASE_URL: ' mariadb://hub@db/hub ' });
    expect(env).toMatchObject({ PORT: 8080, LOG_LEVEL: 'warn', METRICS_TOKEN: 'a-token-of-16-bytes', DEMO_DATA: true });
    expect(env.DATABASE_URL).toBe('mariadb://hub@db/hub');
  });

  test.each([
    ['TRUSTED_PROXIES', ' 10.0.0.0/8 ,, fd00::/8,', ['10.0.0.0/8', 'fd00::/8']],
    ['DATABASE_REPLICA_URLS', 'mysql://a/d , mysql://b/d,', ['mysql://a/d', 'mysql://b/d']],
    [
      'CORS_ORIGINS',
      'HTTPS://CRM.Example.COM/,http://a:80,https://a:8443',
      ['https://crm.example.com', 'http://a', 'https://a:8443'],
    ],
    ['CORS_ORIGINS', 'https://客户.example,http://[::0001]:3000/', ['https://xn--ubt06m.example', 'http://[::1]:3000']],
    ['CORS_ORIGINS', 'null,capacitor://localhost,*', ['null', 'capacitor://localhost', '*']],
  ])('%s is a list: %s', (name, value, items) => {
    const DATABASE_URL = 'mysql://primary/d';
    expect(readEnv({ DATABASE_URL, [name]: value })).toMatchObject({ [name]: items });
  });

  test.each([
    ['https://EXAMPLE.com:443//', 'https://example.com'],
    ['http://[2001:DB8::1]:80/hub/', 'http://[2001:db8::1]/hub'],
    ['https://example.com/客户', 'https://example.com/%E5%AE%A2%E6%88%B7'],
  ])('PUBLIC_URL %s is %s', (value, url) => expect(readEnv({ PUBLIC_URL: value }).PUBLIC_URL).toBe(url));

  test('of WeCom have defaults', () => {
    expect(readEnv({})).toMatchObject({
      WECOM_API_BASE: 'https://qyapi.weixin.qq.com',
      WECOM_TIMEOUT_MS: 10_000,
      WECOM_CONCURRENCY: 4,
      WECOM_LIMIT_PAUSE_SECONDS: 60,
      WECOM_MAX_LOSS_PERCENT: 20,
    });
    for (const name of ['WECOM_CREDENTIAL_KEY', 'WECOM_PROXY_URL', 'WECOM_SYNC_AT'])
      expect(readEnv({})).not.toHaveProperty(name);
  });

  test.each([
    ['WECOM_API_BASE', 'http://127.0.0.1:4000/', 'http://127.0.0.1:4000'],
    ['WECOM_CREDENTIAL_KEY', 'aB'.repeat(32), 'aB'.repeat(32)],
    ['WECOM_PROXY_URL', 'http://hub:p%40ss@proxy:3128', 'http://hub:p%40ss@proxy:3128/'],
    ['WECOM_SYNC_AT', '23:59', '23:59'],
    ['WECOM_MAX_LOSS_PERCENT', '0', 0],
  ])('%s may be %s', (name, value, read) => expect(readEnv({ [name]: value })).toMatchObject({ [name]: read }));

  test('are converted to their types', () => {
    const env = readEnv({ PORT: '0', DEMO_DATA: 'false', PUBLIC_URL: 'https://example.com/x/', MIX_PAGE_SIZE: '5' });
    expect(env).toMatchObject({ PORT: 0, DEMO_DATA: false, PUBLIC_URL: 'https://example.com/x', MIX_PAGE_SIZE: 5 });
  });

  const numbers = ['DATABASE_POOL_SIZE', 'MIX_PAGE_SIZE', 'MIX_PAGE_SIZE_MAX', 'MIX_ALL_MAX', 'BUSINESS_PAGE_SIZE'];
  const invalid: [string, string][] = [
    ...['-1', '65536', 'http', '80.5', '0x50', '1e3', '٣٠٠٠', '９', '9'.repeat(400)].map((value): [string, string] => [
      'PORT',
      value,
    ]),
    ...[...numbers, 'BUSINESS_PAGE_SIZE_MAX'].flatMap((name) =>
      ['0', '-5', 'many', '99999999'].map((value): [string, string] => [name, value]),
    ),
    ...['a b', 'http://x', '[::1]', '主机'].map((value): [string, string] => ['HOST', value]),
    ...[
      'postgres://u:hunter2@h/d',
      'sqlite:',
      'mysql://u:hunter2@h',
      'hunter2',
      'mysql://u:hunter2@h:abc/d',
      'sqlite: x',
      'SQLITE:x',
    ].map((value): [string, string] => ['DATABASE_URL', value]),
    ...['yes', '1', 'TRUE'].map((value): [string, string] => ['DEMO_DATA', value]),
    ...['-1', '16', '2.5', 'long'].map((value): [string, string] => ['DRAIN_SECONDS', value]),
    ...[
      'ftp://x',
      'example.com',
      'javascript:alert(1)',
      'https://x/a?q=1',
      'https://x/#a',
      'https://u:hunter2@x',
      'https://',
    ].map((value): [string, string] => ['PUBLIC_URL', value]),
    ...['https://crm.example.com/app', 'https://crm.example.com/?', 'https://u:hunter2@crm.example.com'].map(
      (value): [string, string] => ['CORS_ORIGINS', value],
    ),
    ...['hub.example', 'localhost:8080', 'https://*.hub.example', 'https://?', 'file:///', '*.hub.example'].map(
      (value): [string, string] => ['CORS_ORIGINS', value],
    ),
    ...['10.0.0.1', '10.0.0.0/33', '10.0.0.0/-1', 'fd00::/129', 'private', '１０.0.0.0/8'].map(
      (value): [string, string] => ['TRUSTED_PROXIES', value],
    ),
    ...['short', 'with blanks in the middle', '令牌令牌令牌令牌令牌令牌令牌令牌'].map((value): [string, string] => [
      'METRICS_TOKEN',
      value,
    ]),
    ...['mysql://h/d,sqlite:x', 'h'].map((value): [string, string] => ['DATABASE_REPLICA_URLS', value]),
    ...['"3000"', "'3000'"].map((value): [string, string] => ['PORT', value]),
    ...['"企业"', "'企业'"].map((value): [string, string] => ['BUSINESS_TITLE', value]),
    ...['live', 'PRODUCTION'].map((value): [string, string] => ['NODE_ENV', value]),
    ...['https://qyapi.weixin.qq.com/cgi-bin', 'https://x/cgi-bin/', 'qyapi.weixin.qq.com', 'https://x/?hunter2'].map(
      (value): [string, string] => ['WECOM_API_BASE', value],
    ),
    ...['hunter2', 'f'.repeat(63), 'f'.repeat(65), 'g'.repeat(64)].map((value): [string, string] => [
      'WECOM_CREDENTIAL_KEY',
      value,
    ]),
    ...['socks5://proxy:1080', 'proxy:3128', 'http://hub:hunter2@proxy/path', 'http://proxy/?hunter2'].map(
      (value): [string, string] => ['WECOM_PROXY_URL', value],
    ),
    ...['24:00', '3:05', '03:60', '03:30:00', 'never'].map((value): [string, string] => ['WECOM_SYNC_AT', value]),
    ...['0', '6', '2.5', 'all'].map((value): [string, string] => ['WECOM_CONCURRENCY', value]),
    ...['99', '120001', '10s'].map((value): [string, string] => ['WECOM_TIMEOUT_MS', value]),
    ...['0', '3601'].map((value): [string, string] => ['WECOM_LIMIT_PAUSE_SECONDS', value]),
    ...['-1', '101', '20%'].map((value): [string, string] => ['WECOM_MAX_LOSS_PERCENT', value]),
    ...['log', 'INFO', 'verbose'].map((value): [string, string] => ['LOG_LEVEL', value]),
  ];
  test.each(invalid)('%s=%j is refused in one line with the name but not the value', (name, value) => {
    let message = '';
    try {
      readEnv({ [name]: value });
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toMatch(new RegExp(`^${name} must .+$`));
    expect(message).not.toContain('hunter2');
    if (value.trim().length > 3 && value !== 'sqlite:') expect(message).not.toContain(value);
  });

  test('refuse a default page size above its limit', () => {
    expect(() => readEnv({ MIX_PAGE_SIZE: '50', MIX_PAGE_SIZE_MAX: '40' })).toThrow(/^MIX_PAGE_SIZE must/);
    expect(() => readEnv({ BUSINESS_PAGE_SIZE_MAX: '10' })).toThrow(/^BUSINESS_PAGE_SIZE must/);
  });
});
