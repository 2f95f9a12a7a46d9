import { Answer, TestApp } from '../../app';
import { golden } from '../../golden';

/** What the front's list page sends when nothing is filled in. */
const EMPTY_SEARCH = {
  customer: '',
  member: '',
  add_way_type: '',
  tags_data: '',
  employee_member: '',
  type: '',
  status: '',
  time: [],
  remark: '',
};

const ROW = { external_userid: 'wmDesSDgAAG17vSqReXF2Z5NoJs9yGgg', userid: 'XiaoLiangZi' };
const SIGNED_OUT = { result: 0, msg: '请登录', data: { login_status: 1 } };

/** The built 芸众 front: axios with JSON, on every page an Authorization header even when it knows no token. */
class Front {
  cookie = '';
  authorization = `Basic ${Buffer.from('null:null').toString('base64')}`;

  constructor(private readonly app: TestApp) {}

  /** A call of the shop's entry, where the front signs in. */
  shop(route: string, json?: object): Promise<Answer> {
    return this.send(`/addons/yun_shop/api.php?i=2&type=5&route=${route}`, json);
  }

  async business(route: string, json?: object): Promise<any> {
    return (await this.send(`/business/2/${route}`, json)).body;
  }

  private async send(path: string, json?: object): Promise<Answer> {
    const answer = await this.app.send(path, {
      method: json ? 'POST' : 'GET',
      json,
      headers: { authorization: this.authorization, ...(this.cookie && { cookie: this.cookie }) },
    });
    expect(answer.status).toBe(200); // the front reads a body only on 2xx
    const [given] = answer.headers.getSetCookie();
    if (given) this.cookie = given.split(';', 1)[0]!;
    return answer;
  }
}

/** The walk through the pages, the same however the front is signed in. */
async function walk(front: Front): Promise<void> {
  const { data: list } = await front.business('admin/businessList', { name: '' });
  expect(Object.keys(list as object)).toEqual(['platform_list', 'final_plat_id', 'business_list', 'business_id']);
  expect(list.platform_list[0]).toEqual({
    id: 1,
    logo_img: '',
    name: '芸众',
    identity: 2,
    identity_desc: '管理员',
    identity_type: 2,
  });

  const choose = await front.business('admin/manageBusiness', { id: 1, identity_type: 2 });
  expect(choose).toEqual({ result: 1, msg: '成功', data: [] });

  const common = await front.business('admin/getBusinessCommonData?is_business=1');
  expect(common).toMatchObject({ result: 1, msg: '成功' });
  expect(common.data.business).toEqual({ business_name: '芸众', business_id: 1, uniacid: 2 });
  const routes = common.data.tab.flatMap((tab: any) => [
    tab.route,
    ...tab.child.map(({ route }: any) => route as string),
  ]);
  expect(routes).toEqual(expect.arrayContaining(['overview', 'application', 'wechatCustomers']));
  expect(routes).toEqual(
    expect.arrayContaining(['wechatCustomersIndex', 'wechatCustomersMy', 'wechatCustomersMyLoss']),
  );

  expect((await front.business('admin/getBusinessSurvey')).data).toMatchObject({ id: 1, name: '芸众' });
  const applications = (await front.business('admin/getApplicationList')).data.plugin_list;
  expect(applications.businessApplicationSales).toMatchObject([{ route: 'wechatCustomers' }]);
  expect((await front.business('admin/pluginEnabled')).data).toEqual({ project_manager: 0 });
  expect((await front.business('admin/cleanMemberCache')).msg).toBe('清除会员缓存成功');

  const page = await front.business('plugin/WechatCustomers/getList', { page: 1, search: EMPTY_SEARCH });
  const documented = JSON.parse(golden('wechat_customers.getList')).data;
  expect(page.data.data.slice(0, 2)).toEqual(documented.data);
  expect([page.data.total, page.data.count]).toEqual([45, 45]);

  const details = (await front.business('plugin/WechatCustomers/getDetails', ROW)).data;
  const { group_name, type, ...row } = details;
  expect(row).toEqual(documented.data[1]);
  expect([group_name, type]).toEqual([expect.stringContaining('开发测试标签组1'), 1]);
  const missing = await front.business('plugin/WechatCustomers/getDetails', { ...ROW, userid: 'Nobody' });
  expect(missing).toEqual({ result: 0, msg: '记录不存在', data: [] });

  const tags = (await front.business('plugin/WechatCustomers/getTagList?search[name]=测试标签11&page=1')).data;
  expect(tags.data).toMatchObject([{ name: '测试标签11' }]);

  const mine = (await front.business('plugin/WechatCustomers/myCustomerList', { search: EMPTY_SEARCH })).data;
  expect(new Set(mine.data.map(({ userid }: any) => userid as string))).toEqual(new Set(['SunXinJian']));
  const lost = (await front.business('plugin/WechatCustomers/myLossCustomerList', { search: EMPTY_SEARCH })).data;
  expect(lost.data.every((each: any) => each.status === -1 && each.loss_time === '2021-09-27 18:05:00')).toBe(true);
  expect(lost.total).toBeGreaterThan(0);
}

describe("the 芸众 front's walk", () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start();
  });

  afterAll(() => app.stop());

  test('by token, from signing in to signing out', async () => {
    const front = new Front(app);
    expect(await front.business('admin/businessList', {})).toEqual(SIGNED_OUT);
    const { body } = await app.send('/api/login', { json: { username: 'admin', password: 'demo-admin' } });
    const { user_id, token } = body.result;
    front.authorization = `Basic ${Buffer.from(`${user_id}:${token}`).toString('base64')}`;
    await walk(front);
    await app.send('/api/logout', { token });
    expect(await front.business('admin/businessList', {})).toEqual(SIGNED_OUT);
    expect(front.cookie).toBe('');
  });

  test('by cookie, from signing in to signing out', async () => {
    const front = new Front(app);
    const mode = await front.shop('member.login.login-mode');
    expect(mode.body).toMatchObject({ result: 1, data: { mobile_login_code: 0, sms: { captcha: { status: 0 } } } });
    const favicon = await front.shop('plugin.business-pc.frontend.setting.index');
    expect(Object.keys(favicon.body.data as object)).toEqual(['pc_title', 'pc_favorite_icon_url']);
    expect(await front.business('admin/businessList', {})).toEqual(SIGNED_OUT);

    const form = { mobile: '13800001000', password: 'wrong', login_type: 5, remember: false };
    const refused = await front.shop('member.login.index', form);
    expect(refused.body).toMatchObject({ result: 0, msg: '用户名或密码错误' });
    expect(front.cookie).toBe('');

    const entered = await front.shop('member.login.index', { ...form, password: 'demo-admin' });
    expect(entered.body).toMatchObject({ result: 1, msg: '登录成功' });
    expect(front.cookie).not.toBe('');
    expect((await app.send('/api/user', { headers: { cookie: front.cookie } })).body.code).toBe(401);
    await walk(front);

    const { cookie } = front;
    expect((await front.shop('member.logout.index')).body.result).toBe(1);
    front.cookie = cookie; // a copy of the cookie is worth nothing now
    expect(await front.business('admin/businessList', {})).toEqual(SIGNED_OUT);
  });

  test('a route that is not served is said in a body that the front reads', async () => {
    const front = new Front(app);
    const noRoute = { result: 0, msg: '不存在的接口', data: [] };
    expect(await front.business('plugin/WechatStatistics/getList', {})).toEqual(noRoute);
    expect((await front.shop('order.list.index')).body).toEqual(noRoute);
  });
});
