import type { Placed } from '../../simulator/faults';
import { callbackPath } from '../../src/wecom/corps/corp';
import { until } from '../until';
import { CALLBACKS, Hub } from './hub';

const TAG_LIST = 'externalcontact/get_corp_tag_list';

/** Of the events that tell of tags. */
const T = 1_790_000_000;

/** An answer that looks whole and has no tag. */
const NO_TAGS = { status: 200, body: '{"errcode":0,"errmsg":"ok","tag_group":[]}' };

describe('the list of tags', () => {
  let hub: Hub;

  /** Ann's follow of wm1 has the tag A. */
  beforeEach(async () => {
    hub = await Hub.start({}, (corp) => {
      corp.addEmployee('ann');
      const { tag } = corp.addTagGroup('等级', ['A', 'B']);
      corp.addContact({ external_userid: 'wm1' });
      corp.follow('ann', 'wm1', { tag_id: [tag[0]!.id], createtime: T - 100 });
    });
    expect(await hub.sync()).toMatchObject({ state: 'ok' });
    hub.wecom.resetCounts();
  });

  afterEach(() => hub?.stop());

  const liveTags = async () => {
    const { uniacid, enterpriseId } = hub.tenant;
    const sql = 'SELECT name FROM wechat_tag WHERE uniacid = ? AND crop_id = ? AND deleted_at IS NULL ORDER BY name';
    const rows = await hub.dataSource.query<{ name: string }[]>(sql, [uniacid, enterpriseId]);
    return rows.map(({ name }) => name);
  };

  const asked = () => hub.wecom.counts().calls[TAG_LIST] ?? 0;

  const firstTag = () => hub.corp.tagGroups[0]!.tag[0]!.id;

  const send = (event: object) => {
    const url = hub.app.url + callbackPath(hub.tenant);
    return hub.wecom.send({ CreateTime: T, ...event }, { url, ...CALLBACKS, corpId: hub.corp.corpId });
  };

  const sendTagEvent = () => send({ Event: 'change_external_tag', ChangeType: 'shuffle' });

  const applied = (n: number) => until(async () => (await hub.ask('syncStatus')).data.events.applied === n);

  const hold = () => hub.wecom.faults.add({ path: TAG_LIST, kind: 'held' });

  const isHit = (fault: Placed) => until(() => fault.fired === 1);

  describe('of a sync that was answered before a tag was made', () => {
    test('is read again: the tag and its follow stay as an event stored them', async () => {
      const held = hold();
      const { data } = await hub.ask('synchBaseData');
      await isHit(held);
      const made = hub.corp.addTagGroup('新组', ['新']).tag[0]!.id;
      hub.corp.relation('ann', 'wm1').follow.tag_id = [made];
      await send({
        Event: 'change_external_contact',
        ChangeType: 'edit_external_contact',
        UserID: 'ann',
        ExternalUserID: 'wm1',
      });
      await applied(1);
      expect(await hub.follow('ann', 'wm1')).toMatchObject({ tag_id: made });
      held.release();
      expect(await hub.ended(data.id)).toMatchObject({ state: 'ok' });
      expect(await liveTags()).toEqual(['A', 'B', '新']);
      expect(await hub.follow('ann', 'wm1')).toMatchObject({ tag_id: made });
      expect(asked()).toBe(3);
      expect((await hub.ask('getList', { search: { tags_data: [made] } })).data.total).toBe(1);
    });

    test('that others change each time is asked for three times, then stored', async () => {
      const holds = [hold(), hold(), hold()];
      const { data } = await hub.ask('synchBaseData');
      for (const [n, held] of holds.entries()) {
        await isHit(held);
        hub.corp.renameTag(firstTag(), `A${n}`);
        await hub.dataSource.query('UPDATE enterprise SET lists_revision = lists_revision + 1 WHERE id = ?', [
          hub.tenant.enterpriseId,
        ]);
        held.release();
      }
      expect(await hub.ended(data.id)).toMatchObject({ state: 'ok' });
      expect(asked()).toBe(3);
      expect(await liveTags()).toEqual(['A1', 'B']); // the third answer was held before the third name
    });
  });

  test('of an event that was answered before a sync stored a newer one is read again', async () => {
    const held = hold();
    await sendTagEvent();
    await isHit(held);
    hub.corp.renameTag(firstTag(), '新名');
    expect(await hub.sync()).toMatchObject({ state: 'ok' });
    expect(await liveTags()).toEqual(['B', '新名']);
    held.release();
    await applied(1);
    expect(await liveTags()).toEqual(['B', '新名']);
    expect(asked()).toBe(3);
  });

  describe('without a tag', () => {
    const ways: [string, () => Promise<unknown>][] = [
      ['a sync', () => hub.sync()],
      ['an event', () => sendTagEvent().then(() => applied(1))],
    ];

    test.each(ways)('once, by %s: nothing is taken off', async (_by, read) => {
      const before = await hub.follow('ann', 'wm1');
      hub.wecom.faults.add({ path: TAG_LIST, kind: NO_TAGS });
      await read();
      expect(await liveTags()).toEqual(['A', 'B']);
      expect(await hub.follow('ann', 'wm1')).toEqual(before);
      expect(asked()).toBe(2);
    });

    test.each(ways)('twice, by %s: all tags are gone', async (_by, read) => {
      hub.corp.relation('ann', 'wm1').follow.tag_id = [];
      hub.wecom.faults.add({ path: TAG_LIST, kind: NO_TAGS, times: 2 });
      await read();
      expect(await liveTags()).toEqual([]);
      expect(await hub.follow('ann', 'wm1')).toMatchObject({ tag_id: '' });
      expect(asked()).toBe(2);
    });
  });
});
