import * as fc from 'fast-check';
import type { Parameter, Route } from './routes';

/** The sender of a request: three of the demo accounts, a caller with an unknown token, and one without a token. */
type Caller = 'admin' | 'demo' | 'guest' | 'stranger' | 'anonymous';

/** The user whose relations no caller of the fuzz may touch, though all name it. */
export const BYSTANDER = { userId: 7001, customerIds: [1001, 1002] };

type Entry = [name: string, value: unknown];

/** The parts of a random request; {@link toWire} turns it into bytes. */
export interface FuzzRequest {
  route: Route;
  caller: Caller;
  /** Values for the path's parameters. */
  path: Record<string, unknown>;
  entries: Entry[];
  encoding: 'json' | 'form' | 'multipart' | 'query';
  odd: Oddity;
}

/** A flaw of the request itself, apart from its parameters; mostly none. */
type Oddity = Partial<{
  method: string;
  /** The request target, with `@` in place of the right one. */
  target: string;
  /** A header line. */
  header: string;
  /** Bytes instead of the body, as latin1. */
  body: string;
  contentType: string;
}>;

/** A request on the wire. */
export interface Wire {
  head: string[];
  body: Buffer;
}

/** Text that often breaks programs. */
const junkText = fc.oneof(
  fc.constantFrom('', ' ', '0', '-1', '1e9', '1.5', 'NaN', 'Infinity', 'null', 'true', '[]', '{}', '[[', '%', '_', "'"),
  fc.constantFrom(
    "' OR 1=1 --",
    '1; DROP TABLE user',
    '../../etc/passwd',
    '${7*7}',
    '\\',
    '"',
    '`',
    '\r\n',
    '\0',
    '🎉',
  ),
  fc.constantFrom(
    '\ud800',
    '\udc00\ud800',
    '\u202e',
    '\ufeff',
    'e\u0301',
    '👨‍👩‍👧‍👦',
    '\u{20bb7}',
    '１２',
    '١٢',
    '0x10',
    '1_000',
  ),
  fc.constantFrom('9007199254740993', '-9223372036854775809', '9'.repeat(40), '1'.repeat(400), '-0', '+1', ' 1', '1 '),
  fc.constantFrom('2018-11-28', '2018-02-30', '2018-11-28 24:00:00', '0000-00-00', '9999-12-31 23:59:59', '1631950639'),
  fc.constantFrom(
    '[["secret","=","x"]]',
    '[["user_id","; --",1]]',
    '[["created",">",null]]',
    '["1001",null]',
    '[1,[2]]',
  ),
  fc.constantFrom('x'.repeat(256), '中'.repeat(256), '中'.repeat(22_000), '%'.repeat(2000), 'a,'.repeat(2000)),
  fc.constantFrom('__proto__', 'constructor', 'toString', 'hasOwnProperty', 'admin', 'any', 'long'),
  fc.string({ unit: 'binary', maxLength: 40 }),
);

