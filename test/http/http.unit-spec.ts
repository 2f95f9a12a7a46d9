import { containsSql } from '../../src/database/contains';
import {
  digits,
  integer,
  list,
  longText,
  oneOf,
  optional,
  pageNumber,
  positive,
  required,
  searchText,
  text,
} from '../../src/http/input/fields';
import { pageOffset, pageSize } from '../../src/http/input/page';
import { paginate } from '../../src/http/output/paginator';
import { parsePhpParams } from '../../src/http/input/php-params';
import { conditionOn } from '../../src/user-customer/list/condition';
import { endOf, startOf } from '../../src/http/input/time-range';
import { RELATION_COLUMNS } from '../../src/user-customer/relation-query';

describe('fields', () => {
  test.each([
    ['digits', digits, { '0': 0, '0998': 998, '9007199254740991': 2 ** 53 - 1 }],
    ['integer', integer, { '-1': -1, '-0': 0, '15': 15 }],
    ['positive', positive, { '1': 1, '1000': 1000 }],
  ])('%s reads text', (_name, parse, cases) => {
    for (const [raw, value] of Object.entries(cases)) expect(parse(raw)).toBe(value);
  });

  test('digits and positive read JSON numbers', () => {
    expect([digits(0), digits(-0), digits(998), integer(-1), positive(20)]).toEqual([0, 0, 998, -1, 20]);
    expect(Object.is(digits(-0), 0)).toBe(true);
  });

  const notNumbers = ['1abc', '1.5', ' 1', '1 ', '1e3', '0x1', '١', true, [1], ['1'], {}, null, undefined, Number.NaN];
  test.each([...notNumbers, '', '-1', -1, 1.5, 2 ** 53, '9007199254740992', '99999999999999999'])(
    '%j is no id',
    (raw) => expect(() => digits(raw)).toThrow('必须是数字'),
  );
  test.each([...notNumbers, '', '-', '--1', '-1.5', '+1'])('%j is no whole number', (raw) =>
    expect(() => integer(raw)).toThrow(),
  );
  test.each([...notNumbers, '', '0', 0, '-1', -1])('%j is no page number', (raw) =>
    expect(() => positive(raw)).toThrow(),
  );

  test('optional reads an absent or empty value as undefined, required refuses it', () => {
    for (const raw of [undefined, null, '']) {
      expect(optional(digits)(raw)).toBeUndefined();
      expect(() => required(digits)(raw)).toThrow('不能为空');
    }
    expect([optional(digits)('7'), required(digits)('7'), optional(digits)(0)]).toEqual([7, 7, 0]);
    expect(() => optional(digits)('x')).toThrow();
  });

  test('text is limited in characters, long text in bytes, and both are kept verbatim', () => {
    expect(text(6)('中文')).toBe('中文');
    expect(text(2)('中😀')).toBe('中😀');
    expect(() => text(2)('中文字')).toThrow('不能超过2个字符');
    expect(() => longText('中'.repeat(21_846))).toThrow('不能超过65535字节');
    expect(text(9)(' a\r\n ')).toBe(' a\r\n ');
    for (const raw of [1, true, [], {}, null, undefined]) expect(() => text(9)(raw)).toThrow('必须是字符串');
    expect(() => text(9)('\ud800')).toThrow();
  });

  test('search text is trimmed, and only spaces are no search', () => {
    expect([searchText(' a '), searchText(5), searchText('  ')]).toEqual(['a', '5', undefined]);
    for (const raw of [['a'], {}, true]) expect(() => searchText(raw)).toThrow();
  });

  test('a number beyond 2^53 is no search text', () => {
    for (const raw of [2 ** 53, -(2 ** 53), 1e300]) expect(() => searchText(raw)).toThrow('必须是字符串');
  });

  test.each<[unknown, number]>([
    ...['2', ' 2', '+2', '2 ', '\t\r\n\v2\n', 2, 2.0].map((raw): [unknown, number] => [raw, 2]),
    ...['02', '1e1', '1.0', '2.5', '0', '-2', '- 2', '++2', '2\f', '2\0', '２', '', 'x'].map((raw): [unknown, 1] => [
      raw,
      1,
    ]),
    ...[2.5, 0, -2, 1e21, true, false, null, undefined, [2], ['2'], {}].map((raw): [unknown, 1] => [raw, 1]),
    ['9007199254740991', 2 ** 53 - 1],
    ['9223372036854775808', 1], // PHP's integers end before it
  ])('page %j is %d', (raw, page) => expect(pageNumber(raw)).toBe(page));

  test.each(['9007199254740992', '9223372036854775807', 2 ** 53])('page %j cannot be counted', (raw) =>
    expect(() => pageNumber(raw)).toThrow('不能大于9007199254740991'),
  );

  test('a list has whole numbers as keys', () => {
    const ids = list(digits, 'no list');
    expect([ids([3, '1']), ids({ 91001: '7', 5: '6' }), ids({}), ids([])]).toEqual([[3, 1], [6, 7], [], []]);
    for (const raw of [1, '1', null, undefined, true, { a: 1 }, { 0: 1, a: 1 }])
      expect(() => ids(raw)).toThrow('no list');
    expect(() => ids(['x'])).toThrow('必须是数字');
  });

  test('oneOf takes the given words only', () => {
    expect(oneOf('a', 'b')('b')).toBe('b');
    for (const raw of ['c', 'A', ['a'], 0]) expect(() => oneOf('a', 'b')(raw)).toThrow('必须是 a、b 之一');
  });
});

