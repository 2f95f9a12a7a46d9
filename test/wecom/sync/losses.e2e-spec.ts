import { until } from '../../until';
import { callbackPath } from '../../../src/wecom/corps/corp';
import { CALLBACKS, Hub } from '../hub';
import { wechatRows } from '../rows';

describe('losses, returns and changes', () => {
  let hub: Hub;

  /** 3 employees, 12 contacts; each employee follows all of them. */
  beforeEach(async () => {
    hub = await Hub.start({}, (corp) => {
      for (const userid of ['ann', 'bob', 'cat']) corp.addEmployee(userid);
      corp.addTagGroup('等级', ['A', 'B']);
      for (let i = 0; i < 12; i++) {
        corp.addContact({ external_userid: `wm${i}`, name: `客户${i}` });
        for (const userid of ['ann', 'bob', 'cat']) corp.follow(userid, `wm${i}`, { createtime: 1_700_000_000 + i });
      }
    });
    expect(await hub.sync()).toMatchObject({ state: 'ok', follows: { new: 36 } });
  });

  afterEach(() => hub?.stop());

  const tagIds = () => hub.corp.tagGroups[0]!.tag.map(({ id }) => id);

  test('a follow that the employee ended is lost, with a history, and returns under its id', async () => {
    const { id } = await hub.follow('ann', 'wm1');
    hub.corp.unfollowByMember('ann', 'wm1');
    expect((await hub.sync()).follows).toMatchObject({ lost: 1, seen: 35 });
    expect(await hub.follow('ann', 'wm1')).toMatchObject({ id, status: -1, lost_by: 'sync' });
    hub.corp.follow('ann', 'wm1');
    expect((await hub.sync()).follows).toMatchObject({ lost: 0, returned: 1, new: 0 });
    expect(await hub.follow('ann', 'wm1')).toMatchObject({ id, status: 1, lost_at: null });
    expect((await hub.ask('history', { id })).data.list).toEqual([
      { event: 'lost', by: 'sync', at: expect.any(String) },
      { event: 'returned', by: 'sync', at: expect.any(String) },
    ]);
  });

  test('a follow that the customer ended is still listed, and stays until an event says so', async () => {
    hub.corp.unfollowByCustomer('ann', 'wm1');
    expect((await hub.sync()).follows).toMatchObject({ lost: 0, changed: 0 });
    expect(await hub.follow('ann', 'wm1')).toMatchObject({ status: 1 });
  });

  test('a list that became empty loses its follows once both lists say so', async () => {
    for (let i = 0; i < 9; i++) hub.corp.unfollowByMember('bob', `wm${i}`);
    for (let i = 9; i < 12; i++) hub.corp.unfollowByMember('bob', `wm${i}`);
    expect(await hub.sync()).toMatchObject({ state: 'held', follows: { lost: 0, would_lose: 12 } });
    expect(await hub.follow('bob', 'wm3')).toMatchObject({ status: 1 });
    expect(await hub.sync({ confirm: 1 })).toMatchObject({ state: 'ok', follows: { lost: 12, would_lose: 0 } });
    expect(await hub.follow('bob', 'wm3')).toMatchObject({ status: -1 });
  });

  test('held: everything else is stored', async () => {
    for (let i = 0; i < 10; i++) hub.corp.unfollowByMember('bob', `wm${i}`);
    hub.corp.relation('ann', 'wm2').follow.remark = '新备注';
    expect(await hub.sync()).toMatchObject({ state: 'held', follows: { changed: 1, lost: 0, would_lose: 10 } });
    expect(await hub.follow('ann', 'wm2')).toMatchObject({ remark: '新备注' });
  });

  test('fewer than ten are lost however large their share is', async () => {
    for (let i = 0; i < 9; i++) hub.corp.unfollowByMember('bob', `wm${i}`);
    expect(await hub.sync()).toMatchObject({ state: 'ok', follows: { lost: 9 } });
  });

  test('each kind of change, and nothing else, is written', async () => {
    const before = await wechatRows(hub.dataSource, hub.tenant);
    Object.assign(hub.corp.relation('ann', 'wm1').follow, {
      remark: '王总😀',
      description: '描述',
      remark_corp_name: '公司',
      remark_mobiles: ['13800000000'],
      add_way: 99,
      state: 'channel',
      tag_id: [...tagIds()],
    });
    hub.corp.contact('wm2').name = '改名';
    Object.assign(hub.corp.employee('cat'), { name: '小猫' });
    hub.corp.renameTag(tagIds()[0]!, 'A+');
    expect((await hub.sync()).follows).toMatchObject({ new: 0, lost: 0, returned: 0 });
    expect(await hub.follow('ann', 'wm1')).toMatchObject({
      remark: '王总😀',
      description: '描述',
      remark_corp_name: '公司',
      remark_mobiles: '["13800000000"]',
      add_way: '99',
      state: 'channel',
      tag_id: tagIds().join(','),
    });
    const after = await wechatRows(hub.dataSource, hub.tenant);
    const changed = (table: string) =>
      after[table]!.filter((row, index) => JSON.stringify(row) !== JSON.stringify(before[table]![index])).length;
    expect([changed('wechat_follow'), changed('wechat_customer')]).toEqual([1, 1]);
    expect([changed('wechat_employee'), changed('wechat_tag')]).toEqual([1, 1]);
    const found = async (search: object) => (await hub.ask('getList', { search })).data.total;
    expect(await found({ customer: '改名' })).toBe(3);
    expect(await found({ tags_data: [tagIds()[1]] })).toBe(1);
    hub.corp.relation('ann', 'wm1').follow.tag_id.reverse();
    expect((await hub.sync()).follows).toMatchObject({ changed: 0 });
  });

  test('a tag that WeCom no longer has is taken off its follows', async () => {
    const [first, second] = tagIds();
    hub.corp.relation('ann', 'wm1').follow.tag_id = [first!, second!];
    await hub.sync();
    hub.corp.deleteTag(first!);
    expect((await hub.sync()).state).toBe('ok');
    expect(await hub.follow('ann', 'wm1')).toMatchObject({ tag_id: second });
  });

  test('a tag that is made during the run is found at once', async () => {
    const { tag } = hub.corp.addTagGroup('新组', ['新']);
    hub.wecom.faults.add({ path: 'externalcontact/get_corp_tag_list', kind: { errcode: -1 }, times: 3 });
    hub.corp.relation('ann', 'wm1').follow.tag_id = [tag[0]!.id];
    await hub.sync();
    const { data } = await hub.ask('getList', { search: { tags_data: [tag[0]!.id] } });
    expect(data.total).toBe(1);
  });

  test('an employee out of the follow list is missing and loses nothing', async () => {
    hub.corp.setFollower('bob', false);
    expect(await hub.sync()).toMatchObject({
      state: 'partial',
      employees: { total: 2, done: 2, failed: 0, missing: 1 },
      follows: { lost: 0 },
      problems: [{ userid: 'bob', errcode: 0 }],
    });
    expect(await hub.follow('bob', 'wm1')).toMatchObject({ status: 1 });
    expect(await hub.sync()).toMatchObject({ state: 'partial', employees: { missing: 1 } });
  });

  test('one that has left the corp is named once; its follows stay, without an employee', async () => {
    hub.corp.removeEmployee('bob');
    expect(await hub.sync()).toMatchObject({ state: 'partial', problems: [{ userid: 'bob', errcode: 60111 }] });
    expect(await hub.sync()).toMatchObject({ state: 'ok', employees: { missing: 0 }, follows: { lost: 0 } });
    const { data } = await hub.ask('getList', { search: { employee_member: 'bob' } });
    expect(data.data[0]).toMatchObject({ userid: 'bob', has_one_employee: null });
  });

  test('what was added while a list was read is not lost', async () => {
    hub.wecom.latencyMs = 300;
    const { data } = await hub.ask('synchBaseData');
    await until(() => hub.wecom.calls.some(({ path }) => path === 'externalcontact/batch/get_by_user'));
    const { uniacid, enterpriseId } = hub.tenant;
    await hub.dataSource.query(
      `INSERT INTO wechat_follow (uniacid, crop_id, userid, external_userid, tag_id, createtime, touched_revision)
       VALUES (?, ?, 'ann', 'wm-of-an-event', '', 1700000000, 1000000)`,
      [uniacid, enterpriseId],
    );
    expect(await hub.ended(data.id)).toMatchObject({ state: 'ok', follows: { lost: 0 } });
    expect(await hub.follow('ann', 'wm-of-an-event')).toMatchObject({ status: 1 });
  });

  test('a customer who left between question and answer is lost, though the follow was not stored yet', async () => {
    hub.corp.addContact({ external_userid: 'wm-new' });
    hub.corp.follow('ann', 'wm-new', { createtime: 1_700_000_100 });
    const list = 'externalcontact/batch/get_by_user';
    const held = hub.wecom.faults.add({ path: list, when: { userid_list: 'ann' }, kind: 'held' });
    const { data } = await hub.ask('synchBaseData');
    await until(() => held.fired === 1);
    hub.corp.unfollowByCustomer('ann', 'wm-new');
    const event = {
      Event: 'change_external_contact',
      ChangeType: 'del_follow_user',
      UserID: 'ann',
      ExternalUserID: 'wm-new',
      CreateTime: 1_790_000_000,
    };
    const url = hub.app.url + callbackPath(hub.tenant);
    await hub.wecom.send(event, { url, ...CALLBACKS, corpId: hub.corp.corpId });
    await until(async () => (await hub.ask('syncStatus')).data.events.applied === 1);
    held.release();
    expect((await hub.ended(data.id)).state).toBe('ok');
    expect(await hub.follow('ann', 'wm-new')).toMatchObject({ status: -1, lost_by: 'customer' });
    expect((await hub.sync()).follows).toMatchObject({ returned: 0, changed: 0 });
    expect(await hub.follow('ann', 'wm-new')).toMatchObject({ status: -1 });
  });

  test('what an event changed while a page was under way stays', async () => {
    const list = 'externalcontact/batch/get_by_user';
    const held = hub.wecom.faults.add({ path: list, when: { userid_list: 'ann' }, kind: 'held' });
    const { data } = await hub.ask('synchBaseData');
    await until(() => held.fired === 1);
    hub.corp.relation('ann', 'wm3').follow.remark = '新备注';
    const event = {
      Event: 'change_external_contact',
      ChangeType: 'edit_external_contact',
      UserID: 'ann',
      ExternalUserID: 'wm3',
    };
    const url = hub.app.url + callbackPath(hub.tenant);
    await hub.wecom.send(event, { url, ...CALLBACKS, corpId: hub.corp.corpId });
    await until(async () => (await hub.follow('ann', 'wm3')).remark === '新备注');
    held.release();
    expect(await hub.ended(data.id)).toMatchObject({ state: 'ok', follows: { changed: 0 } });
    expect(await hub.follow('ann', 'wm3')).toMatchObject({ remark: '新备注' });
  });
});