const junk: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: junkText },
  {
    weight: 2,
    arbitrary: fc.constantFrom<unknown>(null, true, false, 0, -0, -1, 1.5, 1e21, 2 ** 53, -(2 ** 63), 1e300),
  },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  { weight: 1, arbitrary: fc.array(junkText, { maxLength: 4 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<unknown>({ $gt: '' }, { length: 1e9 }, [[]], [[1, 2]], Array(1001).fill('1')),
  },
);

/** Plausible values by parameter name; other parameters use the documentation's example. */
const meant: Record<string, unknown[]> = {
  username: ['admin', 'demo', 'guest', 'bystander'],
  password: ['demo-admin', 'demo-user', 'demo-guest', 'wrong'],
  old_password: ['wrong'], // the tokens of the test stay good
  user_id: [998, '998', 999, '999', 1000, BYSTANDER.userId],
  customer_id: [1001, '1002', 1003, '["1001","1003"]', ['1002', 1004], [...BYSTANDER.customerIds]],
  secret: ['5JHC', '8KQD', 'W2MX', '7TPA', 'AAAA'],
  template: ['{{a}}', null, ''],
  script: ['<script>alert("1")</script>', 'x'.repeat(5000)],
  reference: ['R-1', '中文🎉', ''],
  condition: [
    '[["user_id","=","998"]]',
    [['reference', 'LIKE', '%R%']],
    [['created', '>=', '2018-01-01']],
    [['is_available', '!=', 0]],
    '[]',
  ],
  page_index: [1, '2', 9_007_199_254_740_991],
  page_size: ['20', 1, 1000],
  start_time: ['2018-11-28 00:00:00', '2018-01-01'],
  end_time: ['2018-11-28', '2030-01-01 00:00:00'],
  uniacid: [2, 2, 2, 3],
  id: [1, '2', 3],
  'search[customer]': ['Abe', '客', 'wm'],
  'search[member]': [0, '1'],
  'search[tags_data]': ['etDesSDgAAB6_PNgMEt6fWHVVJhceQow', 'a,b', ['a', 'b']],
  'search[tags_mode]': ['any', 'all', 'exclude', 'none'],
  'search[time][]': [[1_600_000_000, 1_700_000_000], ['', '1700000000000'], ['1631950639']],
  'search[remark]': ['Abe', '备注'],
};

const valueOf = ({ name, example }: Parameter) =>
  fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...(meant[name] ?? [example])) }, { weight: 1, arbitrary: junk });

/** Also absent: often for an optional parameter, sometimes for a required one. */
const entryOf = (parameter: Parameter): fc.Arbitrary<Entry | undefined> =>
  fc
    .option(valueOf(parameter), { nil: undefined, freq: parameter.isRequired ? 15 : 1 })
    .map((value) => (value === undefined ? undefined : [parameter.name, value]));

const strangeNames = ['__proto__', 'constructor', 'then', '', 'a[b]', 'a[', '[]', '类型', 'search', 'id[$gt]'];
const strangeName = fc.oneof(fc.constantFrom(...strangeNames), fc.string({ unit: 'binary', maxLength: 20 }));

const methods = 'GET HEAD PUT PATCH DELETE OPTIONS TRACE PROPFIND QUERY get FOO G\0T'.split(' ');

const targets = [
  ...['@/', '/@', '@%', '@%zz', '@%00', '@%2f', '@;x=1', '@#x', '@//', '/%2e%2e@', '/..@', '/.@', '@?%', '@?%zz=%zz'],
  ...['@?&&==&', '@?a=1?b=2', '@?\\', '@?[]=1&[', '@?类型=1', '@/类型', '@?a b', '@ b', 'http://elsewhere@', 'x@', '*'],
  ...['/', '//', '/business', '/business/', '/api', '/business/%', '/API/login', '/docs/../api/login', '/favicon.ico'],
  ...[`@?${'a=1&'.repeat(1200)}`, `@?a${'[b]'.repeat(20)}=1`, `@?${'x'.repeat(9000)}`, `/${'x'.repeat(17_000)}`],
];

const lines = (text: string) => text.trim().split(/\n */);

/** Header lines placed before the caller's own Authorization, which they spoil. */
const headers = [
  ...lines(`Authorization:
    Authorization: Bearer
    Authorization: Bearer a b
    Authorization: Basic !!!
    Authorization: Basic OjpAOg==
    Authorization: Digest x
    Content-Encoding: gzip
    Content-Length: -1
    Content-Length: 1e3
    Content-Length: 99999999999999999999
    TE: x
    Trailer: x
    Expect: 100-continue
    Expect: tea
    Upgrade: h2c
    Connection: keep-alive
    Host: elsewhere
    Host: '"<>
    X-Forwarded-Host: elsewhere
    X-Forwarded-For: ', 1
    Forwarded: x
    X-HTTP-Method-Override: DELETE
    Origin: null
    Referer: \\
    Accept: text/html
    Accept-Encoding: gzip
    Range: bytes=0-1
    If-None-Match: *
    Cookie: a=b; a=c; =; ;
    no colon
    : no name
    a b: c`),
  ...[
    'X-Nul: a\0b',
    ' folded: x',
    'X-Request-Id: \x01',
    'Authorization: \xff',
    'Upgrade: websocket\r\nConnection: Upgrade',
  ],
  ...[`Authorization: Bearer ${'x'.repeat(10_000)}`, `X-Request-Id: ${'x'.repeat(5000)}`, `X: ${'x'.repeat(20_000)}`],
];