describe('time range', () => {
  test('a date without a time starts at its first second and ends at its last', () => {
    expect([startOf('2018-11-28'), endOf('2018-11-28')]).toEqual(['2018-11-28 00:00:00', '2018-11-28 23:59:59']);
    expect([startOf(' 2020-02-29 12:34:56 '), endOf('2018-11-28 00:00:00')]).toEqual([
      '2020-02-29 12:34:56',
      '2018-11-28 00:00:00',
    ]);
  });

  const impossible = ['2018-02-30', '2019-02-29', '2018-13-01', '2018-00-10', '2018-11-28 24:00:00'];
  const malformed = ['2018-1-1', '20181128', '2018-11-28T00:00:00', '2018-11-28 10:00', 'now', 1543334400, ['x'], {}];
  test.each([...impossible, ...malformed, '2018-11-28 10:60:00', '2018-11-28 10:00:60'])('%j is no time', (raw) => {
    expect(() => startOf(raw)).toThrow();
    expect(() => endOf(raw)).toThrow();
  });
});

describe('condition', () => {
  const parseCondition = conditionOn(RELATION_COLUMNS);

  test.each([undefined, null, '', 'null', [], '[]', ' [] '])('%j is no condition', (raw) =>
    expect(parseCondition(raw)).toEqual([]),
  );

  test('reads JSON text and arrays alike', () => {
    const triples = [
      ['user_id', '=', '998'],
      ['created', '>=', '2018-11-28'],
      ['reference', 'like', '%a%'],
      ['is_available', '<>', 1],
    ];
    const conditions = [
      { column: RELATION_COLUMNS.user_id, operator: '=', value: 998 },
      { column: RELATION_COLUMNS.created, operator: '>=', value: '2018-11-28 00:00:00' },
      { column: RELATION_COLUMNS.reference, operator: 'LIKE', value: 'a' },
      { column: RELATION_COLUMNS.is_available, operator: '<>', value: 1 },
    ];
    expect(parseCondition(triples)).toEqual(conditions);
    expect(parseCondition(JSON.stringify(triples))).toEqual(conditions);
    const withGaps = { 2: triples[0], 5: { ...triples[1] }, 7: triples[2], 8: triples[3] };
    expect(parseCondition(withGaps)).toEqual(conditions); // PHP's array after unset
  });

  const wrong: [string, unknown][] = [
    ['broken JSON', '[["user_id"'],
    ['an object', {}],
    ['a number', 1],
    ['true', true],
    ['a flat triple', ['user_id', '=', '998']],
    ['a pair', [['user_id', '=']]],
    ['four parts', [['user_id', '=', '998', 'x']]],
    ['an unknown key', [['secret', '=', 'x']]],
    ['a key of a prototype', [['constructor', '=', 'x']]],
    ['SQL as a key', [['user_id = 1 OR user_id', '=', '1']]],
    ['an unknown operator', [['user_id', 'IN', '1']]],
    ['SQL as an operator', [['user_id', '= 1 OR 1 =', '1']]],
    ['a list as an operator', [['user_id', ['='], '1']]],
    ['null as a value', [['user_id', '=', null]]],
    ['a list as a value', [['user_id', '=', [1]]]],
    ['text against a number', [['user_id', '=', 'abc']]],
    ['empty text against a number', [['user_id', '=', '']]],
    ['a month as a time', [['created', 'LIKE', '2024-01']]],
    ['a lone surrogate', [['reference', '=', '\ud800']]],
    ['a list of 21 triples', Array.from({ length: 21 }, () => ['user_id', '=', '1'])],
  ];
  test.each(wrong)('%s is refused', (_case, raw) => expect(() => parseCondition(raw)).toThrow());
});

