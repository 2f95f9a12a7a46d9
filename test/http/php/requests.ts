import * as fc from 'fast-check';

/** A request as bytes, and what PHP's answer must be compared with. */
export interface PhpRequest {
  kind: 'query' | 'form' | 'multipart' | 'json';
  /** The query string, without `?`. */
  query: string;
  type: string;
  body: string;
}

const BOUNDARY = 'b0undary';

/** Names in urlencoded text; the rest of the constants is what PHP's reader of names has a rule for. */
const outerNames = ['a', 'b', 'page', 'search', 'search%5Btime%5D', 'a.b', '+a', 'a+b', '%E7%B1%BB', '__proto__', '7'];
const brackets = [
  ...['[]', '[0]', '[1]', '[2]', '[k]', '[time]', '%5B%5D', '%5b0%5D', '[%E7%B1%BB%E5%9E%8B]', '[__proto__]', '[+]'],
  ...['[05]', '[-5]', '[-0]', '[a.b c]', '[[x]', '[9007199254740993]', '[length]', '[constructor]', '[%0A]', '[]'],
];
const oddities = ['[', ']', '.', '+', '%00', '%C0', '%', '%zz', '[x', 'x]', '=', '', '[a]b', '%5B', '中', '%2E', '%26'];
const values = [
  ...['', '1', '2', '02', '+2', '%202', '2+', '%2B2', '1e1', '9007199254740993', '99999999999999999999', '0', '-1'],
  ...['x', 'a=b', 'a%3Db', '%E4%B8%AD', '%', '%4', '100%25', '%00', 'a[0]=1', '中', 'x+y', '%F0%9F%98%80', '%ED%A0%80'],
];

const name = fc.oneof(
  {
    weight: 12,
    arbitrary: fc
      .tuple(fc.constantFrom(...outerNames), fc.array(fc.constantFrom(...brackets), { maxLength: 3 }))
      .map(([outer, inner]) => outer + inner.join('')),
  },
  {
    weight: 1,
    arbitrary: fc
      .array(fc.constantFrom(...outerNames, ...brackets, ...oddities), { minLength: 1, maxLength: 5 })
      .map((parts) => parts.join('')),
  },
);
const pair = fc.oneof(
  { weight: 15, arbitrary: fc.tuple(name, fc.constantFrom(...values)).map(([left, right]) => `${left}=${right}`) },
  { weight: 1, arbitrary: name },
  { weight: 1, arbitrary: fc.constant('') },
);
const urlencoded = fc.array(pair, { maxLength: 6 }).map((pairs) => pairs.join('&'));

/** A request line is ASCII without blanks. */
const toAscii = (text: string) => text.replace(/[^!-~]/gu, encodeURIComponent);

const query = urlencoded.map((text): PhpRequest => ({ kind: 'query', query: toAscii(text), type: '', body: '' }));

const form = urlencoded.map((body): PhpRequest => ({
  kind: 'form',
  query: '',
  type: 'application/x-www-form-urlencoded',
  body,
}));

