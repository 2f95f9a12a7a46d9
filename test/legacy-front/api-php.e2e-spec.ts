import { TestApp } from '../app';
import { badParameter, NO_ROUTE, shop } from './old-front';

/** The one URL of the vendor's shop: its routes, and what stands for none (CONTRACT 2.5). */
describe('api.php', () => {
  let app: TestApp;

  beforeAll(async () => (app = await TestApp.start({ demo: false, settings: { BUSINESS_TITLE: '客户中心' } })));
  afterAll(() => app.stop());

  describe('route=member.login.login-mode and the setting of the page', () => {
    test.each(['GET', 'POST'])('%s: by password alone, keys in the order of the contract', async (method) => {
      const { status, text, headers } = await shop(app, 'member.login.login-mode', { method });
      expect([status, text]).toEqual([
        200,
        '{"result":1,"msg":"成功","data":{"mobile_login_code":0,"sms":{"captcha":{"status":0}}}}',
      ]);
      expect(headers.getSetCookie()).toEqual([]);
    });

    test.each(['GET', 'POST'])('%s: the title is BUSINESS_TITLE', async (method) => {
      const { text } = await shop(app, 'plugin.business-pc.frontend.setting.index', { method });
      expect(text).toBe('{"result":1,"msg":"成功","data":{"pc_title":"客户中心","pc_favorite_icon_url":""}}');
    });
  });

  describe('any other request to api.php', () => {
    test.each([
      'member.member.getUserInfo',
      'member.login',
      'Member.Login.Index',
      'member.login.index/',
      'member.login.login-mode%00',
      '../../../api/login',
      '%2e%2e%2fbusiness',
      'a%2Fb',
      '',
      '__proto__',
    ])('route=%s does not exist', async (route) => {
      for (const method of ['GET', 'POST']) {
        const { status, body } = await shop(app, route, { method });
        expect([status, body]).toEqual([200, NO_ROUTE]);
      }
    });

    test.each(['', '?i=2&type=5', '?route[]=member.login.login-mode', '?i=2#&route=member.login.login-mode'])(
      'without a route (%s) neither',
      async (query) => {
        expect((await app.send(`/addons/yun_shop/api.php${query}`)).body).toEqual(NO_ROUTE);
      },
    );

    test('the last of two routes counts, percent-encoded or not, and slashes do not', async () => {
      const query = '?i=2&route=member.none&route=member%2Elogin.login%2Dmode';
      expect((await app.send(`/addons/yun_shop/api.php${query}`)).body.result).toBe(1);
      expect((await app.send(`//addons/yun_shop//api.php/${query}`)).body.result).toBe(1);
    });

    test.each([
      ['', 'i 不能为空'],
      ['x', 'i 必须是数字'],
      ['-1', 'i 必须是数字'],
      ['2&i[]=2', 'i 必须是数字'],
    ])('i=%s is a bad parameter of every route', async (i, detail) => {
      for (const [route, json] of [
        ['member.login.login-mode', {}],
        ['member.login.index', { mobile: '13700000000', password: 'password' }],
        ['member.logout.index', {}],
        ['plugin.business-pc.frontend.setting.index', {}],
      ] as const) {
        expect((await shop(app, route, { json, i })).body).toEqual(badParameter(detail));
      }
    });

    test('a type that is no number is a bad parameter', async () => {
      const path = '/addons/yun_shop/api.php?i=2&type=web&route=member.login.login-mode';
      expect((await app.send(path)).body).toEqual(badParameter('type 必须是数字'));
    });
  });
});
