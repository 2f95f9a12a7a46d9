import { EnterpriseRight } from '../../src/enterprise/entities/enterprise-right.entity';
import { TestApp } from '../app';
import { runCli } from '../cli';

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
  ])('%s is refused in one line', async (command, reason) => {
    expect(await run(command)).toEqual({ code: 1, stdout: '', stderr: `customer-hub: ${reason}\n` });
  });
});