const contentTypes = lines(`application/json
  application/json; charset=gbk
  APPLICATION/JSON
  application/json, text/html
  application/vnd.api+json
  application/x-www-form-urlencoded
  application/xml
  text/plain
  multipart/form-data
  multipart/form-data; boundary=
  multipart/form-data; boundary=fuzz
  multipart/form-data; boundary=${'b'.repeat(500)}
  x
  /`);

const part = (head: string, value: string) => `--fuzz\r\nContent-Disposition: form-data${head}\r\n\r\n${value}\r\n`;

const bodies = [
  ...[
    '{',
    '[]',
    '""',
    'null',
    '1',
    '{"user_id":NaN}',
    '{"user_id":1e400}',
    '{"user_id":998,"user_id":[1]}',
    '{"a":"\\ud800"}',
  ],
  ...[
    '{"__proto__":{"x":1},"constructor":{"prototype":{"x":1}}}',
    '{"search":{"__proto__":{"status":1}}}',
    '{"search":[]}',
  ],
  ...[
    '\0',
    '\xff\xfe{',
    '\xef\xbb\xbf{}',
    '{"a":"\xd6\xd0"}',
    '['.repeat(20_000),
    '{"a":'.repeat(33),
    ' '.repeat(5000),
  ],
  ...[
    'a=1&a=2&a[]=3&a[b]=4',
    '%',
    '%ff=%fe',
    '=',
    '&',
    'a'.repeat(5000),
    'search=x&search[status]=1',
    'x=1&'.repeat(1200),
  ],
  ...['--fuzz', '--fuzz--', '--fuzz\r\n\r\n--fuzz--', `${part('; name="user_id"', '998')}`, `${part('', 'x')}--fuzz--`],
  ...[`${part('; name="f"; filename="x"', 'x')}--fuzz--`, `${part(`; name="${'n'.repeat(300)}"`, 'x')}--fuzz--`],
  ...[`${part('; name="user_id"', '998').repeat(1200)}--fuzz--`, `${part('; name="__proto__[x]"', '1')}--fuzz--`],
];

const oddity: fc.Arbitrary<Oddity> = fc.oneof(
  { weight: 14, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.record({ method: fc.constantFrom(...methods) }) },
  { weight: 2, arbitrary: fc.record({ target: fc.constantFrom(...targets) }) },
  { weight: 2, arbitrary: fc.record({ header: fc.constantFrom(...headers) }) },
  { weight: 1, arbitrary: fc.record({ contentType: fc.constantFrom(...contentTypes) }) },
  {
    weight: 2,
    arbitrary: fc.record({ contentType: fc.constantFrom(...contentTypes), body: fc.constantFrom(...bodies) }),
  },
);

function requestTo(route: Route): fc.Arbitrary<FuzzRequest> {
  // is_super may change all relations, so it only reads here.
  const isWrite = /\/(add|edit|delete|multi_delete)$/.test(route.path);
  const [inPath, others] = [true, false].map((is) => route.parameters.filter(({ place }) => (place === 'path') === is));
  return fc.record({
    route: fc.constant(route),
    caller: fc.constantFrom<Caller>(isWrite ? 'guest' : 'admin', 'demo', 'demo', 'guest', 'stranger', 'anonymous'),
    path: fc.record(Object.fromEntries(inPath!.map((parameter) => [parameter.name, valueOf(parameter)]))),
    entries: fc
      .tuple(fc.tuple(...others!.map(entryOf)), fc.array(fc.tuple(strangeName, junk), { maxLength: 2 }))
      .map(([own, strange]) => [...own, ...strange].filter((entry) => entry !== undefined)),
    encoding: fc.constantFrom('json', 'json', 'form', 'multipart', 'query'),
    odd: oddity,
  });
}

