import { stringify } from 'qs';
import { buildEnterprise, buildRight, buildUser } from '../../factories';
import { happened } from '../../audit/exported';
import { TestApp } from '../../app';
import { Hub, settingsFor } from '../hub';
import { CONTACTS, callsOf, expectAgreement, idOf, startSynced, synced } from './world';

const DONE = { result: 1, msg: '成功' };

describe('remark', () => {
  let hub: Hub;

  beforeEach(async () => {
    hub = await startSynced();
  });

  afterEach(() => hub?.stop());

  const found = async (search: object) =>
    (await hub.ask('getList', { search })).data.data.map(({ remark }: { remark: string }) => remark);

  test('changes WeCom and the row; the list shows and finds it', async () => {
    const id = await idOf(hub, 'wm1');
    const before = await hub.follow('ann', 'wm1');
    const texts = {
      remark: '李总😀',
      description: '展会',
      remark_corp_name: '新企业',
      remark_mobiles: ['139', '0755-1'],
    };
    expect(await hub.ask('remark', { id, ...texts })).toEqual({
      result: 1,
      msg: 'ok',
      data: { items: [{ id, ...DONE }] },
    });
    expect(callsOf(hub, 'remark')).toEqual([
      {
        ...{ userid: 'ann', external_userid: 'wm1', remark: '李总😀', description: '展会' },
        ...{ remark_company: '新企业', remark_mobiles: ['139', '0755-1'] },
      },
    ]);
    const row = await hub.follow('ann', 'wm1');
    expect(row).toMatchObject({ ...texts, remark_mobiles: '["139","0755-1"]' });
    expect(Number(row.touched_revision)).toBeGreaterThan(Number(before.touched_revision));
    expect(await found({ remark: '李总😀' })).toEqual(['李总😀']);
    expect(await found({ remark: '备注1' })).toEqual(['备注1']); // the other employee's
    await expectAgreement(hub);
  });

  test('sends only what changes, and nothing where nothing does', async () => {
    const id = await idOf(hub, 'wm1');
    const updated = (await hub.follow('ann', 'wm1')).updated_at;
    const same = { remark: '备注1', remark_corp_name: '企业1', remark_mobiles: ['13800000000'] };
    expect((await hub.ask('remark', { id, ...same })).data.items).toEqual([{ id, ...DONE }]);
    expect(hub.wecom.calls).toEqual([]);
    expect(await hub.follow('ann', 'wm1')).toMatchObject({ updated_at: updated });
    expect((await hub.ask('remark', { id, ...same, description: '新' })).data.items).toEqual([{ id, ...DONE }]);
    expect(callsOf(hub, 'remark')).toEqual([{ userid: 'ann', external_userid: 'wm1', description: '新' }]);
    await expectAgreement(hub);
  });

  test('an empty list of mobile numbers clears them', async () => {
    for (const [n, remark_mobiles] of [[], '', [''], null].entries()) {
      const external_userid = `wm${n + 1}`;
      const id = await idOf(hub, external_userid);
      expect((await hub.ask('remark', { id, remark_mobiles })).data.items).toEqual([{ id, ...DONE }]);
      expect(callsOf(hub, 'remark')[n]).toEqual({ userid: 'ann', external_userid, remark_mobiles: [''] });
      expect(await hub.follow('ann', external_userid)).toMatchObject({ remark_mobiles: '[]' });
    }
    await expectAgreement(hub);
  });

  test('an empty text clears, an absent one stays', async () => {
    const id = await idOf(hub, 'wm1');
    await hub.ask('remark', { id, remark: '', description: null });
    expect(await hub.follow('ann', 'wm1')).toMatchObject({ remark: '', description: '', remark_corp_name: '企业1' });
    await expectAgreement(hub);
  });

  test('each item by itself, in the order asked', async () => {
    const other = await hub.another();
    await synced(other);
    const [first, second, lost, wecom] = [
      await idOf(hub, 'wm1'),
      await idOf(hub, 'wm2'),
      await idOf(hub, 'wm3'),
      await idOf(hub, `wm${CONTACTS}`),
    ];
    const foreign = await idOf(other, 'wm4');
    hub.corp.unfollowByMember('ann', 'wm3');
    await hub.sync();
    hub.wecom.resetCounts();
    const id = [second, foreign, lost, 4_000_000_000, first, wecom, second];
    const { data } = await hub.ask('remark', { id, remark: '同', remark_corp_name: '司' });
    expect(data.items).toEqual([
      { id: second, ...DONE },
      { id: foreign, result: 0, msg: '记录不存在' },
      { id: lost, result: 0, msg: '客户已流失，不能修改' },
      { id: 4_000_000_000, result: 0, msg: '记录不存在' },
      { id: first, ...DONE },
      { id: wecom, result: 0, msg: '企业微信用户不支持修改企业名备注' },
      { id: second, ...DONE },
    ]);
    expect(callsOf(hub, 'remark')).toHaveLength(2);
    expect(await other.follow('ann', 'wm4')).toMatchObject({ remark: '备注4' });
    await expectAgreement(hub);
  });

  test("of a WeCom user's follow all but the company's name", async () => {
    const id = await idOf(hub, `wm${CONTACTS}`);
    const { data } = await hub.ask('remark', { id, remark: '老王', remark_corp_name: '' });
    expect(data.items).toEqual([{ id, ...DONE }]);
    expect(callsOf(hub, 'remark')).toEqual([{ userid: 'ann', external_userid: `wm${CONTACTS}`, remark: '老王' }]);
    await expectAgreement(hub);
  });

  test('ids as text, as a list, and in the query of a GET', async () => {
    const [first, second] = [await idOf(hub, 'wm1'), await idOf(hub, 'wm2')];
    const items = [
      { id: second, ...DONE },
      { id: first, ...DONE },
    ];
    expect((await hub.ask('remark', { id: `${second},${first}`, remark: '一' })).data.items).toEqual(items);
    expect((await hub.ask('remark', { id: [String(second), first], remark: '二' })).data.items).toEqual(items);
    const query = stringify({ id: [second, first], remark: '三' });
    const path = `/business/${hub.tenant.uniacid}/plugin/WechatCustomers/remark?${query}`;
    const { body } = await hub.app.send(path, { method: 'GET', token: hub.token });
    expect(body.data.items).toEqual(items);
    expect(await hub.follow('ann', 'wm1')).toMatchObject({ remark: '三' });
    await expectAgreement(hub);
  });

  test('bad parameters', async () => {
    const cases: [object, string][] = [
      [{ remark: '新' }, 'id 不能为空'],
      [{ id: [], remark: '新' }, 'id 不能为空'],
      [{ id: 'x', remark: '新' }, 'id 必须是数字'],
      [{ id: '1,-2', remark: '新' }, 'id 必须是数字'],
      [{ id: { a: 1 }, remark: '新' }, 'id 必须是字符串'],
      [{ id: Array.from({ length: 101 }, (_, n) => n + 1), remark: '新' }, 'id 不能超过100个'],
      [{ id: 1 }, 'remark、description、remark_corp_name、remark_mobiles 至少要有一个'],
      [{ id: 1, remark: '😀'.repeat(21) }, 'remark 不能超过20个字符'],
      [{ id: 1, remark: ['新'] }, 'remark 必须是字符串'],
      [{ id: 1, remark: '\ud800' }, 'remark 含有无法保存的字符'],
      [{ id: 1, description: '字'.repeat(151) }, 'description 不能超过150个字符'],
      [{ id: 1, remark_corp_name: '字'.repeat(21) }, 'remark_corp_name 不能超过20个字符'],
      [{ id: 1, remark_mobiles: ['1', '2', '3', '4', '5', '6'] }, 'remark_mobiles 不能超过5个'],
      [{ id: 1, remark_mobiles: [['1']] }, 'remark_mobiles 必须是字符串'],
    ];
    for (const [given, detail] of cases) {
      expect(await hub.ask('remark', given)).toEqual({ result: 0, msg: `参数错误：${detail}`, data: [] });
    }
    expect(hub.wecom.calls).toEqual([]);
  });

  test('without credentials, and without a right', async () => {
    const { id: enterpriseId } = await buildEnterprise(hub.dataSource);
    const user = await buildUser(hub.dataSource);
    const path = '/business/2/plugin/WechatCustomers/remark';
    const token = await hub.app.login(user.username, 'password');
    const json = { id: await idOf(hub, 'wm1'), remark: '新' };
    expect((await hub.app.send(path, { json, token })).body).toMatchObject({ result: 0, msg: '无权管理该企业' });
    await buildRight(hub.dataSource, { userId: user.userId, enterpriseId, identity: 1 });
    await hub.app.manage(enterpriseId, 2, user.username, 'password');
    expect((await hub.app.send(path, { json, token })).body).toEqual({
      result: 0,
      msg: '企业未配置企业微信',
      data: [],
    });
  });

  test('with another key than the credentials were encrypted with', async () => {
    const settings = { ...settingsFor(hub.wecom), WECOM_CREDENTIAL_KEY: 'f'.repeat(64) };
    const database = { url: hub.app.databaseUrl, drop: () => Promise.resolve() };
    const app = await TestApp.start({ database, demo: false, settings });
    const path = `/business/${hub.tenant.uniacid}/plugin/WechatCustomers/remark`;
    const { body } = await app.send(path, { json: { id: await idOf(hub, 'wm1'), remark: '新' }, token: hub.token });
    await app.stop();
    expect(body).toEqual({
      ...{ result: 0, data: [] },
      msg: '企业微信凭据无法读取：WECOM_CREDENTIAL_KEY 缺失或不正确',
    });
    expect(await hub.follow('ann', 'wm1')).toMatchObject({ remark: '备注1' });
  });

  test('the audit log says who changed what', async () => {
    const id = await idOf(hub, 'wm1');
    const { user_id: userId } = (await hub.dataSource.query('SELECT MAX(user_id) AS user_id FROM enterprise_right'))[0];
    await hub.ask('remark', { id, remark: '李总', remark_mobiles: [], remark_corp_name: '企业1' });
    await hub.ask('remark', { id, remark: '李总' });
    expect(await happened(hub.app, { kind: 'follow' })).toEqual([
      {
        ...{ kind: 'follow', action: 'edit', enterprise_id: hub.tenant.enterpriseId },
        ...{ actor_id: Number(userId), actor: `user-${userId}` },
        changes: {
          id: String(id),
          remark: { old: '备注1', new: '李总' },
          remark_mobiles: { old: '["13800000000"]', new: '[]' },
        },
      },
    ]);
  });
});
