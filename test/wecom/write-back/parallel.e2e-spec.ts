import type { TestApp } from '../../app';
import { Hub } from '../hub';
import { callsOf, expectAgreement, idOf, people, startSynced, synced, tagsOf } from './world';

const REQUESTS = 12;

describe('writes at once', () => {
  let hub: Hub;
  let second: TestApp;

  beforeEach(async () => {
    hub = await startSynced();
    second = await hub.app.second();
  });

  afterEach(async () => {
    await second?.stop();
    await hub?.stop();
  });

  test('of one follow, by two processes: one call at a time, and every item is right', async () => {
    const id = await idOf(hub, 'wm1');
    const tags = tagsOf(hub);
    const path = (route: string) => `/business/${hub.tenant.uniacid}/plugin/WechatCustomers/${route}`;
    hub.wecom.latencyMs = 30;
    const asked = Array.from({ length: REQUESTS }, async (_, n) => {
      const app = n % 2 ? hub.app : second;
      const [route, json] =
        n % 3 === 0
          ? ['markTag', { id, [n % 2 ? 'add_tag' : 'remove_tag']: tags[n % 3] }]
          : ['remark', { id, remark: `第${n}个` }];
      const { body } = await app.send(path(route), { json, token: hub.token });
      return body.data.items as unknown[];
    });
    for (const items of await Promise.all(asked)) expect(items).toEqual([{ id, result: 1, msg: '成功' }]);
    expect(hub.wecom.inFlight.highest(hub.corp.corpId, 'pair ann wm1')).toBe(1);
    expect(hub.wecom.calls.filter(({ errcode }) => errcode !== 0)).toEqual([]);
    hub.wecom.latencyMs = 0;
    await expectAgreement(hub);
  });

  test('of many follows: a few calls at once', async () => {
    hub.wecom.latencyMs = 30;
    const ids = await Promise.all(Array.from({ length: 7 }, (_, n) => idOf(hub, `wm${n + 1}`)));
    const { data } = await hub.ask('remark', { id: ids, remark: '同' });
    expect(data.items).toEqual(ids.map((id) => ({ id, result: 1, msg: '成功' })));
    const highest = hub.wecom.inFlight.highest(hub.corp.corpId, 'externalcontact/remark');
    expect(highest).toBeGreaterThan(1);
    expect(highest).toBeLessThanOrEqual(4);
    hub.wecom.latencyMs = 0;
    await expectAgreement(hub);
  });

  test('two enterprises with equal ids: each writes its own corp and its own rows', async () => {
    const corp = hub.wecom.world.addCorp('wwsim0000000000002', { secret: 'secret-of-the-second-corp' });
    people(corp);
    const other = await hub.another(corp);
    await synced(other);
    const [own, theirs] = [await idOf(hub, 'wm1'), await idOf(other, 'wm1')];
    const answers = await Promise.all([
      hub.ask('remark', { id: [own, theirs], remark: '甲' }),
      other.ask('remark', { id: [own, theirs], remark: '乙' }),
    ]);
    expect(answers.map(({ data }) => data.items.map(({ result }: { result: number }) => result))).toEqual([
      [1, 0],
      [0, 1],
    ]);
    expect(await hub.follow('ann', 'wm1')).toMatchObject({ remark: '甲' });
    expect(await other.follow('ann', 'wm1')).toMatchObject({ remark: '乙' });
    expect(callsOf(hub, 'remark')).toHaveLength(2);
    await expectAgreement(hub);
    await expectAgreement(other);
  });
});
