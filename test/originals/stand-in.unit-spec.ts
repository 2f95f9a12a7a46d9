import { golden } from '../golden';
import { StandIn } from './index';

/** Keys in their order and kinds of values; null and text look alike, as fields of both kinds do. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(shapeOf);
  if (typeof value !== 'object' || value === null) return typeof value === 'number' ? 'number' : 'text or null';
  return Object.entries(value).map(([key, each]) => [key, shapeOf(each)]);
}

describe('the stand-in of the originals', () => {
  let standIn: StandIn;

  beforeAll(async () => (standIn = await StandIn.start({ rows: 600, prefix: '/old' })));
  afterAll(() => standIn.stop());
  afterEach(() => standIn.faults.clear());

  const post = async (path: string, body: object, headers: Record<string, string> = {}): Promise<any> => {
    const init = {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    };
    return (await fetch(standIn.url + path, init)).json();
  };
  const token = async (username = 'admin', password = 'original-admin') => ({
    authorization: `Bearer ${(await post('/api/login', { username, password })).result.token}`,
  });
  const basic = () => {
    const { uid, token } = standIn.wechat.token;
    return { authorization: `Basic ${btoa(`${uid}:${token}`)}` };
  };
  const getList = (params: object) => post('/business/2/plugin/WechatCustomers/getList', params, basic());

  test('answers in the shapes of the documents', async () => {
    const bearer = await token();
    const relations = await post('/api/user_customer/get_list', {}, bearer);
    expect(shapeOf(relations)).toEqual(shapeOf(JSON.parse(golden('user_customer.get_list'))));
    const { user_id, customer_id } = relations.result.data[0];
    const one = await post('/api/user_customer/get', { user_id, customer_id }, bearer);
    expect(shapeOf(one)).toEqual(shapeOf(JSON.parse(golden('user_customer.get'))));
    await post('/business/2/admin/manageBusiness', { id: 1 }, basic());
    const documented = JSON.parse(golden('wechat_customers.getList'));
    const page = await getList({ page: 1, per_page: 2 });
    expect(shapeOf({ ...page, data: { ...page.data, prev_page_url: null } })).toEqual(shapeOf(documented));
    const foreign = await post('/business/3/plugin/WechatCustomers/getList', {}, basic());
    expect(foreign).toEqual(JSON.parse(golden('wechat_customers.forbidden')));
  });

  test('family A: everybody sees their own rows, pages and conditions narrow', async () => {
    const all = await post('/api/user_customer/get_list', { page_size: 1000 }, await token());
    expect(all.result).toMatchObject({ total_records: 600, total_pages: 1 });
    const own = await post('/api/user_customer/get_list', {}, await token('user-2001', 'original-user'));
    expect(own.result.total_records).toBe(300);
    const condition = '[["user_id", "=", "2001"], ["reference", "like", "合同"]]';
    const found = await post('/api/user_customer/get_list', { condition, page_size: 1000 }, await token());
    const rows = all.result.data.filter((row: any) => row.user_id === 2001 && row.reference.includes('合同'));
    expect(found.result.data).toEqual(rows);
    expect(rows.length).toBeGreaterThan(0);
  });

  test('family B: a cookie that has to choose, filters and pages', async () => {
    const form = { mobile: '13800001000', password: 'original-admin', login_type: 5 };
    const init = { method: 'POST', body: JSON.stringify(form), headers: { 'content-type': 'application/json' } };
    const signedIn = await fetch(`${standIn.url}/addons/yun_shop/api.php?i=2&type=5&route=member.login.index`, init);
    const cookie = signedIn.headers.getSetCookie()[0]!.split(';')[0]!;
    const ask = (params: object) => post('/business/2/plugin/WechatCustomers/getList', params, { cookie });
    expect((await ask({})).data).toEqual({ login_status: 2 });
    await post('/business/2/admin/manageBusiness', { id: 1 }, { cookie });
    const lost = (await ask({ search: { status: -1 }, per_page: 100 })).data;
    expect(lost.total).toBe(standIn.wechat.data.follows.filter(({ status }) => status === -1).length);
    standIn.wechat.expireSessions();
    expect((await ask({})).data).toEqual({ login_status: 1 });
  });

  test('a fault hits as often as it is told, after as many as it is told', async () => {
    const bearer = await token();
    const ask = () => fetch(`${standIn.url}/api/user`, { method: 'POST', headers: bearer });
    standIn.faults.add({ route: 'user', kind: 'error 500', after: 1, times: 2 });
    const statuses: number[] = [];
    for (let n = 0; n < 4; n++) statuses.push((await ask()).status);
    expect(statuses).toEqual([200, 500, 500, 200]);
  });
});
