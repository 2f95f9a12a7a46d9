import { EnterpriseRight } from '../../src/enterprise/entities/enterprise-right.entity';
import { TestApp } from '../app';
import { runCli } from '../cli';
import { buildEmployee } from '../factories';

/** The commands, next to a running app on the same database. */
describe('enterprise and right', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start();
  });

  afterAll(() => app.stop());

  const run = (command: string) => runCli(app.databaseUrl, command);

  test('a right holds from the next request on until it is revoked or the enterprise is stopped', async () => {
    expect(await run('enterprise add 7 企业七 --uniacid 9')).toMatchObject({ code: 0 });
    expect(await run('right grant guest 7 --identity manager')).toMatchObject({
      code: 0,
      stdout: 'guest may manage enterprise 7 as manager\n',
    });
    expect(await app.row(EnterpriseRight, { enterpriseId: 7 })).toMatchObject({ uniacid: 9, userId: 999, identity: 2 });

    const token = await app.manage(7, 9, 'guest', 'demo-guest');
    const list = () => app.send('/business/9/plugin/WechatCustomers/getList', { token });
    expect((await list()).body.result).toBe(1);

    await run('enterprise stop 7');
    expect((await list()).body.msg).toBe('无权管理该企业');
    await run('enterprise start 7');
    expect((await list()).body.result).toBe(1);

    expect(await run('right revoke guest 7')).toMatchObject({ code: 0 });
    expect((await list()).body.msg).toBe('无权管理该企业');
    expect(await run('right revoke guest 7')).toMatchObject({
      code: 1,
      stderr: 'customer-hub: guest has no right in enterprise 7\n',
    });
  });

  describe('right bind', () => {
    const rightOf = (userId: number) => app.row(EnterpriseRight, { uniacid: 2, enterpriseId: 2, userId });

    /** The userids whose follows the account sees as its own. */
    async function own(username: string, password: string): Promise<string[]> {
      const token = await app.manage(2, 2, username, password);
      const { body } = await app.send('/business/2/plugin/WechatCustomers/myCustomerList', { token });
      expect(body.result).toBe(1);
      return body.data.data.map(({ userid }: { userid: string }) => userid);
    }

    test('an account is an employee until it is unbound or the right revoked; another identity keeps it', async () => {
      await run('right grant guest 2');
      expect(await own('guest', 'demo-guest')).toEqual([]);
      expect(await run('right bind guest 2 SunXinJian')).toEqual({
        ...{ code: 0, stdout: 'guest is SunXinJian in enterprise 2\n', stderr: '' },
      });
      expect(await rightOf(999)).toMatchObject({ identity: 1, userid: 'SunXinJian' });
      expect(await own('guest', 'demo-guest')).toEqual(['SunXinJian', 'SunXinJian', 'SunXinJian']);

      expect(await run('right grant guest 2 --identity creator')).toMatchObject({ code: 0 });
      expect(await rightOf(999)).toMatchObject({ identity: 3, userid: 'SunXinJian' });

      expect(await run('right unbind guest 2')).toMatchObject({
        ...{ code: 0, stdout: 'guest is no employee in enterprise 2 any more\n' },
      });
      expect(await rightOf(999)).toMatchObject({ identity: 3, userid: '' });
      expect(await own('guest', 'demo-guest')).toEqual([]);
      expect(await run('right unbind guest 2')).toMatchObject({ code: 0 });

      await run('right bind guest 2 SunXinJian');
      await run('right revoke guest 2');
      await run('right grant guest 2');
      expect(await rightOf(999)).toMatchObject({ identity: 1, userid: '' });
    });

    test('an employee of another enterprise, a deleted one and another case are unknown', async () => {
      const { userid } = await buildEmployee(app.dataSource, { enterpriseId: 1, userid: 'OnlyInOne' });
      await buildEmployee(app.dataSource, { enterpriseId: 2, userid: 'Left', deletedAt: '2024-01-02 03:04:05' });
      for (const unknown of [userid, 'Left', 'sunxinjian', 'SunXinJian ', 'x'.repeat(65)]) {
        expect(await run(`right bind admin 2 '${unknown}'`)).toEqual({
          ...{ code: 1, stdout: '', stderr: `customer-hub: enterprise 2 has no employee ${unknown}\n` },
        });
      }
      expect(await rightOf(1000)).toMatchObject({ userid: '' });
    });
  });

  test('right list shows every right, by official account, enterprise and name', async () => {
    const { code, stdout } = await run('right list');
    expect(code).toBe(0);
    const cells = (line: string) => line.split('│').map((cell) => cell.trim().replaceAll("'", ''));
    const table = stdout.split('\n').flatMap((line) => (line.includes('│') ? [cells(line).slice(2, -1)] : []));
    expect(table[0]).toEqual(['username', 'uniacid', 'enterprise', 'identity', 'userid']);
    expect(table.slice(1, 3)).toEqual([
      ['admin', '2', '1', 'manager', 'SunXinJian'],
      ['demo', '2', '1', 'staff', 'XiaoLiangZi'],
    ]);
    expect(table).toContainEqual(['admin', '2', '2', 'manager', '']);
    expect(table).toHaveLength(1 + (await app.dataSource.getRepository(EnterpriseRight).count()));
  });

  test('granting again changes the identity', async () => {
    expect(await run('right grant demo 2')).toMatchObject({ code: 0 });
    expect(await run('right grant demo 2 --identity creator')).toMatchObject({ code: 0 });
    const rights = await app.dataSource.getRepository(EnterpriseRight).findBy({ enterpriseId: 2, userId: 998 });
    expect(rights).toMatchObject([{ uniacid: 2, identity: 3 }]);
  });

  test.each([
    ['enterprise add 1 again --uniacid 2', 'enterprise 1 exists'],
    ['enterprise stop 404', 'there is no enterprise 404'],
    ['right grant demo 404', 'there is no enterprise 404'],
    ['right grant stranger 1', 'no account is called stranger'],
    ['right grant demo one', 'a whole number is needed'],
    ['right bind stranger 2 SunXinJian', 'no account is called stranger'],
    ['right bind demo 404 SunXinJian', 'there is no enterprise 404'],
    ['right bind demo 2 WangWu', 'enterprise 2 has no employee WangWu'],
    ['right bind guest 1 SunXinJian', 'guest has no right in enterprise 1'],
    ['right bind demo one SunXinJian', 'a whole number is needed'],
    ['right unbind guest 1', 'guest has no right in enterprise 1'],
    ['right unbind stranger 1', 'no account is called stranger'],
  ])('%s is refused in one line', async (command, reason) => {
    expect(await run(command)).toEqual({ code: 1, stdout: '', stderr: `customer-hub: ${reason}\n` });
  });
});
