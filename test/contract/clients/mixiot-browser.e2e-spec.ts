import { Session } from '../../../src/auth/entities/session.entity';
import { Answer, TestApp } from '../../app';
import { buildCustomer, buildUser, buildUserCustomer } from '../../factories';
import { golden } from '../../golden';

/** The columns of the page's table of customers, in its order. */
const CUSTOMER_KEYS =
  'customer_id customer_name description secret exp_id province city address phone contact mobile email template ' +
  'script reference created';

/** The browser page of MixIOT: jQuery's urlencoded forms, where `null` is sent as empty text. It looks at `code` only. */
class BrowserPage {
  private token?: string;

  constructor(private readonly app: TestApp) {}

  async login(form: Record<string, string>): Promise<any> {
    const body = await this.post('login', form);
    this.token = body.result.token as string;
    return body;
  }

  async post(route: string, form: Record<string, string> | string = ''): Promise<any> {
    return (await this.answer(route, form)).body;
  }

  async answer(route: string, form: Record<string, string> | string): Promise<Answer> {
    const answer = await this.app.send(`/api/${route}`, {
      raw: {
        type: 'application/x-www-form-urlencoded; charset=UTF-8',
        body: new URLSearchParams(form).toString(),
      },
      headers: {
        ...(this.token && { authorization: `Bearer ${this.token}` }),
        'x-requested-with': 'XMLHttpRequest',
      },
    });
    expect(answer.status).toBe(200); // on any other status the page replaces `code`
    return answer;
  }
}

describe("MixIOT's browser page", () => {
  let app: TestApp;
  let page: BrowserPage;

  beforeAll(async () => {
    app = await TestApp.start();
    page = new BrowserPage(app);
    await page.login({ username: 'demo', password: 'demo-user' });
  });

  afterAll(() => app.stop());

  test.each(['MixPro', 'PRO', 'MixPortal', 'Admin', ''])('signs in as system "%s"', async (system) => {
    const body = await page.login({ username: 'demo', password: 'demo-user', system, keep_alive: '' });
    expect([body.code, body.mix_code, body.result.user_id]).toEqual([200, 130002, 998]);
  });

  test('signs in from the app, by mobile number', async () => {
    const form = { username: '13800000998', password: 'demo-user', system: 'APP', keep_alive: 'long' };
    expect((await page.login(form)).result).toMatchObject({ user_id: 998, keep_alive: 'long' });
    expect((await page.post('app/login', form)).result.user_id).toBe(998);
  });

  test('reads the follow page: the relations, their customers, and all in one page', async () => {
    const answer = await page.answer('user_customer/get_customer_list', {
      user_id: '998',
      page_index: '',
      page_size: '',
    });
    expect(answer.text).toBe(golden('user_customer.get_customer_list'));
    const all = await page.post('user_customer/get_customer_list', { user_id: '998', is_all: '1' });
    expect(all.result).toMatchObject({ page_index: 1, page_size: 2, total_pages: 1, total_records: 2 });
    expect(all.result.data).toEqual(answer.body.result.data);
    const customer = await page.post('customer/get', { customer_id: '1001' });
    expect(Object.keys(customer.result as object).join(' ')).toBe(CUSTOMER_KEYS);
    expect(customer.result).toMatchObject({ customer_id: 1001, customer_name: '示例客户一', secret: '' });
  });

  test('is never given fewer rows than it asked for: 46 with is_all are 46', async () => {
    const { userId, username } = await buildUser(app.dataSource);
    for (let n = 0; n < 46; n++) {
      const { customerId } = await buildCustomer(app.dataSource);
      await buildUserCustomer(app.dataSource, { userId, customerId });
    }
    const other = new BrowserPage(app);
    await other.login({ username, password: 'password' });
    for (const route of ['user_customer/get_list', 'customer/get_list', 'm/user_customer/get_list']) {
      const { result } = await other.post(route, { is_all: '1', page_size: '20' });
      expect([route, result.total_records, result.data.length]).toEqual([route, 46, 46]);
    }
  });

  test('sends a list of ids as PHP names and as JSON text', async () => {
    for (const ids of ['customer_id[]=1003&customer_id[]=1004', 'customer_id=%5B%221003%22%2C1004%5D']) {
      for (const [customer_id, secret] of [
        ['1003', 'W2MX'],
        ['1004', '7TPA'],
      ] as const) {
        const added = await page.post('user_customer/add', { user_id: '998', customer_id, secret });
        expect(added.msg).toBe('添加成功');
      }
      expect((await page.post('user_customer/multi_delete', `user_id=998&${ids}`)).msg).toBe('删除成功');
    }
  });

  test('a portal checks its ticket without a token', async () => {
    const { result } = await page.login({ username: 'demo', password: 'demo-user' });
    const body = await new BrowserPage(app).post('check_ticket', { source: 'MixPortal', ticket: result.ticket });
    expect([body.code, body.msg, body.result.user_id]).toEqual([200, 'Ticket校验成功', 998]);
  });

  test('changes its password, which ends the other sessions', async () => {
    const { userId, username } = await buildUser(app.dataSource, { password: 'old password' });
    const [here, there] = [new BrowserPage(app), new BrowserPage(app)];
    for (const each of [here, there]) await each.login({ username, password: 'old password' });
    const form = { old_password: 'old password', new_password: 'new password' };
    expect((await here.post('user/reset_password', form)).msg).toBe('编辑成功');
    expect(await app.dataSource.getRepository(Session).countBy({ userId })).toBe(1);
    expect((await here.post('user')).result.user_id).toBe(userId);
    expect((await there.post('user')).msg).toBe('Token已过期，请重新登录');
    expect((await here.post('login', { username, password: 'old password' })).msg).toBe('用户名或密码错误');
  });
});
