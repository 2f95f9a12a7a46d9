import { runCli } from '../cli';
import { buildEnterprise, buildRight } from '../factories';
import { Moving, PASSWORD } from './moved';

describe('an enterprise that has another number here', () => {
  let moving: Moving;

  beforeAll(async () => {
    moving = await Moving.start(120);
    await buildEnterprise(moving.app.dataSource, { id: 7, uniacid: 2 });
    await buildRight(moving.app.dataSource, { userId: 1000, enterpriseId: 7 });
  });
  afterAll(() => moving.stop());

  test('is imported into and compared under that number', async () => {
    expect(await moving.import('wechat', '--apply --into 7')).toMatchObject({
      code: 0,
      reports: { follows: { new: 120, refused: 0 }, employees: { refused: 0 }, tags: { refused: 0 } },
    });
    const rows = await moving.app.dataSource.query('SELECT DISTINCT crop_id AS id FROM wechat_follow');
    expect(rows.map((row: any) => Number(row.id))).toEqual([7]);
    const { code, found } = await moving.compare('wechat', '--into 7 --random 40');
    expect([code, found.differences]).toEqual([0, []]);
  });

  test('what differs is told to people, by kind with an example, and fields can be left out', async () => {
    await moving.app.dataSource.query(`UPDATE wechat_employee SET name = '新名' WHERE business_id = 7 AND id = 301`);
    await moving.app.dataSource.query('UPDATE enterprise SET lists_revision = lists_revision + 1 WHERE id = 7');
    const words = `compare wechat --with ${moving.original.url} --against ${moving.app.url} --username admin --rate 10000`;
    const enterprise = '--uniacid 2 --business 1 --into 7 --random 0';
    const { code, stdout } = await runCli(moving.app.databaseUrl, `${words} ${enterprise}`, `${PASSWORD}\n${PASSWORD}`);
    expect(code).toBe(3);
    expect(stdout).toMatch(/^\d+ answers compared, \d+ of them differ\n\n/);
    expect(stdout).toContain('field differs: employee.name (1 row, in ');
    expect(stdout).toContain('field differs: follow.has_one_employee.name (');
    expect(stdout).toMatch(
      / {2}asked {2}POST plugin\/WechatCustomers\/getList \{.*\}\n {2}row {4}.*\n {2}theirs ".*"\n {2}ours {3}"新名"/,
    );
    const without = await moving.compare('wechat', '--into 7 --random 0 --ignore name');
    expect([without.code, without.found.equal]).toEqual([0, true]);
  });

  test('has no rows of the enterprise that has our number there', async () => {
    Object.assign(moving.original.wechat.data.follows[0]!, { crop_id: 7 });
    const { code, reports } = await moving.import('wechat', '--dry-run --into 7');
    expect([code, reports.follows]).toMatchObject([3, { equal: 119, refused: 1 }]);
    expect(reports.follows.reasons).toEqual({ 'is of another enterprise': 1 });
  });
});
