import { Enterprise } from '../../../src/enterprise/entities/enterprise.entity';
import { Follow } from '../../../src/wechat-customers/entities/follow.entity';
import { callbackPath } from '../../../src/wecom/corps/corp';
import { Intent } from '../../../src/wecom/write-back/intent.entity';
import { happened } from '../../audit/exported';
import { until } from '../../until';
import { CALLBACKS, Hub } from '../hub';
import { callsOf, expectAgreement, idOf, intents, people, settled, synced, tagsOf } from './world';

const REMARK = 'externalcontact/remark';
const TAG = 'externalcontact/mark_tag';
const GET = 'externalcontact/get';

const DONE = { result: 1, msg: '成功' };

describe('writes that fail', () => {
  let first: Hub;
  /** Of one test: an enterprise with a corp of its own. */
  let hub: Hub;
  let id: number;
  let lastCorp = 0;

  beforeAll(async () => (first = await Hub.start({ WECOM_TIMEOUT_MS: '500' })));

  beforeEach(async () => {
    const corp = first.wecom.world.addCorp(`wwtest${++lastCorp}`, { secret: `secret-of-corp-${lastCorp}` });
    people(corp);
    hub = await first.another(corp);
    await synced(hub);
    id = await idOf(hub, 'wm1');
  });

  afterEach(async () => {
    first.wecom.faults.clear();
    await first.dataSource.getRepository(Intent).clear();
  });

  afterAll(() => first?.stop());

  const item = async (route: string, json: object) => (await hub.ask(route, { id, ...json })).data.items[0];
  const calledFor = (external_userid: string, path: Parameters<typeof callsOf>[1]) =>
    callsOf(hub, path).filter((params) => params.external_userid === external_userid).length;
  const entries = async () => (await happened(hub.app, { kind: 'follow', enterprise: hub.tenant.enterpriseId })).length;

  test('a refusal: nothing changes, nothing is left', async () => {
    const codes: [number, string][] = [
      [48002, '企业微信返回 48002：应用没有客户联系权限'],
      [84061, '企业微信返回 84061：与该外部联系人没有客户关系'],
      [40096, '企业微信返回 40096：外部联系人 ID 无效，或跟进成员不在应用可见范围内'],
      [99999, '企业微信返回 99999'],
    ];
    for (const [errcode, msg] of codes) {
      hub.wecom.resetCounts();
      const { remove } = hub.wecom.faults.add({ path: 'externalcontact/*', kind: { errcode }, times: 'always' });
      expect(await item('remark', { remark: '新' })).toEqual({ id, result: 0, msg });
      expect(await item('markTag', { add_tag: tagsOf(hub)[1] })).toEqual({ id, result: 0, msg });
      expect(hub.wecom.calls.map(({ path }) => path)).toEqual([REMARK, TAG]);
      remove();
    }
    expect(await entries()).toBe(0);
    await expectAgreement(hub);
  });

  test('a refusal of one item is no refusal of others', async () => {
    const second = await idOf(hub, 'wm2');
    hub.wecom.faults.add({ path: REMARK, when: { external_userid: 'wm1' }, kind: { errcode: 60111 } });
    const { data } = await hub.ask('remark', { id: [id, second], remark: '新' });
    expect(data.items).toEqual([
      { id, result: 0, msg: '企业微信返回 60111：成员不存在或不在应用可见范围内' },
      { id: second, ...DONE },
    ]);
    await expectAgreement(hub);
  });

  test('a code that passes but lasts is a refusal', async () => {
    hub.wecom.faults.add({ path: REMARK, kind: { errcode: -1 }, times: 3 });
    expect(await item('remark', { remark: '新' })).toEqual({ id, result: 0, msg: '企业微信返回 -1：系统繁忙' });
    expect(callsOf(hub, 'get')).toEqual([]);
    await expectAgreement(hub);
  });

  test('the frequency limit is waited for', async () => {
    hub.wecom.faults.add({ path: TAG, kind: { errcode: 45009, forMs: 300 } });
    expect(await item('markTag', { add_tag: tagsOf(hub)[1] })).toEqual({ id, ...DONE });
    await expectAgreement(hub);
  });

  test('a wrong secret is no unknown outcome', async () => {
    hub.corp.apps[0]!.secret = 'another';
    hub.wecom.tokens.revoke(hub.corp.corpId);
    const { result, msg } = await item('remark', { remark: '新' });
    expect([result, msg]).toEqual([0, '企业微信返回 40001：Secret 不正确、已重置或应用已停用']);
    await expectAgreement(hub);
  });

  test('one try without a whole answer is repeated', async () => {
    for (const kind of ['lost answer', 'truncated', 'cut'] as const) {
      hub.wecom.resetCounts();
      hub.wecom.faults.add({ path: 'externalcontact/*', kind });
      expect(await item('remark', { remark: kind })).toEqual({ id, ...DONE });
      expect(callsOf(hub, 'remark')).toHaveLength(2);
      await expectAgreement(hub);
    }
  });

  test('no whole answer in any try: WeCom is asked, and has it', async () => {
    const kinds = { wm1: 'lost answer', wm2: { slowMs: 900 } } as const;
    for (const [external_userid, kind] of Object.entries(kinds)) {
      hub.wecom.faults.add({ path: REMARK, when: { external_userid }, kind, times: 3 });
    }
    const ids = [id, await idOf(hub, 'wm2')];
    const { data } = await hub.ask('remark', { id: ids, remark: '新', remark_mobiles: [] });
    expect(data.items).toEqual(ids.map((each) => ({ id: each, ...DONE })));
    for (const external_userid of Object.keys(kinds)) {
      expect([calledFor(external_userid, 'remark'), calledFor(external_userid, 'get')]).toEqual([3, 1]);
    }
    expect(await entries()).toBe(2);
    await expectAgreement(hub);
  });

  test('no answer in any try: WeCom has it not, and gets it', async () => {
    const kinds = {
      wm1: 'reset',
      wm2: 'hang',
      wm3: { status: 502 },
      wm4: { status: 403, body: '{"errcode":0}' },
    } as const;
    for (const [external_userid, kind] of Object.entries(kinds)) {
      hub.wecom.faults.add({ path: TAG, when: { external_userid }, kind, times: 3 });
    }
    const [a, b] = tagsOf(hub);
    const ids = await Promise.all(Object.keys(kinds).map((external_userid) => idOf(hub, external_userid)));
    const { data } = await hub.ask('markTag', { id: ids, add_tag: b, remove_tag: a });
    expect(data.items).toEqual(ids.map((each) => ({ id: each, ...DONE })));
    for (const external_userid of Object.keys(kinds)) {
      expect([calledFor(external_userid, 'mark_tag'), calledFor(external_userid, 'get')]).toEqual([4, 1]);
      expect(await hub.follow('ann', external_userid)).toMatchObject({ tag_id: b });
    }
    await expectAgreement(hub);
  });

  test('an answer that was lost, and then a refusal: WeCom has it', async () => {
    hub.wecom.faults.add({ path: REMARK, kind: 'lost answer' });
    hub.wecom.faults.add({ path: REMARK, kind: { errcode: 48002 }, afterCalls: 1 });
    expect(await item('remark', { remark: '新' })).toEqual({ id, ...DONE });
    await expectAgreement(hub);
  });

  test('WeCom says nothing at all: settled later, whether it was done before or not', async () => {
    const kinds = { wm1: 'lost answer', wm2: 'reset' } as const;
    for (const [external_userid, kind] of Object.entries(kinds)) {
      hub.wecom.faults.add({ path: REMARK, when: { external_userid }, kind, times: 'always' });
    }
    const silent = Object.keys(kinds).map((external_userid) =>
      hub.wecom.faults.add({ path: GET, when: { external_userid }, times: 'always', kind: 'reset' }),
    );
    const { data } = await hub.ask('remark', { id: [id, await idOf(hub, 'wm2')], remark: '新' });
    const msg = expect.stringMatching(/^企业微信暂时无法访问：.*，结果待核对，稍后自动更新$/);
    expect(data.items).toMatchObject([
      { result: 0, msg },
      { result: 0, msg },
    ]);
    expect(await intents(hub)).toHaveLength(2);
    expect(await hub.follow('ann', 'wm1')).toMatchObject({ remark: '备注1' });
    await until(() => silent.every(({ fired }) => fired >= 6)); // the settler has tried, and failed
    hub.wecom.faults.clear();
    await settled(hub);
    for (const external_userid of Object.keys(kinds)) {
      expect(await hub.follow('ann', external_userid)).toMatchObject({ remark: '新' });
    }
    expect(await entries()).toBe(2);
    await expectAgreement(hub);
  });

  test.each([
    ['the last one', []],
    ['an earlier one', [['a', 'b']]],
  ])('a cursor that comes again, %s: settled later, the request has its answer', async (_which, steps) => {
    hub.wecom.faults.add({ path: REMARK, kind: 'lost answer', times: 3 });
    for (const [cursor, next_cursor] of [...steps, [undefined, 'a']]) {
      const page = { errcode: 0, external_contact: { external_userid: 'wm1' }, follow_user: [], next_cursor };
      const kind = { status: 200, body: JSON.stringify(page) };
      hub.wecom.faults.add({ path: GET, when: cursor ? { cursor } : undefined, kind, times: 'always' });
    }
    const msg = '企业微信暂时无法访问：游标重复，结果待核对，稍后自动更新';
    expect(await item('remark', { remark: '新' })).toEqual({ id, result: 0, msg });
    expect(await intents(hub)).toHaveLength(1);
    expect(callsOf(hub, 'get').length).toBeLessThan(20); // its own, and those of a settler
    hub.wecom.faults.clear();
    await settled(hub);
    expect(await hub.follow('ann', 'wm1')).toMatchObject({ remark: '新' });
    expect(await entries()).toBe(1);
    await expectAgreement(hub);
  });

  test('what was left is settled before the next write of the follow', async () => {
    hub.wecom.faults.add({ path: 'externalcontact/*', times: 6, kind: 'reset' });
    expect(await item('remark', { remark: '一', description: '一' })).toMatchObject({ result: 0 });
    expect(await item('remark', { remark: '二' })).toEqual({ id, ...DONE });
    expect(await hub.follow('ann', 'wm1')).toMatchObject({ remark: '二', description: '一' });
    await expectAgreement(hub);
  });

  test('an employee changed it in WeCom meanwhile: the row has what WeCom has', async () => {
    const { follow } = hub.corp.relation('ann', 'wm1');
    hub.wecom.faults.add({ path: REMARK, kind: 'lost answer', times: 3 });
    const change = () => {
      follow.remark = '成员改的';
      return false;
    };
    hub.wecom.faults.add({ path: GET, kind: 'reset', when: change });
    expect(await item('remark', { remark: '新' })).toEqual({
      ...{ id, result: 0 },
      msg: '该客户已在企业微信中被修改，请刷新后重试',
    });
    expect(await hub.follow('ann', 'wm1')).toMatchObject({ remark: '成员改的' });
    expect(await entries()).toBe(0);
    await expectAgreement(hub);
  });

  test('the pair is no longer in WeCom', async () => {
    hub.wecom.faults.add({ path: REMARK, kind: 'reset', times: 3 });
    hub.corp.unfollowByMember('ann', 'wm1');
    expect(await item('remark', { remark: '新' })).toEqual({ id, result: 0, msg: '企业微信中没有该客户关系' });
    expect(await intents(hub)).toEqual([]);
    expect(await hub.follow('ann', 'wm1')).toMatchObject({ remark: '备注1' });
  });

  test('what a dead process left is settled, whether WeCom has it or not', async () => {
    const [second, third] = [await idOf(hub, 'wm2'), await idOf(hub, 'wm3')];
    const [, b] = tagsOf(hub);
    hub.corp.relation('ann', 'wm1').follow.remark = '新';
    const common = { ...hub.tenant, actorId: 1, actor: 'somebody', leaseOwner: 'dead', leaseUntil: 0, tries: 0 };
    const remark = { texts: { remark: { old: '备注1', new: '新' } } };
    const left = [
      { followId: id, changes: JSON.stringify(remark) },
      { followId: second, changes: JSON.stringify({ texts: { remark: { old: '备注2', new: '新' } } }) },
      { followId: third, changes: JSON.stringify({ addTags: [b], removeTags: [] }) },
      { followId: 999_999, changes: JSON.stringify(remark) },
    ];
    const rows = left.map((intent) => ({ ...common, createdAt: null, ...intent }));
    await hub.dataSource.createQueryBuilder().insert().into(Intent).values(rows).updateEntity(false).execute();
    await settled(hub);
    expect(await hub.follow('ann', 'wm1')).toMatchObject({ remark: '新' });
    expect(await hub.follow('ann', 'wm2')).toMatchObject({ remark: '新' });
    expect((await hub.follow('ann', 'wm3')).tag_id).toContain(b);
    expect([callsOf(hub, 'remark').length, callsOf(hub, 'mark_tag').length]).toEqual([1, 1]);
    expect(await entries()).toBe(3);
    await expectAgreement(hub);
  });

  test('an event changed the follow during the call: WeCom is asked what it has now', async () => {
    const held = hub.wecom.faults.add({ path: REMARK, kind: 'held' });
    const answer = item('remark', { remark: '新' });
    await until(() => held.fired === 1);
    const { enterpriseId } = hub.tenant;
    const { followsRevision } = (await hub.app.row(Enterprise, { id: enterpriseId }))!;
    const revision = Number(followsRevision) + 1;
    await hub.dataSource.manager.update(Enterprise, { id: enterpriseId }, { followsRevision: revision });
    await hub.dataSource.manager.update(Follow, { id }, { touchedRevision: revision });
    held.remove();
    expect(await answer).toEqual({ id, ...DONE });
    expect(callsOf(hub, 'get')).toHaveLength(1);
    await expectAgreement(hub);
  });

  test('the employee is renamed during the call: the row under the new name has what WeCom has', async () => {
    const held = hub.wecom.faults.add({ path: REMARK, kind: 'held' });
    const asked = item('remark', { remark: '新' });
    await until(() => held.fired === 1);
    hub.corp.renameEmployee('ann', 'anna');
    const event = { Event: 'change_contact', ChangeType: 'update_user', UserID: 'ann', NewUserID: 'anna' };
    await hub.wecom.send(event, { url: hub.app.url + callbackPath(hub.tenant), ...CALLBACKS, corpId: hub.corp.corpId });
    await until(async () => (await hub.follow('anna', 'wm1')) !== undefined);
    held.release();
    expect(await asked).toEqual({ id, ...DONE });
    await expectAgreement(hub);
  });

  test('a page of the sync that was asked for before does not undo a write', async () => {
    const held = hub.wecom.faults.add({
      path: 'externalcontact/batch/get_by_user',
      when: { userid_list: 'ann' },
      kind: 'held',
    });
    const run = hub.sync();
    await until(() => held.fired === 1);
    const tag = tagsOf(hub)[2];
    expect(await item('remark', { remark: '新' })).toEqual({ id, ...DONE });
    expect(await item('markTag', { add_tag: tag })).toEqual({ id, ...DONE });
    held.remove();
    expect(await run).toMatchObject({ state: 'ok' });
    expect(await hub.follow('ann', 'wm1')).toMatchObject({ remark: '新' });
    await expectAgreement(hub);
  });

  test('a write during the call of a process that is gone waits, and then says so', async () => {
    const changes = JSON.stringify({ texts: { remark: { old: '备注1', new: '一' } } });
    const intent = { followId: id, ...hub.tenant, changes, actorId: 1, actor: 'x', leaseOwner: 'alive', tries: 0 };
    const rows = { ...intent, leaseUntil: Date.now() + 3_600_000, createdAt: null };
    await hub.dataSource.createQueryBuilder().insert().into(Intent).values(rows).updateEntity(false).execute();
    expect(await item('remark', { remark: '二' })).toEqual({
      ...{ id, result: 0 },
      msg: '该客户的上一次修改尚未完成，请稍后重试',
    });
    expect(callsOf(hub, 'remark')).toEqual([]);
  });
});
