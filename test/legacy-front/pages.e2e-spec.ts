import { EnterpriseRight } from '../../src/enterprise/entities/enterprise-right.entity';
import { Enterprise } from '../../src/enterprise/entities/enterprise.entity';
import { TestApp } from '../app';
import { buildEnterprise, buildRight, buildUser } from '../factories';
import { badParameter, cookieOf, FORBIDDEN, NOT_SIGNED_IN, NOTHING_CHOSEN, signIn, withCookie } from './old-front';

const COMMON = 'getBusinessCommonData';
const SURVEY = 'getBusinessSurvey';
const APPLICATIONS = 'getApplicationList';
const PLUGINS = 'pluginEnabled';
const CLEAN = 'cleanMemberCache';

const done = (data: unknown) => ({ result: 1, msg: '成功', data });

/** What the pages of the vendor's front ask before their own data (CONTRACT 2.2). */
describe("the frame of the vendor's pages", () => {
  let app: TestApp;
  /** A new one for each test. */
  let uniacid = 7000;

  beforeAll(async () => (app = await TestApp.start({ demo: false, settings: { BUSINESS_TITLE: '客户中心' } })));
  afterAll(() => app.stop());
  beforeEach(() => {
    uniacid++;
  });

  const call = (route: string, { method = 'POST', query = '', ...send }: any = {}, tenant: number | string = uniacid) =>
    app.send(`/business/${tenant}/admin/${route}${query}`, { method, ...send });
  const body = async (...given: Parameters<typeof call>) => {
    const { status, body } = await call(...given);
    expect(status).toBe(200);
    return body;
  };

  /** A new user, signed in, who may manage a new enterprise of the test's uniacid, by default chosen. */
  async function manager({ identity = 2, isChosen = true } = {}) {
    const { userId, username } = await buildUser(app.dataSource, { mobile: '13500000000' });
    const enterprise = await buildEnterprise(app.dataSource, { uniacid, logoImg: 'https://cdn.test/logo.png' });
    await buildRight(app.dataSource, { uniacid, enterpriseId: enterprise.id, userId, identity });
    const token = await app.login(username, 'password');
    if (isChosen) await call('manageBusiness', { token, json: { id: enterprise.id } });
    return { userId, username, enterprise, token };
  }

  describe(COMMON, () => {
    const tab = [
      { name: '企业概况', route: 'overview', child: [] },
      { name: '应用中心', route: 'application', child: [] },
      {
        name: '微信客户管理',
        route: 'wechatCustomers',
        child: [
          { name: '微信客户管理', route: 'wechatCustomersIndex', child: [] },
          { name: '我的客户', route: 'wechatCustomersMy', child: [] },
          { name: '我的流失客户', route: 'wechatCustomersMyLoss', child: [] },
        ],
      },
    ];

    const leaves = [
      ['overview', 'admin'],
      ['application', 'admin'],
      ['wechatCustomersIndex', 'WechatCustomers'],
      ['wechatCustomersMy', 'WechatCustomers'],
      ['wechatCustomersMyLoss', 'WechatCustomers'],
    ];

    const memberOf = ({ userId, username }: { userId: number; username: string }) => ({
      nickname: username,
      realname: username,
      avatar: '',
      avatar_image: '',
      uid: userId,
      mobile: '13500000000',
      username,
    });

    const plat_setting = { pc_logo_url: '', pc_title: '客户中心', customer_qrcode: '' };

    test.each([
      ['POST', { json: { is_business: 1 } }],
      ['POST', { form: { is_business: '1' } }],
      ['POST', { json: { is_business: true, is_person: 1 } }],
      ['POST', { query: '?is_business=1' }],
      ['GET', { query: '?is_business=1&uuid=0' }],
    ])('%s %j: the page of the chosen enterprise, keys in the order of the contract', async (method, send) => {
      const user = await manager();
      const { status, text } = await call(COMMON, { ...send, method, token: user.token });
      const answer = done({
        member: memberOf(user),
        identity: 2,
        tab,
        page_route: { module: leaves.map(([route, module]) => ({ route, module, can: 1, identity: 2 })) },
        plat_setting,
        business: { business_name: user.enterprise.name, business_id: user.enterprise.id, uniacid },
        pos_goods_id: 0,
      });
      expect([status, text]).toEqual([200, JSON.stringify(answer)]);
    });

    test.each([1, 2, 3, 4, 5])('identity %i sees every page, with its identity', async (identity) => {
      const { token } = await manager({ identity });
      const { data } = await body(COMMON, { token, json: { is_business: 1 } });
      expect(data).toMatchObject({ identity, tab });
      expect(data.page_route.module.map((right: any) => [right.can, right.identity])).toEqual(
        leaves.map(() => [1, identity]),
      );
    });

    test.each([
      ['GET', { query: '?is_person=1' }],
      ['POST', { json: { is_person: 1 } }],
      ['POST', { json: { is_person: true, is_business: 0 } }],
      ['POST', { json: { is_business: '' } }],
      ['GET', {}],
      ['POST', {}],
    ])('%s %j: a page of oneself, whatever is chosen', async (method, send) => {
      for (const isChosen of [true, false]) {
        const user = await manager({ isChosen });
        const answer = done({
          member: memberOf(user),
          identity: 0,
          tab: [],
          page_route: { module: [] },
          plat_setting,
          business: { business_name: '', business_id: 0, uniacid },
          pos_goods_id: 0,
        });
        expect((await call(COMMON, { ...send, method, token: user.token })).text).toBe(JSON.stringify(answer));
      }
    });

    test('a user without any right sees themselves', async () => {
      const { username } = await buildUser(app.dataSource);
      const token = await app.login(username, 'password');
      expect((await body(COMMON, { token })).data).toMatchObject({ member: { username }, identity: 0, tab: [] });
    });

    test('shows nothing secret of the account', async () => {
      const { token } = await manager();
      const { text } = await call(COMMON, { token, json: { is_business: 1 } });
      expect(text).not.toMatch(/argon2|hash|password/i);
      expect(text).not.toContain(token);
    });

    test.each([
      [{ is_business: 2 }, 'is_business 必须是 0 或 1'],
      [{ is_business: 'yes' }, 'is_business 必须是 0 或 1'],
      [{ is_business: [1] }, 'is_business 必须是 0 或 1'],
      [{ is_person: {} }, 'is_person 必须是 0 或 1'],
      [{ is_business: -1, is_person: '01' }, 'is_business 必须是 0 或 1 | is_person 必须是 0 或 1'],
    ])('refuses %j', async (json, detail) => {
      const { token } = await manager();
      expect(await body(COMMON, { token, json })).toEqual(badParameter(detail));
    });
  });

  test.each(['GET', 'POST'])('%s getBusinessSurvey: the chosen enterprise and the user', async (method) => {
    const { userId, username, enterprise, token } = await manager();
    const member = { nickname: username, realname: username, avatar: '', mobile: '13500000000', uid: userId };
    const answer = done({ id: enterprise.id, name: enterprise.name, logo_img: 'https://cdn.test/logo.png', member });
    expect((await call(SURVEY, { token, method })).text).toBe(JSON.stringify(answer));
  });

  test.each(['GET', 'POST'])('%s getApplicationList: the one application', async (method) => {
    const { token } = await manager({ identity: 1 });
    const application = {
      title: '微信客户管理',
      description: '管理企业成员添加的微信客户',
      icon: '',
      route: 'wechatCustomers',
      type: 'businessApplicationSales',
      plugin: 'WechatCustomers',
    };
    const answer = done({
      plugin_list: {
        businessApplicationWork: [],
        businessApplicationSales: [application],
        businessApplicationTool: [],
      },
      type: [
        { name: '办公管理', key: 'businessApplicationWork' },
        { name: '销售管理', key: 'businessApplicationSales' },
        { name: '工具软件', key: 'businessApplicationTool' },
      ],
    });
    expect((await call(APPLICATIONS, { token, method })).text).toBe(JSON.stringify(answer));
  });

  test.each(['GET', 'POST'])('%s pluginEnabled and cleanMemberCache need no choice', async (method) => {
    const { token } = await manager({ isChosen: false });
    expect((await call(PLUGINS, { token, method })).text).toBe(
      '{"result":1,"msg":"成功","data":{"project_manager":0}}',
    );
    expect((await call(CLEAN, { token, method })).text).toBe('{"result":1,"msg":"清除会员缓存成功","data":[]}');
  });

  describe('refusals', () => {
    const all: [route: string, json: object][] = [
      [COMMON, { is_business: 1 }],
      [SURVEY, {}],
      [APPLICATIONS, {}],
      [PLUGINS, {}],
      [CLEAN, {}],
    ];
    const ofEnterprise = all.slice(0, 3);

    test.each(all)('%s asks to sign in, by GET and by POST', async (route, json) => {
      for (const method of ['GET', 'POST']) expect(await body(route, { method })).toEqual(NOT_SIGNED_IN);
      expect(await body(route, { json, token: 'x' })).toEqual(NOT_SIGNED_IN);
    });

    test.each(all)('%s refuses a uniacid that is no number', async (route, json) => {
      const { token } = await manager();
      for (const bad of ['x', '-2', '1.5', '99999999999999999999']) {
        expect(await body(route, { token, json }, bad)).toEqual(badParameter('uniacid 必须是数字'));
      }
    });

    test.each(ofEnterprise)('%s asks for a choice', async (route, json) => {
      const { token } = await manager({ isChosen: false });
      expect(await body(route, { token, json })).toEqual(NOTHING_CHOSEN);
    });

    test.each(ofEnterprise)('%s shows nothing of another uniacid or enterprise', async (route, json) => {
      const own = await manager();
      const shown = (await call(route, { token: own.token, json })).text;
      uniacid++;
      const other = await manager();
      expect(await body(route, { token: own.token, json })).toEqual(FORBIDDEN);
      const smuggled = { business_id: other.enterprise.id, id: other.enterprise.id, uniacid, uid: other.userId };
      const answer = await call(route, { token: own.token, json: { ...smuggled, ...json } }, uniacid - 1);
      expect(answer.text).toBe(shown);
    });

    test.each(ofEnterprise)('%s is refused once the right or the enterprise has gone', async (route, json) => {
      const [revoked, stopped] = [await manager(), await manager()];
      for (const { token } of [revoked, stopped]) expect((await body(route, { token, json })).result).toBe(1);
      await app.dataSource.getRepository(EnterpriseRight).delete({ userId: revoked.userId });
      await app.dataSource.getRepository(Enterprise).update({ id: stopped.enterprise.id }, { status: 0 });
      for (const { token } of [revoked, stopped]) expect(await body(route, { token, json })).toEqual(FORBIDDEN);
    });
  });

  test("the front's walk: sign in, look, choose, read, sign out", async () => {
    const { username, enterprise } = await manager({ isChosen: false });
    const cookie = cookieOf(await signIn(app, username));
    const ask = (route: string, json: object = {}) => body(route, { json, ...withCookie(cookie) });
    expect((await ask(COMMON)).data).toMatchObject({ member: { username }, identity: 0 });
    expect((await ask('businessList')).data.platform_list).toMatchObject([{ id: enterprise.id, identity_type: 2 }]);
    expect(await ask(COMMON, { is_business: 1 })).toEqual(NOTHING_CHOSEN);
    expect(await ask('manageBusiness', { id: enterprise.id, identity_type: 2 })).toEqual(done([]));
    expect((await ask(COMMON, { is_business: 1 })).data.business.business_id).toBe(enterprise.id);
    for (const route of [SURVEY, APPLICATIONS, PLUGINS, CLEAN]) expect((await ask(route)).result).toBe(1);
    expect(await ask('manageBusiness', { identity_type: 1 })).toEqual(done([]));
    expect(await ask(SURVEY)).toEqual(NOTHING_CHOSEN);
  });
});
