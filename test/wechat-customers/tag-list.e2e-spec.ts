import { parse } from 'qs';
import { Send, TestApp } from '../app';
import { buildEnterprise, buildRight, buildTag } from '../factories';

const UNIACID = 7700;
const TAGS = `/business/${UNIACID}/plugin/WechatCustomers/getTagList`;

/** The tags of the enterprise, to choose from (CONTRACT 2.4). */
describe('getTagList', () => {
  let app: TestApp;
  let token: string;
  let tenant: { uniacid: number; enterpriseId: number };

  beforeAll(async () => {
    app = await TestApp.start({ settings: { BUSINESS_PAGE_SIZE: '3' } });
    token = await app.login();
    const other = await openEnterprise(UNIACID + 1);
    tenant = await openEnterprise(UNIACID);
    for (const name of ['意向客户', '老客户', 'VIP 100%', 'vip', 'Σίσυφος', '🎉活动', "O'Neil"]) {
      await buildTag(app.dataSource, { ...tenant, name, tagId: `et-${name}` });
    }
    await buildTag(app.dataSource, { ...tenant, name: '已删客户', deletedAt: '2024-01-02 03:04:05' });
    await buildTag(app.dataSource, { ...other, name: '别家客户' });
    const { id } = await buildEnterprise(app.dataSource, { uniacid: UNIACID });
    await buildTag(app.dataSource, { uniacid: UNIACID, enterpriseId: id, name: '兄弟客户' });
  });

  afterAll(() => app.stop());

  async function openEnterprise(uniacid: number) {
    const { id } = await buildEnterprise(app.dataSource, { uniacid });
    await buildRight(app.dataSource, { uniacid, enterpriseId: id });
    await app.send(`/business/${uniacid}/admin/manageBusiness`, { token, json: { id } });
    return { uniacid, enterpriseId: id };
  }

  const ask = async ({ query = '', ...options }: Send & { query?: string } = {}) =>
    (await app.send(TAGS + query, { token, ...options })).body;

  const namesOf = ({ data }: any) => data.data.map(({ name }: { name: string }) => name);

  test('a page of tag_id and name, id descending, as Laravel pages', async () => {
    const url = `${app.url}${TAGS}?page=`;
    const tag = (name: string) => ({ tag_id: `et-${name}`, name });
    const page = {
      current_page: 1,
      data: [tag("O'Neil"), tag('🎉活动'), tag('Σίσυφος')],
      first_page_url: `${url}1`,
      from: 1,
      last_page: 3,
      last_page_url: `${url}3`,
      next_page_url: `${url}2`,
      path: `${app.url}${TAGS}`,
      per_page: 3,
      prev_page_url: null,
      to: 3,
      total: 7,
    };
    const { text } = await app.send(TAGS, { token });
    expect(text).toBe(JSON.stringify({ result: 1, msg: 'ok', data: page }));
    expect((await app.send(TAGS, { token, method: 'GET' })).text).toBe(text);
  });

  test('its pages, the last one and one past the end', async () => {
    expect(namesOf(await ask({ json: { page: 2 } }))).toEqual(['vip', 'VIP 100%', '老客户']);
    expect((await ask({ json: { page: '3' } })).data).toMatchObject({ from: 7, to: 7, next_page_url: null });
    expect((await ask({ json: { page: 4 } })).data).toMatchObject({ data: [], from: null, to: null, total: 7 });
    expect((await ask({ json: { page: 2 ** 53 - 1 } })).data).toMatchObject({ data: [], total: 7 });
  });

  test.each(['0', '-1', '1.5', 'abc', '', 0, true, null, [2], {}])('page %j is page 1', async (page) => {
    expect((await ask({ json: { page } })).data).toMatchObject({ current_page: 1, from: 1 });
  });

  test.each<[name: unknown, found: string[]]>([
    ['客户', ['老客户', '意向客户']],
    ['VIP', ['vip', 'VIP 100%']],
    [' vip ', ['vip', 'VIP 100%']],
    ['%', ['VIP 100%']],
    [100, ['VIP 100%']],
    ['_', []],
    ['ΣΊΣΥΦ', ['Σίσυφος']],
    ['🎉', ['🎉活动']],
    ["'", ["O'Neil"]],
    ["' OR '1'='1", []],
    ['别家', []],
    ['兄弟', []],
    ['已删', []],
  ])('search[name] = %j finds %j', async (name, found) => {
    const answer = await ask({ json: { search: { name } } });
    expect(namesOf(answer)).toEqual(found);
    expect(answer.data.total).toBe(found.length);
    const query = `?${new URLSearchParams({ 'search[name]': String(name) }).toString()}`;
    expect(namesOf(await ask({ query, method: 'GET' }))).toEqual(found);
  });

  test.each<[json: object]>([
    [{ search: {} }],
    [{ search: [] }],
    [{ search: '' }],
    [{ search: null }],
    [{ search: { name: '' } }],
    [{ search: { name: '  ' } }],
    [{ search: { tag_id: 'et-vip', group: 'x' }, name: 'vip', per_page: 1 }],
  ])('%j filters nothing', async (json) => {
    expect((await ask({ json })).data).toMatchObject({ total: 7, per_page: 3 });
  });

  test('page URLs repeat the search', async () => {
    const name = '客户';
    await buildTag(app.dataSource, { ...tenant, name: '新客户' });
    await buildTag(app.dataSource, { ...tenant, name: '大客户' });
    const { next_page_url } = (await ask({ json: { search: { name, other: 'x' } } })).data;
    expect(parse(new URL(next_page_url).search.slice(1))).toEqual({ page: '2', search: { name } });
    const { pathname, search } = new URL(next_page_url);
    expect(namesOf((await app.send(pathname + search, { token, method: 'GET' })).body)).toEqual(['意向客户']);
  });

  test.each<[json: object, detail: string]>([
    [{ search: 'vip' }, 'search 必须是 search[名称]=值'],
    [{ search: ['vip'] }, 'search 必须是 search[名称]=值'],
    [{ search: { name: ['vip'] } }, 'search[name] 必须是字符串'],
    [{ search: { name: { like: '' } } }, 'search[name] 必须是字符串'],
    [{ search: { name: true } }, 'search[name] 必须是字符串'],
    [{ search: { name: '标'.repeat(256) } }, 'search[name] 不能超过255个字符'],
    [{ search: { name: '\ud800' } }, 'search[name] 含有无法保存的字符'],
  ])('%j is refused', async (json, detail) => {
    expect(await ask({ json })).toEqual({ result: 0, msg: `参数错误：${detail}`, data: [] });
  });

  test('a new tag shows at once, although the tags are kept', async () => {
    const before = (await ask()).data.total;
    await buildTag(app.dataSource, { ...tenant, name: '刚建' });
    expect((await ask()).data.total).toBe(before + 1);
    expect(namesOf(await ask({ json: { search: { name: '刚建' } } }))).toEqual(['刚建']);
  });
});
