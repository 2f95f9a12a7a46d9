import { TestApp } from '../app';
import { golden } from '../golden';
import { DocumentedAnswers } from '../openapi/answers';

/**
 * Every documented answer, byte for byte, through JSON, a form and multipart (CONTRACT, golden answers); and the OpenAPI
 * document made of the reply classes knows each of its fields.
 */
describe('golden answers', () => {
  let app: TestApp;
  let token: string;
  let documented: DocumentedAnswers | undefined;

  beforeEach(async () => {
    app = await TestApp.start();
    token = await app.login();
    documented ??= new DocumentedAnswers((await app.send('/docs-json', { method: 'GET' })).body);
  });

  afterEach(() => app.stop());

  const condition = JSON.stringify([['user_id', '=', '998']]);
  const routes: [route: string, parameters: Record<string, string>][] = [
    ['get_list', { condition }],
    ['get', { user_id: '998', customer_id: '1001' }],
    ['get_customer_list', { user_id: '998' }],
    ['add', { user_id: '998', customer_id: '1003', secret: 'W2MX' }],
    ['edit', { user_id: '998', customer_id: '1001', reference: 'R-1' }],
    ['delete', { user_id: '998', customer_id: '1001' }],
    ['multi_delete', { user_id: '998', customer_id: '["1001", "1002"]' }],
  ];

  describe.each(['json', 'form', 'multipart'] as const)('family A by %s', (encoding) => {
    test.each(routes)('%s', async (route, parameters) => {
      const path = `/api/user_customer/${route}`;
      const answer = await app.send(path, { [encoding]: parameters, token });
      expect(answer.status).toBe(200);
      expect(answer.text).toBe(golden(`user_customer.${route}`));
      expect(documented!.complaint('POST', path, answer)).toBeUndefined();
    });
  });

  describe.each(['json', 'form', 'multipart', 'query'] as const)('family B by %s', (encoding) => {
    const list = '/business/2/plugin/WechatCustomers/getList';
    const read = (query: Record<string, string>) =>
      encoding === 'query'
        ? app.send(`${list}?${new URLSearchParams(query).toString()}`, { token, method: 'GET' })
        : app.send(list, { [encoding]: query, token });

    test('getList', async () => {
      await app.send('/business/2/admin/manageBusiness', { json: { id: 1 }, token });
      const answer = await read({ per_page: '2' });
      expect(answer.status).toBe(200);
      expect(asDocumented(answer.text, app.url)).toBe(golden('wechat_customers.getList'));
      expect(documented!.complaint(encoding === 'query' ? 'GET' : 'POST', list, answer)).toBeUndefined();
    });

    test('forbidden', async () => {
      const { status, text } = await app.send('/business/3/plugin/WechatCustomers/getList', { token });
      expect(status).toBe(200);
      expect(text).toBe(golden('wechat_customers.forbidden'));
    });
  });
});

/**
 * Our answer in the form of the documented example, whose URLs have another host and whose `tag` and `employee` lists
 * are excerpts.
 */
function asDocumented(text: string, origin: string): string {
  const ours = text
    .replaceAll(`${origin}/business/2/plugin/WechatCustomers/getList`, 'http://www.wq.com/web/index.php')
    .replaceAll('&per_page=2', '');
  const answer = JSON.parse(ours) as { data: { tag: { id: number }[]; employee: { user_id: string }[] } };
  const documented = JSON.parse(golden('wechat_customers.getList')) as typeof answer;
  const tagIds = documented.data.tag.map(({ id }) => id);
  const userIds = documented.data.employee.map(({ user_id }) => user_id);
  expect(answer.data.tag.slice(0, 2).map(({ id }) => id)).toEqual(tagIds);
  answer.data.tag = answer.data.tag.filter(({ id }) => tagIds.includes(id));
  answer.data.employee = answer.data.employee.filter(({ user_id }) => userIds.includes(user_id));
  return JSON.stringify(answer);
}
