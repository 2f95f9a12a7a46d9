import { Session } from '../../src/auth/entities/session.entity';
import { User } from '../../src/auth/entities/user.entity';
import { EnterpriseRight } from '../../src/enterprise/entities/enterprise-right.entity';
import { UserCustomerAudit } from '../../src/user-customer/audit/user-customer-audit.entity';
import { Customer } from '../../src/user-customer/entities/customer.entity';
import { Follow } from '../../src/wechat-customers/entities/follow.entity';
import { hasUnindexedFollows } from '../../src/wechat-customers/search-index/rebuild';
import { TestApp } from '../app';
import { runCli } from '../cli';
import { buildFollow, buildTag } from '../factories';

/** Beside a running app on the same database. */
describe('the command line', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ demo: false });
  });

  afterAll(() => app.stop());

  const run = (command: string, input?: string) => runCli(app.databaseUrl, command, input);
  const login = (username: string, password: string) => app.send('/api/login', { json: { username, password } });

  test('creates an account that can sign in, with the password from standard input', async () => {
    expect(await run('account add boss --super --id 500', 'correct horse\n')).toMatchObject({
      code: 0,
      stdout: 'user_id 500\n',
    });
    expect(await app.row(User, { userId: 500 })).toMatchObject({ username: 'boss', isSuper: 1, isAvailable: 1 });
    expect((await login('boss', 'correct horse')).body).toMatchObject({ mix_code: 130002, result: { is_super: 1 } });
  });

  test('refuses a name that exists and a short password, in one line', async () => {
    expect(await run('account add boss', 'correct horse')).toMatchObject({
      code: 1,
      stderr: 'customer-hub: user name boss exists\n',
    });
    expect(await run('account add other --id 500', 'correct horse')).toMatchObject({
      code: 1,
      stderr: 'customer-hub: user id 500 exists\n',
    });
    expect(await run('account add other', 'short')).toMatchObject({
      code: 1,
      stderr: 'customer-hub: a password has at least 8 characters\n',
    });
    expect(await app.row(User, { username: 'other' })).toBeNull();
  });

  test('a new password ends all sessions', async () => {
    await login('boss', 'correct horse');
    expect(await run('account password boss', 'battery staple')).toMatchObject({ code: 0 });
    expect(await app.dataSource.manager.countBy(Session, { userId: 500 })).toBe(0);
    expect((await login('boss', 'correct horse')).body.msg).toBe('用户名或密码错误');
    expect((await login('boss', 'battery staple')).body.mix_code).toBe(130002);
  });

  test('a new password lets in again whoever guessed too often', async () => {
    for (let n = 0; n < 10; n++) await login('boss', `wrong ${n}`);
    expect((await login('boss', 'battery staple')).body.msg).toBe('密码错误次数过多，请15分钟后重试');
    expect(await run('account password boss', 'battery staple')).toMatchObject({ code: 0 });
    expect((await login('boss', 'battery staple')).body.mix_code).toBe(130002);
  });

  test('exports the audit log between two times, and refuses what is no time', async () => {
    expect(await run('audit --from 2026-11-22 --to 2026-11-22')).toMatchObject({ code: 0, stdout: '' });
    for (const time of ['yesterday', '2026-13-45', '22/11/2026', '2026-11-22T16:00:00Z']) {
      const { code, stderr } = await run(`audit --from ${time}`);
      expect([code, stderr]).toEqual([1, expect.stringContaining('a day or a time is needed')]);
    }
  });

  test('deletes the audit log before a day, and nothing else', async () => {
    const row = { actorId: 500, action: 'add', userId: 998, customerId: 1, fields: 'reference' };
    const at = ['2025-12-31 23:59:59', '2026-01-01 00:00:00', '2025-01-01 12:00:00'];
    await app.dataSource
      .getRepository(UserCustomerAudit)
      .insert([
        ...at.map((time) => ({ ...row, at: time })),
        ...Array.from({ length: 1100 }, () => ({ ...row, at: '2024-06-01 08:00:00' })),
      ]);
    expect(await run('prune-audit soon')).toMatchObject({ code: 1, stdout: '' });
    expect(await run('prune-audit 2026-01-01')).toEqual({ code: 0, stdout: '1102 changes deleted\n', stderr: '' });
    const left = await app.dataSource.getRepository(UserCustomerAudit).find();
    expect(left.map((change) => change.at)).toEqual(['2026-01-01 00:00:00']);
  });

  test('grants a right, which holds from the next request on, and takes it away', async () => {
    const token = (await login('boss', 'battery staple')).body.result.token;
    await run('enterprise add 7 企业七 --uniacid 9');
    expect(await run('right grant boss 7 --identity manager')).toMatchObject({
      code: 0,
      stdout: 'boss may manage enterprise 7 as manager\n',
    });
    expect(await app.row(EnterpriseRight, { enterpriseId: 7 })).toMatchObject({ uniacid: 9, userId: 500, identity: 2 });

    await app.send('/business/9/admin/manageBusiness', { json: { id: 7 }, token });
    const list = () => app.send('/business/9/plugin/WechatCustomers/getList', { token });
    expect((await list()).body.result).toBe(1);

    await run('enterprise stop 7');
    expect((await list()).body.msg).toBe('无权管理该企业');
    await run('enterprise start 7');
    expect((await list()).body.result).toBe(1);

    expect(await run('right revoke boss 7')).toMatchObject({ code: 0 });
    expect((await list()).body.msg).toBe('无权管理该企业');
    expect(await run('right revoke boss 7')).toMatchObject({
      code: 1,
      stderr: 'customer-hub: boss has no right in enterprise 7\n',
    });
  });

  test('sets the code of a customer without showing it', async () => {
    const { code, stdout } = await run('customer 1001 --name 示例', '5JHC\n');
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'customer 1001 has this code now\n' });
    expect(await app.row(Customer, { customerId: 1001 })).toMatchObject({ name: '示例', secret: '5JHC' });
  });

  test('closes an account: its sessions end and it cannot sign in', async () => {
    const token = (await login('boss', 'battery staple')).body.result.token;
    expect(await run('account change boss --no-open')).toMatchObject({ code: 0 });
    expect((await login('boss', 'battery staple')).body.msg).toBe('用户名或密码错误');
    await new Promise((resolve) => setTimeout(resolve, 1000)); // what the contract of revocation allows
    expect((await app.send('/api/user', { token })).body.mix_code).toBe(230014);
  });

  test('demo data goes only into a database without accounts', async () => {
    expect(await run('demo')).toMatchObject({
      code: 1,
      stderr: 'customer-hub: demo data goes only into a database without accounts\n',
    });
  });

  test('reindex: what was changed by SQL is found, and no longer as it was', async () => {
    await run('account add operator --super', 'correct horse');
    await run('enterprise add 70 企业 --uniacid 7');
    await run('right grant operator 70');
    const token = await app.manage(70, 7, 'operator', 'correct horse');
    const tenant = { uniacid: 7, enterpriseId: 70 };
    const tag = await buildTag(app.dataSource, tenant);
    const { id } = await buildFollow(app.dataSource, { ...tenant, remark: '旧备注', status: 1 });
    const path = '/business/7/plugin/WechatCustomers/getList';
    const found = async (search: object) => (await app.send(path, { json: { search }, token })).body.data.count;
    expect(await found({ remark: '旧' })).toBe(1);
    const changes = "remark = '新备注', status = -1, tag_id = ?";
    await app.dataSource.query(`UPDATE wechat_follow SET ${changes} WHERE id = ?`, [tag.tagId, id]);
    expect(await run('reindex')).toMatchObject({ code: 0, stdout: '1 relations indexed\n', stderr: '' });
    expect(await found({ remark: '旧' })).toBe(0);
    expect(await found({ remark: '新备' })).toBe(1);
    expect(await found({ status: 1 })).toBe(0);
    expect(await found({ status: -1, tags_data: tag.tagId })).toBe(1);
  });

  test('reindex: a start says when it is needed', async () => {
    const { id } = await buildFollow(app.dataSource, { uniacid: 7, enterpriseId: 70 });
    expect(await hasUnindexedFollows(app.dataSource.manager)).toBe(false);
    await app.dataSource.query('UPDATE wechat_follow SET id = id + 1, customer_pk = NULL WHERE id = ?', [id]);
    expect(await hasUnindexedFollows(app.dataSource.manager)).toBe(true);
    await run('reindex');
    expect(await hasUnindexedFollows(app.dataSource.manager)).toBe(false);
    expect(await app.row(Follow, { id: id + 1 })).toMatchObject({ customerPk: expect.any(Number), customerUid: 0 });
  });
});
