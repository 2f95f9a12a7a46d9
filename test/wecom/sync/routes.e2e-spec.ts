import { TestApp } from '../../app';
import { Hub } from '../hub';

describe('the routes of the sync', () => {
  let hub: Hub;

  beforeAll(async () => {
    hub = await Hub.start({}, (corp) => corp.fill(1, { employees: 2, contacts: 10, follows: 12, tags: 2 }));
  });

  afterAll(() => hub?.stop());

  test('before the first run', async () => {
    expect(await hub.ask('syncStatus')).toEqual({
      result: 1,
      msg: 'ok',
      data: {
        run: null,
        events: { pending: 0, dead: 0, applied: 0, ignored: 0, duplicate: 0, last_at: null },
      },
    });
  });

  test.each([2, 3, 4, 5])('identity %d starts a run, and everybody joins it', async (identity) => {
    hub.wecom.latencyMs = 200;
    const token = await hub.member(identity);
    const answers = await Promise.all([1, 2, 3, 4].map(() => hub.ask('synchBaseData', {}, token)));
    expect(answers.map(({ result, msg }) => [result, msg]).sort()).toEqual([
      [1, '同步已开始'],
      [1, '同步正在进行'],
      [1, '同步正在进行'],
      [1, '同步正在进行'],
    ]);
    expect(new Set(answers.map(({ data }) => data.id)).size).toBe(1);
    expect(answers[0].data).toMatchObject({ state: 'running', ended_at: null });
    hub.wecom.latencyMs = 0;
    expect((await hub.ended(answers[0].data.id)).state).toBe('ok');
  });

  test('staff may look but not start', async () => {
    const token = await hub.member(1);
    const refused = { result: 0, msg: '无权管理该企业', data: [] };
    expect(await hub.ask('synchBaseData', {}, token)).toEqual(refused);
    expect(await hub.ask('synchMemberBaseData', {}, token)).toEqual(refused);
    expect((await hub.ask('syncStatus', {}, token)).data.run.state).toBe('ok');
  });

  test('members are not synced', async () => {
    expect(await hub.ask('synchMemberBaseData')).toEqual({ result: 0, msg: '会员同步未启用', data: [] });
  });

  test.each([2, 'yes', -1, [1], { a: 1 }])('confirm %j is refused', async (confirm) => {
    const { result, msg } = await hub.ask('synchBaseData', { confirm });
    expect([result, msg]).toEqual([0, '参数错误：confirm 必须是 0 或 1']);
  });

  test('another enterprise’s runs are not shown', async () => {
    const other = await hub.another();
    expect((await other.ask('syncStatus')).data.run).toBeNull();
  });
});

test('without credentials', async () => {
  const app = await TestApp.start();
  const token = await app.manage(1);
  const { body } = await app.send('/business/2/plugin/WechatCustomers/synchBaseData', { json: {}, token });
  expect(body).toEqual({ result: 0, msg: '企业未配置企业微信', data: [] });
  await app.stop();
});
