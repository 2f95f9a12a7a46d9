import { TestApp } from '../app';

/** The new routes on the documentation page. */
describe('the documentation', () => {
  let app: TestApp;
  let paths: Record<string, Record<string, any>>;

  beforeAll(async () => {
    app = await TestApp.start({ demo: false });
    ({ paths } = (await app.send('/docs-json', { method: 'GET' })).body);
  });
  afterAll(() => app.stop());

  const admin = [
    'getBusinessCommonData',
    'getBusinessSurvey',
    'getApplicationList',
    'pluginEnabled',
    'cleanMemberCache',
  ];
  const shop = ['member.login.login-mode', 'member.logout.index', 'plugin.business-pc.frontend.setting.index'];

  test.each([
    ...admin.map((route) => [`/business/{uniacid}/admin/${route}`, ['get', 'post']] as const),
    ...shop.map((route) => [`/addons/yun_shop/api.php/${route}`, ['get', 'post']] as const),
    ['/addons/yun_shop/api.php/member.login.index', ['post']] as const,
  ])('%s shows its answer in the envelope of family B', (path, methods) => {
    expect(Object.keys(paths[path]!).sort()).toEqual(methods);
    for (const operation of Object.values(paths[path]!)) {
      const { schema, examples } = operation.responses['200'].content['application/json'];
      expect(Object.keys(schema.anyOf[0].properties)).toEqual(['result', 'msg', 'data']);
      expect(examples.成功.value).toMatchObject({ result: 1, data: expect.anything() });
    }
  });

  test('the example of an answer is the answer, where it does not depend on the account', async () => {
    for (const route of shop) {
      const path = `/addons/yun_shop/api.php/${route}`;
      const { value } = paths[path]!.post.responses['200'].content['application/json'].examples.成功;
      expect((await app.send(`${path}?i=2`)).body).toEqual(value);
    }
  });

  test.each(['/api/login', '/api/app/login', '/api/user/reset_password', '/api/reset_password'])(
    '%s is there',
    (path) => {
      expect(paths[path]!.post.requestBody.content['application/json'].schema).toHaveProperty('$ref');
    },
  );
});
