import { answerDifferences } from '../../src/compare/answers';
import { Findings } from '../../src/compare/findings';
import { FOLLOW, RELATION } from '../../src/compare/rows';

const row = (customer_id: number, rest: object = {}) => ({ user_id: 998, customer_id, reference: '', ...rest });
const mix = (data: object[], rest: object = {}) => ({
  code: 200,
  msg: '查询成功',
  result: { page_index: 1, total_records: data.length, data, ...rest },
});
const business = (data: object[], rest: object = {}) => ({
  result: 1,
  msg: 'ok',
  data: { total: data.length, data, ...rest },
});

function differences(theirs: unknown, ours: unknown, { kind = RELATION, ignore = [] as string[] } = {}) {
  const both = {
    theirs: { status: 200, json: theirs, cookies: [] },
    ours: { status: 200, json: ours, cookies: [] },
    bases: { theirs: 'https://old.example/crm', ours: 'http://127.0.0.1:3000' },
  };
  return [...answerDifferences(kind, both, (field) => ignore.includes(field))];
}

describe('what differs between two answers', () => {
  test('nothing', () => {
    expect(differences(mix([row(1), row(2)]), mix([row(1), row(2)]))).toEqual([]);
  });

  test('rows that are missing, and rows too many', () => {
    expect(differences(mix([row(1), row(2)]), mix([row(2), row(3)]))).toEqual([
      { kind: 'missing row', about: 'relation', row: 'user_id 998, customer_id 1', theirs: row(1) },
      { kind: 'additional row', about: 'relation', row: 'user_id 998, customer_id 3', ours: row(3) },
    ]);
  });

  describe('on one page of more', () => {
    const rows = (...ids: number[]) => ids.map((id) => row(id));
    const page = (total_records: number, ...ids: number[]) => mix(rows(...ids), { total_records });

    test('rows that one more pushed onto another page are told by the total alone', () => {
      const total = { kind: 'total', field: 'total_records' };
      expect(differences(page(22, 1, 2), page(23, 9, 1))).toEqual([{ ...total, theirs: 22, ours: 23 }]);
      expect(differences(page(22, 21, 22), page(23, 20, 21))).toEqual([{ ...total, theirs: 22, ours: 23 }]);
      expect(differences(page(2, 1, 2), page(3, 9, 1))).toEqual([{ ...total, theirs: 2, ours: 3 }]);
    });

    test('other rows of as many are another order', () => {
      const order = { kind: 'order', about: 'relation', row: 'user_id 998, customer_id 2' };
      const [theirs, ours] = [order.row, 'user_id 998, customer_id 3'];
      expect(differences(page(22, 1, 2), page(22, 1, 3))).toEqual([{ ...order, theirs, ours }]);
      expect(differences(page(22, 1, 2), page(22, 1))).toEqual([{ ...order, theirs, ours: undefined }]);
      expect(differences(page(22, 1), page(22, 1, 2))).toEqual([{ ...order, theirs: undefined, ours: order.row }]);
    });

    test('fields and the order of rows that both pages have still count', () => {
      const ours = mix([row(9), row(2), row(1, { reference: 'x' })], { total_records: 23 });
      expect(differences(page(22, 1, 2, 3), ours).map(({ kind }) => kind)).toEqual(['total', 'field differs', 'order']);
    });

    test('a total that is ignored leaves the other rows', () => {
      const found = differences(page(22, 1, 2), page(23, 9, 1), { ignore: ['total_records'] });
      expect(found.map(({ kind }) => kind)).toEqual(['order']);
    });
  });

  test('a number is no text, null is not empty, and absent is neither', () => {
    const [theirs, ours] = [row(1, { a: 1, b: null, c: '' }), row(1, { a: '1', b: '', d: 0 })];
    const about = { about: 'relation', row: 'user_id 998, customer_id 1', kind: 'field differs' };
    expect(differences(mix([theirs]), mix([ours]))).toEqual([
      { ...about, field: 'a', theirs: 1, ours: '1' },
      { ...about, field: 'b', theirs: null, ours: '' },
      { ...about, field: 'c', theirs: '', ours: undefined },
      { ...about, field: 'd', theirs: undefined, ours: 0 },
    ]);
  });

  test('the order of rows and of fields', () => {
    const turned = Object.fromEntries(Object.entries(row(2)).reverse());
    expect(differences(mix([row(1), row(2)]), mix([turned, row(1)])).map(({ kind }) => kind)).toEqual([
      'order of fields',
      'order',
    ]);
  });

  test('totals, which explain numbers and URLs of pages', () => {
    const page = { last_page: 2, next_page_url: 'https://old.example/crm/list?page=2' };
    const found = differences(
      business([], { ...page, total: 20 }),
      business([], { ...page, total: 19, last_page: 1 }),
      {
        kind: FOLLOW,
      },
    );
    expect(found).toEqual([{ kind: 'total', field: 'total', theirs: 20, ours: 19 }]);
  });

  test('URLs by path and query alone', () => {
    const their = (query: string) =>
      business([], { path: 'https://old.example/crm/list', next_page_url: `https://old.example/crm/list?${query}` });
    const our = business([], {
      path: 'http://127.0.0.1:3000/list',
      next_page_url: 'http://127.0.0.1:3000/list?page=2&a%5B0%5D=1',
    });
    expect(differences(their('a[0]=1&page=2'), our)).toEqual([]);
    expect(differences(their('page=3&a[0]=1'), our)).toMatchObject([{ kind: 'field differs', field: 'next_page_url' }]);
  });

  test('lists beside the rows', () => {
    const lists = (name: string) =>
      business([], { tag: [{ tag_id: 't1', name }], employee: [{ user_id: 'Li', name }] });
    expect(differences(lists('甲'), lists('乙'), { kind: FOLLOW })).toMatchObject([
      { kind: 'field differs', about: 'tag', row: 'tag_id t1', field: 'name' },
      { kind: 'field differs', about: 'employee', row: 'user_id Li', field: 'name' },
    ]);
  });

  test('nested partners, by dotted names that can be ignored', () => {
    const follow = (name: string) => ({ userid: 'Li', external_userid: 'wm1', has_one_customer: { name } });
    const [theirs, ours] = [business([follow('甲')]), business([follow('乙')])];
    const field = 'has_one_customer.name';
    expect(differences(theirs, ours, { kind: FOLLOW })).toMatchObject([{ field, theirs: '甲', ours: '乙' }]);
    expect(differences(theirs, ours, { kind: FOLLOW, ignore: [field] })).toEqual([]);
  });

  test('sentences, and answers that are none', () => {
    const refused = { result: 0, msg: '记录不存在', data: [] };
    expect(differences(refused, { ...refused, msg: '不存在' })).toEqual([
      { kind: 'envelope', field: 'msg', theirs: '记录不存在', ours: '不存在' },
    ]);
    expect(differences(refused, undefined)).toMatchObject([{ kind: 'envelope' }]);
    expect(differences(undefined, undefined)).toMatchObject([{ kind: 'envelope' }]); // nothing was compared
    expect(differences(refused, business([]))).toMatchObject([
      { kind: 'envelope', field: 'result' },
      { kind: 'envelope', field: 'msg' },
      { kind: 'envelope', field: 'what it carries' },
    ]);
  });
});

