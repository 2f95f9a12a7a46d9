import { assertReadable, nestPhpParams, parsePhpParams, parseQueryString } from '../../src/http/input/php-params';
import { BadParameter } from '../../src/http/output/errors';

/** One case for each rule; php.unit-spec.ts compares thousands with PHP itself. */
describe('PHP parameters', () => {
  test.each([
    ['', {}],
    ['a=1&b=', { a: '1', b: '' }],
    ['a', { a: '' }],
    ['a=1&a=2', { a: '2' }],
    ['a=b+c%20d', { a: 'b c d' }],
    ['search[time][]=1&search[time][]=2', { search: { time: ['1', '2'] } }],
    ['search[time][0]=1&search[time][1]=2', { search: { time: ['1', '2'] } }],
    ['search[time][1]=2', { search: { time: { 1: '2' } } }],
    ['a[1]=y&a[0]=x', { a: ['x', 'y'] }],
    ['a[91001]=7&a[-1]=8', { a: { 91001: '7', '-1': '8' } }],
    ['a[-2]=x&a[]=y&a[]=z', { a: { '-2': 'x', '-1': 'y', 0: 'z' } }],
    ['a[]=x&a[k]=y', { a: { 0: 'x', k: 'y' } }],
    ['a.b c[d.e]=1', { a_b_c: { 'd.e': '1' } }],
    ['search%5Btime%5D%5B%5D=1', { search: { time: ['1'] } }],
    ['search[tags_data]=a,b', { search: { tags_data: 'a,b' } }],
    ['search[类型]=2', { search: { 类型: '2' } }],
    ['search[%E7%B1%BB%E5%9E%8B]=2', { search: { 类型: '2' } }],
    ['a[b][c]=1&a[b][d]=2', { a: { b: { c: '1', d: '2' } } }],
    ['a=%&b=%zz', { a: '%', b: '%zz' }],
  ])('%s', (query, params) => expect(parsePhpParams(query)).toEqual(params));

  test('a list of 900 items is still a list', () => {
    const query = Array.from({ length: 900 }, (_, index) => `ids[]=${index}`).join('&');
    expect(parsePhpParams(query).ids).toHaveLength(900);
  });

  test('no name reaches a prototype', () => {
    for (const name of ['__proto__', 'constructor', 'toString']) {
      const params = parsePhpParams(`${name}[polluted]=1&a[${name}][polluted]=1`);
      expect(Object.keys(params)).toEqual([name, 'a']);
      expect(Object.getPrototypeOf(params.a)).toBeNull();
      nestPhpParams([[`${name}[polluted]`, '1']]);
    }
    expect(({} as { polluted?: string }).polluted).toBeUndefined();
  });

  test.each([
    ['1101 parameters', 'a=1&'.repeat(1101)],
    ['11 levels', `a${'[b]'.repeat(11)}=1`],
  ])('%s are too many', (_case, query) => expect(() => parsePhpParams(query)).toThrow(BadParameter));

  test('decoded pairs nest and are not decoded again', () => {
    const pairs: [string, string][] = [
      ['a[]', '100%25'],
      ['a[]', 'x&y=z+1'],
    ];
    expect(nestPhpParams(pairs)).toEqual({ a: ['100%25', 'x&y=z+1'] });
  });

  test('an unreadable query string is refused by assertReadable, not thrown in the router', () => {
    const params = parseQueryString('a=1&'.repeat(1101));
    expect(() => assertReadable(params)).toThrow(BadParameter);
    expect(() => assertReadable(parseQueryString('a=1'))).not.toThrow();
  });
});
