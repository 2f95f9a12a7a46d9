import { Send, TestApp } from '../app';
import { buildContact, buildEnterprise, buildFollow, buildRight } from '../factories';

const UNIACID = 6500;
const LIST = `/business/${UNIACID}/plugin/WechatCustomers/getList`;

/** How getList reads its parameters and which it refuses (CONTRACT 2.1, 2.3). */
describe('parameters of getList', () => {
  let app: TestApp;
  let token: string;

  beforeAll(async () => {
    app = await TestApp.start();
    token = await app.login();
    const { id: enterpriseId } = await buildEnterprise(app.dataSource, { uniacid: UNIACID });
    await buildRight(app.dataSource, { uniacid: UNIACID, enterpriseId });
    for (const [name, externalType] of [
      ['Anna', 1],
      ['Bert', 2],
      ['Cleo', 1],
    ] as const) {
      const contact = await buildContact(app.dataSource, { uniacid: UNIACID, enterpriseId, name, externalType });
      await buildFollow(app.dataSource, { uniacid: UNIACID, enterpriseId, contact, createtime: 1000 });
    }
    await app.send(`/business/${UNIACID}/admin/manageBusiness`, { token, json: { id: enterpriseId } });
  });

  afterAll(() => app.stop());

  const namesOf = ({ result, data }: any): string[] => {
    expect(result).toBe(1);
    return data.data.map((row: any) => row.has_one_customer.name);
  };

  /** The names listed, newest first. */
  const list = async ({ query = '', ...options }: Send & { query?: string }) =>
    namesOf((await app.send(LIST + query, { token, ...options })).body);

  const everyone = ['Cleo', 'Bert', 'Anna'];

  describe('bad values are refused, never ignored', () => {
    const tooManyTags = Array.from({ length: 101 }, (_, n) => `et${n}`);

    test.each<[name: string, value: unknown, detail: string]>([
      ['customer', ['Anna'], 'search[customer] 必须是字符串'],
      ['customer', { name: 'Anna' }, 'search[customer] 必须是字符串'],
      ['customer', true, 'search[customer] 必须是字符串'],
      ['customer', '客'.repeat(256), 'search[customer] 不能超过255个字符'],
      ['customer', '\ud800', 'search[customer] 含有无法保存的字符'],
      ['member', 'abc', 'search[member] 必须是数字'],
      ['member', '5 OR 1=1', 'search[member] 必须是数字'],
      ['member', '１２', 'search[member] 必须是数字'],
      ['member', -1, 'search[member] 必须是数字'],
      ['member', 1.5, 'search[member] 必须是数字'],
      ['member', true, 'search[member] 必须是数字'],
      ['member', [5], 'search[member] 必须是数字'],
      ['member', '9007199254740993', 'search[member] 必须是数字'],
      ['add_way_type', 'wechat', 'search[add_way_type] 必须是数字'],
      ['add_way_type', ['1'], 'search[add_way_type] 必须是数字'],
      ['type', 'WeCom', 'search[type] 必须是数字'],
      ['type', [1], 'search[type] 必须是数字'],
      ['类型', '微信', 'search[类型] 必须是数字'],
      ['类型', [1], 'search[类型] 必须是数字'],
      ['status', 'lost', 'search[status] 必须是数字'],
      ['status', '-', 'search[status] 必须是数字'],
      ['status', '--1', 'search[status] 必须是数字'],
      ['status', 0.5, 'search[status] 必须是数字'],
      ['status', [-1], 'search[status] 必须是数字'],
      ['tags_data', 5, 'search[tags_data] 必须是字符串'],
      ['tags_data', [5], 'search[tags_data] 必须是字符串'],
      ['tags_data', [['et1']], 'search[tags_data] 必须是字符串'],
      ['tags_data', { id: 'et1' }, 'search[tags_data] 必须是字符串'],
      ['tags_data', tooManyTags, 'search[tags_data] 不能超过100个'],
      ['tags_data', tooManyTags.join(','), 'search[tags_data] 不能超过100个'],
      ['tags_mode', 'some', 'search[tags_mode] 必须是 any、all、exclude、none 之一'],
      ['tags_mode', ['any'], 'search[tags_mode] 必须是 any、all、exclude、none 之一'],
      ['employee_member', ['LiLei'], 'search[employee_member] 必须是字符串'],
      ['employee_member', { id: 1 }, 'search[employee_member] 必须是字符串'],
      ['time', 1000, 'search[time] 必须是 [开始, 结束]'],
      ['time', '1000,2000', 'search[time] 必须是 [开始, 结束]'],
      ['time', { from: 1000 }, 'search[time] 必须是 [开始, 结束]'],
      ['time', [1000, 2000, 3000], 'search[time] 必须是 [开始, 结束]'],
      ['time', ['yesterday', ''], 'search[time] 必须是数字'],
      ['time', ['2021-09-01', '2021-09-02'], 'search[time] 必须是数字'],
      ['time', [-1, 2000], 'search[time] 必须是数字'],
      ['time', [[1000], 2000], 'search[time] 必须是数字'],
      ['remark', ['VIP'], 'search[remark] 必须是字符串'],
      ['remark', false, 'search[remark] 必须是字符串'],
    ])('search[%s] = %j', async (name, value, detail) => {
      const { status, body } = await app.send(LIST, { token, json: { search: { [name]: value } } });
      expect(status).toBe(200);
      expect(body).toEqual({ result: 0, msg: `参数错误：${detail}`, data: [] });
    });

    test.each([['Anna'], [5], [true], [['Anna']], [[{ customer: 'Anna' }]]])('search = %j', async (search) => {
      const { body } = await app.send(LIST, { token, json: { search } });
      expect(body).toEqual({ result: 0, msg: '参数错误：search 必须是 search[名称]=值', data: [] });
    });

    test.each([
      ['search=Anna', 'search 必须是 search[名称]=值'],
      ['search[]=Anna', 'search 必须是 search[名称]=值'],
      ['search[customer]=Anna&search=Anna', 'search 必须是 search[名称]=值'],
      ['search[time][]=1&search[time][0][]=2', 'search[time] 必须是数字'],
      ['search[customer][]=Anna', 'search[customer] 必须是字符串'],
      ['search[member][]=5', 'search[member] 必须是数字'],
      ['search[time]=1000', 'search[time] 必须是 [开始, 结束]'],
      ['search[time][2]=1000', 'search[time] 必须是 [开始, 结束]'],
      ['search[time][to]=1000', 'search[time] 必须是 [开始, 结束]'],
    ])('?%s by GET and as a form', async (text, detail) => {
      const refused = { result: 0, msg: `参数错误：${detail}`, data: [] };
      expect((await app.send(`${LIST}?${text}`, { token, method: 'GET' })).body).toEqual(refused);
      expect((await app.send(LIST, { token, form: text })).body).toEqual(refused);
    });

    test('every wrong parameter is named', async () => {
      const search = { customer: ['Anna'], member: 'x', status: 'lost' };
      const { body } = await app.send(LIST, { token, json: { search } });
      const details = ['search[customer] 必须是字符串', 'search[member] 必须是数字', 'search[status] 必须是数字'];
      expect(body.msg).toBe(`参数错误：${details.join(' | ')}`);
    });
  });

  describe('PHP style names', () => {
    test.each([
      ['a scalar', 'search[customer]=Bert', ['Bert']],
      ['a scalar, percent-encoded', 'search%5Bcustomer%5D=%42ert', ['Bert']],
      ['the last of duplicate scalars', 'search[customer]=Anna&search[customer]=Bert', ['Bert']],
      ['the last of duplicate scalars, even if empty', 'search[customer]=Anna&search[customer]=', everyone],
      ['a list by []', 'search[time][]=999&search[time][]=1000', everyone],
      ['a list by number, in any order', 'search[time][1]=1000&search[time][0]=1001', []],
      ['the end of a range alone', 'search[time][1]=999', []],
      ['the end of a range alone, later', 'search[time][1]=1000', everyone],
      ['the start of a range alone', 'search[time][0]=1001', []],
      ['either side empty', 'search[time][]=&search[time][]=', everyone],
      ['tags as a list by []', 'search[tags_data][]=et1&search[tags_data][]=et2', []],
      ['tags as a list with gaps', 'search[tags_data][3]=et1&search[tags_mode]=exclude', everyone],
      ['the end of a range alone, as a JavaScript client counts', 'search[time][]=&search[time][1]=999', []],
      ['a later [0] in place of []', 'search[time][]=1001&search[time][]=&search[time][0]=1000', everyone],
      ['a later scalar in place of a list', 'search[customer][]=x&search[customer]=Bert', ['Bert']],
      ['a later list in place of a scalar', 'search=x&search[customer]=Bert', ['Bert']],
      ['a blank before a name', '+search[customer]=Bert', ['Bert']],
      ['a blank for []', 'search[time][+]=999&search[time][+]=999', []],
      ['an unmatched bracket as another name', 'search[customer=Bert', everyone],
      ['tags as one string', 'search[tags_data]=et1,et2', []],
      ['search[类型], percent-encoded', 'search%5B%E7%B1%BB%E5%9E%8B%5D=2', ['Bert']],
      ['search[类型], half encoded', 'search[%E7%B1%BB%E5%9E%8B]=2', ['Bert']],
      ['+ as a blank', 'search[customer]=+Bert+', ['Bert']],
      ['unknown names', 'search[customers]=x&searching=y&search[a][b][c]=z', everyone],
    ])('%s: %s', async (_, text, names) => {
      expect(await list({ query: `?${text}`, method: 'GET' })).toEqual(names);
      expect(await list({ query: `?${text}` })).toEqual(names);
      expect(await list({ form: text })).toEqual(names);
      const type = 'application/x-www-form-urlencoded; charset=UTF-8';
      expect(await list({ raw: { body: text, type } })).toEqual(names);
    });

    test('multipart fields have the same names', async () => {
      expect(await list({ multipart: { 'search[customer]': 'Bert' } })).toEqual(['Bert']);
      expect(await list({ multipart: { 'search[类型]': '2' } })).toEqual(['Bert']);
      expect(await list({ multipart: { 'search[time][0]': '', 'search[time][1]': '999' } })).toEqual([]);
    });

    test('search[类型] may be raw UTF-8 in a form and in JSON', async () => {
      const form = { body: 'search[类型]=2', type: 'application/x-www-form-urlencoded' };
      expect(await list({ raw: form })).toEqual(['Bert']);
      expect(await list({ json: { search: { 类型: 2 } } })).toEqual(['Bert']);
    });
  });

  describe('the body has priority over the query', () => {
    test('a search in the body replaces the whole search of the query', async () => {
      const query = '?search[customer]=Anna&search[type]=1';
      expect(await list({ query })).toEqual(['Anna']);
      expect(await list({ query, json: { search: { type: 2 } } })).toEqual(['Bert']);
      expect(await list({ query, form: 'search[type]=2' })).toEqual(['Bert']);
      expect(await list({ query, multipart: { 'search[type]': '2' } })).toEqual(['Bert']);
      expect(await list({ query, json: { search: {} } })).toEqual(everyone);
    });

    test('parameters missing in the body come from the query', async () => {
      expect(await list({ query: '?search[type]=1', json: { per_page: 1 } })).toEqual(['Cleo']);
      expect(await list({ query: '?per_page=1&page=3', form: 'page=2' })).toEqual(['Bert']);
      expect(await list({ query: '?search[type]=2', json: {} })).toEqual(['Bert']);
    });
  });

  describe('names with a meaning in JavaScript', () => {
    afterEach(() => {
      expect(Object.keys(Object.prototype)).toEqual([]);
      expect(({} as Record<string, unknown>).customer).toBeUndefined();
    });

    test.each([
      'search[__proto__][customer]=Anna',
      '__proto__[search][customer]=Anna',
      '__proto__[customer]=Anna',
      'constructor[prototype][customer]=Anna',
      'search[constructor][prototype][customer]=Anna',
      'search[hasOwnProperty]=1&hasOwnProperty=1',
      'search[toString]=1&toString=1&valueOf=1&then=1',
    ])('%s changes nothing', async (text) => {
      expect(await list({ query: `?${text}`, method: 'GET' })).toEqual(everyone);
      expect(await list({ form: text })).toEqual(everyone);
      expect(await list({ multipart: Object.fromEntries(new URLSearchParams(text)) })).toEqual(everyone);
    });

    test.each([
      '{"__proto__":{"search":{"customer":"Anna"},"customer":"Anna"}}',
      '{"search":{"__proto__":{"customer":"Anna"}}}',
      '{"constructor":{"prototype":{"customer":"Anna"}}}',
      '{"search":{"constructor":{"prototype":{"customer":"Anna"}}}}',
      '{"search":{"hasOwnProperty":1,"toString":1,"then":1},"hasOwnProperty":1,"toString":1,"then":1}',
    ])('%s changes nothing', async (body) => {
      expect(await list({ raw: { body, type: 'application/json' } })).toEqual(everyone);
    });
  });
});