describe('what is told of them', () => {
  test('each kind once, with an example and how often; no secret', () => {
    const findings = new Findings(() => []);
    const changed = (customer_id: number) =>
      differences(
        mix([row(customer_id, { secret: 'AAAA' })]),
        mix([row(customer_id, { secret: 'BBBB', reference: 'x' })]),
      );
    findings.add('question 1', changed(1));
    findings.add('question 2', changed(1));
    findings.add('question 3', changed(2));
    findings.add('question 4', []);
    findings.add('question 5', differences(mix([row(9, { secret: 'CCCC' })]), mix([]), { ignore: ['total_records'] }));
    expect(String(findings)).toBe(
      [
        '5 answers compared, 4 of them differ',
        '',
        'missing row: relation (1 row, in 1 answer)',
        '  asked  question 5',
        '  row    user_id 998, customer_id 9',
        '  theirs {"user_id":998,"customer_id":9,"reference":"","secret":"(hidden)"}',
        '',
        'field differs: relation.reference (2 rows, in 3 answers)',
        '  asked  question 1',
        '  row    user_id 998, customer_id 1',
        '  theirs ""',
        '  ours   "x"',
        '',
        'field differs: relation.secret (2 rows, in 3 answers)',
        '  asked  question 1',
        '  row    user_id 998, customer_id 1',
        '  theirs (hidden)',
        '  ours   (hidden)',
      ].join('\n'),
    );
    const [first] = JSON.parse(JSON.stringify(findings)).differences;
    expect(first).toMatchObject({ kind: 'missing row', about: 'relation', rows: 1, answers: 1 });
  });
});
