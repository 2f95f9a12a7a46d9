import { TestApp } from '../app';
import { toPostman } from './postman';

/** What an integrator does who imports the document into Postman and runs the collection from its first request. */
test('a Postman collection made of the document passes in its own order', async () => {
  const app = await TestApp.start();
  const requests = await toPostman((await app.send('/docs-json', { method: 'GET' })).body as object);
  const refused: string[] = [];
  let token: string | undefined;
  for (const { name, method, target, needsToken, type = '', body } of requests) {
    const raw = body === undefined ? undefined : { body, type };
    const answer = await app.send(target, { method, raw, token: needsToken ? token : undefined }); // checked with the document
    expect([name, answer.status]).toEqual([name, 200]);
    if (target === '/api/login') token = answer.body.result.token;
    if ((answer.body.code ?? answer.body.result) !== (target.startsWith('/api') ? 200 : 1))
      refused.push(target.split('?')[0]!);
  }
  await app.stop();
  expect(requests[0]!.target).toBe('/api/login');
  expect(requests.at(-1)!.target).toBe('/api/logout');
  expect([...new Set(refused)].sort()).toEqual([
    // These need a ticket of one's own, or WeCom.
    '/api/check_ticket',
    '/api/refresh_token',
    '/business/2/plugin/WechatCustomers/markTag',
    '/business/2/plugin/WechatCustomers/remark',
    '/business/2/plugin/WechatCustomers/synchBaseData',
    '/business/2/plugin/WechatCustomers/synchMemberBaseData',
  ]);
});
