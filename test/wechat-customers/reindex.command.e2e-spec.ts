import { Follow } from '../../src/wechat-customers/entities/follow.entity';
import { hasUnindexedFollows } from '../../src/wechat-customers/search-index/rebuild';
import { TestApp } from '../app';
import { runCli } from '../cli';
import { buildEnterprise, buildFollow, buildRight, buildTag, buildUser } from '../factories';

/** The command, while an app runs on the same database. */
describe('reindex', () => {
  const tenant = { uniacid: 7, enterpriseId: 70 };
  let app: TestApp;
  let token: string;

  beforeAll(async () => {
    app = await TestApp.start({ demo: false });
    const { userId, username } = await buildUser(app.dataSource);
    await buildEnterprise(app.dataSource, { id: 70, uniacid: 7 });
    await buildRight(app.dataSource, { ...tenant, userId });
    token = await app.manage(70, 7, username, 'password');
  });

  afterAll(() => app.stop());

  const reindex = () => runCli(app.databaseUrl, 'reindex');

  test('rows changed by SQL are found by their new values, not by the old', async () => {
    const tag = await buildTag(app.dataSource, tenant);
    const { id } = await buildFollow(app.dataSource, { ...tenant, remark: '旧备注', status: 1 });
    const path = '/business/7/plugin/WechatCustomers/getList';
    const found = async (search: object) => (await app.send(path, { json: { search }, token })).body.data.count;
    expect(await found({ remark: '旧' })).toBe(1);
    const changes = "remark = '新备注', status = -1, tag_id = ?";
    await app.dataSource.query(`UPDATE wechat_follow SET ${changes} WHERE id = ?`, [tag.tagId, id]);
    expect(await reindex()).toEqual({ code: 0, stdout: '1 follows indexed\n', stderr: '' });
    expect(await found({ remark: '旧' })).toBe(0);
    expect(await found({ remark: '新备' })).toBe(1);
    expect(await found({ status: 1 })).toBe(0);
    expect(await found({ status: -1, tags_data: tag.tagId })).toBe(1);
  });

  test('a start can tell when it is needed', async () => {
    const { id } = await buildFollow(app.dataSource, tenant);
    expect(await hasUnindexedFollows(app.dataSource.manager)).toBe(false);
    await app.dataSource.query('UPDATE wechat_follow SET id = id + 1, customer_pk = NULL WHERE id = ?', [id]);
    expect(await hasUnindexedFollows(app.dataSource.manager)).toBe(true);
    await reindex();
    expect(await hasUnindexedFollows(app.dataSource.manager)).toBe(false);
    expect(await app.row(Follow, { id: id + 1 })).toMatchObject({ customerPk: expect.any(Number), customerUid: 0 });
  });
});
