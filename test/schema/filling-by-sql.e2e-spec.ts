import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rebuildFollowIndex } from '../../src/wechat-customers/search-index/rebuild';
import { TestApp } from '../app';
import { buildEnterprise, buildRight, buildUser } from '../factories';
import { call } from '../mix';

/** The statements of a section of a page. */
function statementsOf(file: string, heading: string): string[] {
  const page = readFileSync(join(__dirname, '../../docs', file), 'utf8');
  const section = page.split(`\n## ${heading}\n`)[1]!.split('\n## ')[0]!;
  const blocks = [...section.matchAll(/```sql\n([^`]+)```/g)].map(([, sql]) => sql!);
  return blocks.join('').trim().split('\n');
}

/** The page says which columns a row needs: its statements are run, and read through the API. */
describe.each([
  ['databases.md', 'The tables of both families'],
  ['databases.zh-CN.md', '两套接口的表'],
])('filling by SQL as %s says', (file, heading) => {
  let app: TestApp;
  let token: string;

  beforeAll(async () => {
    app = await TestApp.start({
      fill: async (dataSource) => {
        await buildUser(dataSource, { userId: 7000, username: 'owner' });
        await buildEnterprise(dataSource, { id: 700 });
        await buildRight(dataSource, { enterpriseId: 700, userId: 7000 });
        const statements = statementsOf(file, heading);
        expect(statements).toHaveLength(6);
        for (const statement of statements) await dataSource.query(statement);
        await rebuildFollowIndex(dataSource.manager);
      },
    });
    token = await app.manage(700, 2, 'owner', 'password');
  });

  afterAll(() => app.stop());

  test('the relation and its customer are there', async () => {
    const relations = await call(app, 'user_customer/get_list', {}, token);
    expect(relations.result.data).toEqual([
      {
        user_id: 7000,
        customer_id: 7001,
        template: null,
        script: null,
        reference: 'R-1',
        created: '2018-11-28 10:40:31',
        is_available: 1,
        boss_sync: 0,
      },
    ]);
    const customers = await call(app, 'customer/get_list', {}, token);
    expect(customers.result.data).toMatchObject([{ customer_id: 7001, customer_name: '示例客户', exp_id: '' }]);
  });

  test.each<[string, object]>([
    ['all', {}],
    ['the name', { customer: '小明' }],
    ['the external_userid', { customer: 'wmA1' }],
    ['the tag', { tags_data: 'etA' }],
    ['the employee, the type and the time', { employee_member: 'LiLei', type: 1, time: [1_700_000_000, ''] }],
  ])('the follow is found by %s', async (_what, search) => {
    const { body } = await app.send('/business/2/plugin/WechatCustomers/getList', { json: { search }, token });
    expect(body.data.total).toBe(1);
    expect(body.data.data).toMatchObject([
      {
        userid: 'LiLei',
        tag_name: '意向客户',
        has_one_customer: { name: '王小明' },
        has_one_employee: { name: '李雷' },
      },
    ]);
  });
});
