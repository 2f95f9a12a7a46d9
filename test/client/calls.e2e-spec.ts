import { createClient, ApiError, BadParameterError, NoEnterpriseError, NotSignedInError } from '../../client/src/index';
import { UserCustomer } from '../../src/user-customer/entities/user-customer.entity';
import { EnterpriseChoice } from '../../src/enterprise/entities/enterprise-choice.entity';
import { TestApp } from '../app';
import { ADMIN, connect, documentedFetch, failureOf, listen } from './connect';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

describe('a call of the typed client', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start();
  });

  afterAll(() => app?.stop());

  test('family A: reads and writes without envelopes', async () => {
    const hub = connect(app);
    const pair = { user_id: '998', customer_id: '1003' };
    expect(await hub.userCustomer.add({ ...pair, secret: 'W2MX', reference: 'typed' })).toEqual([]);
    expect(await app.row(UserCustomer, { userId: 998, customerId: 1003 })).toMatchObject({ reference: 'typed' });
    expect(await hub.userCustomer.get(pair)).toMatchObject({ user_id: 998, customer_id: 1003, reference: 'typed' });
    const found = await hub.userCustomer.getList({ condition: [['customer_id', '=', 1003]] });
    expect(found).toMatchObject({ total_records: 1, total_pages: 1 });
    expect(await hub.userCustomer.multiDelete({ user_id: '998', customer_id: [1003] })).toEqual([]);
    expect(await app.row(UserCustomer, { userId: 998, customerId: 1003 })).toBeNull();
  });

  test('family B: the parameters of path and body, and nested filters', async () => {
    const hub = connect(app);
    expect(await hub.enterprise.manageBusiness({ uniacid: 2, id: 1 })).toEqual([]);
    expect(await app.row(EnterpriseChoice, { userId: 1000, uniacid: 2 })).toMatchObject({ enterpriseId: 1 });
    const search = { customer: 'Abe', status: 1 };
    const { data, total } = await hub.wechatCustomers.getList({ uniacid: 2, search, per_page: 2 });
    expect([total, data.map(({ id }) => id)]).toEqual([1, [62]]);
    const time = ['1631950639', '1631950639'];
    const added = await hub.wechatCustomers.getList({ uniacid: 2, search: { time } });
    expect(added.data.map(({ createtime }) => createtime)).toEqual([1631950639]);
  });

  test('routes without a token are called without one', async () => {
    const answers: string[] = [];
    const fetch = (url: string, init: RequestInit) => {
      answers.push(new Headers(init.headers).get('authorization') ?? 'none');
      return documentedFetch(url, init);
    };
    const { ticket } = await connect(app).auth.login(ADMIN);
    const hub = connect(app, { token: ticket, fetch });
    expect(await hub.auth.checkTicket({ ticket })).toMatchObject({ username: 'admin' });
    expect(await failureOf(hub.auth.checkTicket({ ticket: 'x' }))).toBeInstanceOf(NotSignedInError);
    expect(await hub.auth.user()).toMatchObject({ username: 'admin' });
    expect(answers).toEqual(['none', 'none', `Bearer ${ticket}`]);
  });

  describe('that fails', () => {
    test('family A: the sentence, both codes and the id of the request', async () => {
      const error = await failureOf(connect(app).userCustomer.get({ user_id: '998', customer_id: '77' }));
      expect(error).toBeInstanceOf(ApiError);
      const facts = { name: 'ApiError', family: 'mix', status: 200, code: 500, mixCode: 230001 };
      expect({ ...error, message: error.message }).toMatchObject({ ...facts, message: '记录不存在' });
      expect(error.requestId).toMatch(UUID);
    });

    test('family A: a sentence for each bad parameter', async () => {
      const error = await failureOf(connect(app).userCustomer.getList({ page_size: -1, start_time: 'today' }));
      expect(error).toBeInstanceOf(BadParameterError);
      expect(error.details).toEqual([expect.stringMatching(/^page_size /), expect.stringMatching(/^start_time /)]);
      expect(error.message).toBe(`请求参数错误：${error.details.join(' | ')}`);
      expect([error.mixCode, error.name]).toEqual([230011, 'BadParameterError']);
    });

    test('family B: no enterprise, one that is not allowed, a bad parameter', async () => {
      const demo = connect(app, { username: 'demo', password: 'demo-user' });
      const none = await failureOf(demo.wechatCustomers.getList({ uniacid: 2 }));
      expect(none).toBeInstanceOf(NoEnterpriseError);
      expect(none).toMatchObject({ family: 'business', status: 200, message: '请先选择要管理的企业' });
      const refused = await failureOf(demo.enterprise.manageBusiness({ uniacid: 2, id: 2 }));
      expect([refused.name, refused.message]).toEqual(['ApiError', '无权管理该企业']);

      const hub = connect(app);
      await hub.enterprise.manageBusiness({ uniacid: 2, id: 1 });
      const bad = await failureOf(hub.wechatCustomers.getList({ uniacid: 2, per_page: 1000 }));
      expect(bad).toBeInstanceOf(BadParameterError);
      expect(bad.details).toEqual([expect.stringMatching(/^per_page /)]);
      expect([none.requestId, refused.requestId, bad.requestId]).toEqual(Array(3).fill(expect.stringMatching(UUID)));
    });

    test('a token that is unknown, in both families', async () => {
      const hub = connect(app, { token: '0'.repeat(32) });
      const [mix, business] = [hub.auth.user(), hub.enterprise.businessList({ uniacid: 2 })].map(failureOf);
      expect(await mix).toBeInstanceOf(NotSignedInError);
      expect(await mix).toMatchObject({ code: 401, mixCode: 230014, message: 'Token已过期，请重新登录' });
      expect(await business).toBeInstanceOf(NotSignedInError);
      expect(await business).toMatchObject({ family: 'business', message: '请登录' });
    });

    test('a limit: the HTTP status, and when to try again', async () => {
      const limited = await TestApp.start({ settings: { RATE_LIMIT_ACCOUNT: '1' } });
      const hub = connect(limited);
      await hub.auth.user();
      const error = await failureOf(hub.auth.user());
      expect(error).toMatchObject({ name: 'ApiError', status: 429, mixCode: 230012 });
      expect(error.retryAfter).toBeGreaterThan(0);
      await limited.stop();
    });

    test('an answer that is not customer-hub’s', async () => {
      const proxy = await listen((_request, response) => void response.writeHead(502).end('<h1>Bad Gateway</h1>'));
      const error = await failureOf(createClient({ baseUrl: proxy.url, token: 'any' }).auth.user());
      expect(error).toMatchObject({ name: 'ApiError', family: undefined, status: 502 });
      expect(error.message).toBe('HTTP 502 without an answer of customer-hub');
      proxy.stop();
    });

    test('a redirect, which token and password do not follow', async () => {
      const proxy = await listen((_request, response) => void response.writeHead(307, { location: app.url }).end());
      const error = await failureOf(createClient({ baseUrl: proxy.url, ...ADMIN }).auth.user());
      expect(error).toMatchObject({ name: 'TypeError' });
      proxy.stop();
    });
  });
});