/** Random requests to all routes; the same seed gives the same requests. */
export function randomRequests(routes: Route[], seed: number, count: number): FuzzRequest[] {
  return fc.sample(fc.oneof(...routes.map(requestTo)), { seed, numRuns: count });
}

/** The request as bytes, without the caller's token. */
export function toWire({ route, path, entries, encoding, odd }: FuzzRequest): Wire {
  const right = route.path.replace(/\{(\w+)\}/g, (_, name: string) => percentEncode(String(path[name])));
  const isInQuery = route.method === 'GET' || encoding === 'query';
  const query = isInQuery ? `?${formOf(entries).slice(0, 12_000)}` : '';
  const [contentType, content] = isInQuery ? ['', ''] : encoders[encoding](entries);
  const body = odd.body === undefined ? Buffer.from(content) : Buffer.from(odd.body, 'latin1');
  const type = odd.contentType ?? contentType;
  const head = [
    `${odd.method ?? route.method} ${odd.target?.replace('@', right) ?? right + query} HTTP/1.1`,
    ...(odd.header === undefined ? [] : [odd.header]),
    ...(type === '' ? [] : [`Content-Type: ${type}`]),
    ...(body.length === 0 ? [] : [`Content-Length: ${body.length}`]),
  ];
  return { head, body };
}

const encoders: Record<'json' | 'form' | 'multipart', (entries: Entry[]) => [contentType: string, body: string]> = {
  json: (entries) => ['application/json', jsonOf(entries)],
  form: (entries) => ['application/x-www-form-urlencoded', formOf(entries)],
  multipart: (entries) => ['multipart/form-data; boundary=fuzz', multipartOf(entries)],
};

/** JSON written by hand, so that a name can occur twice or be `__proto__`. */
function jsonOf(entries: Entry[]): string {
  const outerOf = (name: string) => /^(\w+)\[/.exec(name)?.[1] ?? name;
  const members = [...new Set(entries.map(([name]) => outerOf(name)))].flatMap((outer) => {
    const nested = entries.filter(([name]) => name.startsWith(`${outer}[`));
    const inner = nested.map(([name, value]): Entry => [name.slice(outer.length + 1).replace(/\].*/s, ''), value]);
    const plain = entries.filter(([name]) => name === outer).map(([, value]) => JSON.stringify(value));
    const values = inner.length > 0 ? [...plain, jsonOf(inner)] : plain;
    return values.map((value) => `${JSON.stringify(outer)}:${value}`);
  });
  return `{${members.join(',')}}`;
}

function formOf(entries: Entry[]): string {
  return pairsOf(entries)
    .map((pair) => pair.map(percentEncode).join('='))
    .join('&');
}

function multipartOf(entries: Entry[]): string {
  const quoted = (name: string) => name.replace(/["\r\n]/g, percentEncode);
  const parts = pairsOf(entries).map(([name, value]) => part(`; name="${quoted(name)}"`, value));
  return `${parts.join('')}--fuzz--\r\n`;
}

/** `{ a: { b: [1] } }` as `a[b][0]=1`. */
function pairsOf(entries: Entry[]): [string, string][] {
  return entries.flatMap(([name, value]): [string, string][] => {
    if (value === null || typeof value !== 'object') return [[name, String(value)]];
    const list = name.replace(/\[\]$/, '');
    return pairsOf(Object.entries(value).map(([key, inner]) => [`${list}[${key}]`, inner]));
  });
}

/** Percent-encodes a text, with half a surrogate pair replaced because it cannot be encoded. */
function percentEncode(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}
