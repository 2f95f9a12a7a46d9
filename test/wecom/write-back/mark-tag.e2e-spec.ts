import { buildTag } from '../../factories';
import { happened } from '../../audit/exported';
import { Hub } from '../hub';
import { callsOf, expectAgreement, idOf, startSynced, synced, tagsOf } from './world';

const DONE = { result: 1, msg: '成功' };
const PAIR = { userid: 'ann', external_userid: 'wm1' };

describe('markTag', () => {
  let hub: Hub;
  let id: number;
  let tags: string[];

  beforeEach(async () => {
    hub = await startSynced();
    id = await idOf(hub, 'wm1');
    tags = tagsOf(hub);
  });

  afterEach(() => hub?.stop());

  const found = async (tags_data: string[]) =>
    (await hub.ask('getList', { search: { tags_data } })).data.data.map((row: { id: number }) => row.id);

  test('adds and removes; the list shows and finds it', async () => {
    const [a, b, c] = tags;
    const answer = await hub.ask('markTag', { id, add_tag: [b, c], remove_tag: a });
    expect(answer).toEqual({ result: 1, msg: 'ok', data: { items: [{ id, ...DONE }] } });
    expect(callsOf(hub, 'mark_tag')).toEqual([{ ...PAIR, add_tag: [b, c], remove_tag: [a] }]);
    expect(await hub.follow('ann', 'wm1')).toMatchObject({ tag_id: `${b},${c}` });
    expect(await found([b!])).toEqual([id]);
    expect(await found([a!])).not.toContain(id);
    const [row] = (await hub.ask('getList', { search: { tags_data: [c] } })).data.data;
    expect(row).toMatchObject({ id, tag_name: 'C,B' });
    await expectAgreement(hub);
  });

  test('sends only what changes, and nothing where nothing does', async () => {
    const [a, b, c] = tags;
    expect((await hub.ask('markTag', { id, add_tag: a, remove_tag: c })).data.items).toEqual([{ id, ...DONE }]);
    expect(hub.wecom.calls).toEqual([]);
    expect((await hub.ask('markTag', { id, add_tag: `${a},${b}`, remove_tag: c })).data.items).toEqual([
      { id, ...DONE },
    ]);
    expect(callsOf(hub, 'mark_tag')).toEqual([{ ...PAIR, add_tag: [b] }]);
    await hub.ask('markTag', { id, remove_tag: [a, b] });
    expect(callsOf(hub, 'mark_tag').at(-1)).toEqual({ ...PAIR, remove_tag: [a, b] });
    expect(await hub.follow('ann', 'wm1')).toMatchObject({ tag_id: '' });
    await expectAgreement(hub);
  });

  test('each item by itself, in the order asked', async () => {
    const other = await hub.another();
    await synced(other);
    const foreign = await idOf(other, 'wm2');
    const second = await idOf(hub, 'wm2');
    const { data } = await hub.ask('markTag', { id: [foreign, second, 999_999, id], add_tag: tags[1] });
    expect(data.items).toEqual([
      { id: foreign, result: 0, msg: '记录不存在' },
      { id: second, ...DONE },
      { id: 999_999, result: 0, msg: '记录不存在' },
      { id, ...DONE },
    ]);
    expect(callsOf(hub, 'mark_tag')).toHaveLength(2);
    await expectAgreement(hub);
  });

  test('the audit log says who changed what', async () => {
    await hub.ask('markTag', { id, add_tag: tags.slice(1), remove_tag: tags[0] });
    const [entry, ...more] = await happened(hub.app, { kind: 'follow' });
    expect(entry).toMatchObject({
      ...{ action: 'edit', enterprise_id: hub.tenant.enterpriseId },
      changes: { id: String(id), add_tag: `${tags[1]},${tags[2]}`, remove_tag: tags[0] },
    });
    expect(more).toEqual([]);
  });

  test('bad parameters', async () => {
    const [a, b] = tags;
    const { uniacid, enterpriseId } = hub.tenant;
    const foreign = await buildTag(hub.dataSource);
    const own = await buildTag(hub.dataSource, { uniacid, enterpriseId, type: 2 });
    const many = Array.from({ length: 101 }, (_, n) => `et${n}`);
    const cases: [object, string][] = [
      [{ add_tag: a }, 'id 不能为空'],
      [{ id }, 'add_tag、remove_tag 至少要有一个'],
      [{ id, add_tag: [], remove_tag: ',' }, 'add_tag、remove_tag 至少要有一个'],
      [{ id, add_tag: [a, b], remove_tag: [b] }, 'add_tag 和 remove_tag 不能有相同的标签'],
      [{ id, add_tag: 'etNone' }, 'add_tag 含有不存在的标签'],
      [{ id, add_tag: `${a!.toUpperCase()}` }, 'add_tag 含有不存在的标签'],
      [{ id, add_tag: a, remove_tag: foreign.tagId }, 'remove_tag 含有不存在的标签'],
      [{ id, remove_tag: own.tagId }, 'remove_tag 含有不存在的标签'],
      [{ id, add_tag: many }, 'add_tag 不能超过100个'],
      [{ id, add_tag: { x: a } }, 'add_tag 必须是字符串'],
      [{ id: Array.from({ length: 101 }, () => id), add_tag: a }, 'id 不能超过100个'],
    ];
    for (const [given, detail] of cases) {
      expect(await hub.ask('markTag', given)).toEqual({ result: 0, msg: `参数错误：${detail}`, data: [] });
    }
    expect(hub.wecom.calls).toEqual([]);
    await expectAgreement(hub);
  });
});