describe('contains', () => {
  test('compares text, not a pattern, so wildcards need no escape', () => {
    expect(containsSql('t.name')).toBe('INSTR(LOWER(t.name), ?) > 0');
  });
});

describe('pages', () => {
  const page = (over: object) =>
    paginate(
      { rows: [7, 8], total: 45, current: 1, perPage: 2, path: 'http://h/l', query: {}, ...over },
      (row) => row * 10,
    );

  test("have Laravel's keys in Laravel's order", () => {
    expect(JSON.stringify(page({}))).toBe(
      '{"current_page":1,"data":[70,80],"first_page_url":"http://h/l?page=1","from":1,"last_page":23,' +
        '"last_page_url":"http://h/l?page=23","next_page_url":"http://h/l?page=2","path":"http://h/l","per_page":2,' +
        '"prev_page_url":null,"to":2,"total":45}',
    );
  });

  test('have correct links and numbers on the last page, an empty list and a page past the end', () => {
    const facts = ({ from, to, last_page, next_page_url, prev_page_url }: ReturnType<typeof page>) =>
      [from, to, last_page, next_page_url, prev_page_url] as unknown[];
    expect(facts(page({ rows: [1], current: 23 }))).toEqual([45, 45, 23, null, 'http://h/l?page=22']);
    expect(facts(page({ rows: [], total: 0 }))).toEqual([null, null, 1, null, null]);
    expect(facts(page({ rows: [], current: 99 }))).toEqual([null, null, 23, null, 'http://h/l?page=98']);
  });

  test('repeat the active filters in their URLs', () => {
    const query = { per_page: 2, search: { remark: 'a&b 中', type: undefined, time: ['', 5] } };
    const { search } = parsePhpParams(page({ query }).last_page_url.split('?')[1]!);
    expect(search).toEqual({ remark: 'a&b 中', time: ['', '5'] });
  });

  test('refuse a size above the limit and keep the offset a safe integer', () => {
    expect([pageSize('size', undefined, 15, 100), pageSize('size', 100, 15, 100)]).toEqual([15, 100]);
    expect(() => pageSize('size', 101, 15, 100)).toThrow('size 不能大于100');
    expect([pageOffset(1, 20), pageOffset(3, 20)]).toEqual([0, 40]);
    expect(Number.isSafeInteger(pageOffset(Number.MAX_SAFE_INTEGER, 1000))).toBe(true);
  });
});