const decoded = (text: string) => decodeURIComponent(text.replaceAll('+', ' ').replace(/%(?![0-9a-f]{2})/gi, '%25'));
const readable = (text: string) => !/%C0|%ED%A0/.test(text);
const fieldNames = [...outerNames, 'a"b', 'a\\b', 'a\\\\"', 'a;b', "a'b", '%41'].map(decoded);
const fieldValues = [...values.filter(readable).map(decoded), 'a\r\nb', `--${BOUNDARY}`, '\r\n', '\n', 'a\r\n\r\nb'];
const partHeaders = [
  ...['Content-Type: text/plain; charset=iso-8859-1', 'Content-Transfer-Encoding: base64', 'Content-Length: 1'],
  ...['Content-Type: application/octet-stream', 'X-Empty:'],
];
const written = fc.constantFrom(
  (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`,
  (text: string) => `"${text.replaceAll('"', '%22')}"`,
  (text: string) => (/^[^\s;"'\\]+$/.test(text) ? text : `"${text.replace(/["\\]/g, '\\$&')}"`),
);
const field = fc
  .record({
    outer: fc.constantFrom(...fieldNames),
    inner: fc.array(fc.constantFrom(...brackets.map(decoded)), { maxLength: 2 }),
    value: fc.constantFrom(...fieldValues),
    before: fc.array(fc.constantFrom(...partHeaders), { maxLength: 1 }),
    after: fc.array(fc.constantFrom(...partHeaders), { maxLength: 1 }),
    written,
  })
  .map(({ outer, inner, value, before, after, written: write }) => {
    const disposition = `Content-Disposition: form-data; name=${write(outer + inner.join(''))}`;
    return [...before, disposition, ...after, '', value].join('\r\n');
  });
const oddPart = fc.constantFrom(
  'Content-Disposition: form-data; name="f"; filename=""\r\nContent-Type: application/octet-stream\r\n\r\n',
  'content-disposition:form-data;name=a\r\n\r\n1',
  'Content-Disposition: FORM-DATA; x=y; NAME="a"\r\n\r\n1',
  'Content-Disposition: form-data; name="f"; filename="f.txt"\r\n\r\n1',
  'Content-Disposition: form-data\r\n\r\n1',
  'Content-Disposition: form-data; name=a\r\n\r\n1\n--b0undary\r\nContent-Disposition: form-data; name=b\r\n\r\n2',
  'Content-Disposition: form-data; name=a\r\n1',
  'X: y\r\n\r\n1',
);
const part = fc.oneof({ weight: 12, arbitrary: field }, { weight: 1, arbitrary: oddPart });
/** PHP goes on reading after the end of a body. */
const secondBody = `--\r\n--${BOUNDARY}\r\nContent-Disposition: form-data; name=z\r\n\r\n1\r\n--${BOUNDARY}--\r\n`;
const multipart = fc
  .record({
    parts: fc.array(part, { maxLength: 4 }),
    isQuoted: fc.boolean(),
    before: fc.constantFrom('', '', '', 'preamble\r\n', '\r\n'),
    after: fc.constantFrom('--\r\n', '--\r\n', '--\r\n', '--', '--\r\nepilogue', secondBody),
  })
  .map(({ parts, isQuoted, before, after }): PhpRequest => {
    const body = [...parts.map((text) => `--${BOUNDARY}\r\n${text}\r\n`), `--${BOUNDARY}${after}`].join('');
    const boundary = isQuoted ? `"${BOUNDARY}"` : BOUNDARY;
    return { kind: 'multipart', query: '', type: `multipart/form-data; boundary=${boundary}`, body: before + body };
  });

const pages = [
  2,
  2.5,
  -1,
  0,
  true,
  false,
  null,
  '2',
  ' 2',
  '+2',
  '2 ',
  '02',
  '1e1',
  '1.0',
  '\t3\n',
  '2\u00a0',
  [2],
  {},
];
const jsonValue = fc.oneof(fc.jsonValue({ maxDepth: 3, stringUnit: 'binary' }), fc.constantFrom<unknown>(...pages));
const jsonName = fc.constantFrom(
  'page',
  'page',
  'a',
  'b',
  '0',
  '1',
  '',
  '__proto__',
  'constructor',
  '类型',
  '\0',
  '05',
);
const jsonObject = fc
  .array(fc.tuple(jsonName, jsonValue), { maxLength: 5 }) // names may repeat
  .map(
    (entries) => `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(' ,\n')}}`,
  );
const oddJson = fc.constantFrom(
  '[]',
  ' [ ]',
  '{"page":2.0}',
  '{"page":-0}',
  '{"a":"\\u4e2d\\/\\ud83d\\ude00"}',
  '[1]',
  '{',
);
const json = fc
  .oneof({ weight: 12, arbitrary: jsonObject }, { weight: 1, arbitrary: oddJson })
  .map((body): PhpRequest => ({ kind: 'json', query: '', type: 'application/json', body }));

/** Requests of each kind, mostly such as a client sends: the odd ones, which are refused, stay the smaller part. */
export const phpRequest = fc.oneof(query, form, multipart, json);
