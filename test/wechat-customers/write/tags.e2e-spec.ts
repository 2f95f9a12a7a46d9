import type { Tenant } from '../../../src/enterprise/tenant';
import { Tag } from '../../../src/wechat-customers/entities/tag.entity';
import { storeTags, TagData } from '../../../src/wechat-customers/write/tags';
import { buildTag } from '../../factories';
import { LONG_AGO, seen, World } from './world';

/** storeTags: the whole list of an enterprise's tags. */
describe('tags as WeCom answered', () => {
  let world: World;
  let tenant: Tenant;

  beforeAll(async () => {
    world = await World.start(9850);
  });

  afterAll(() => world.app.stop());

  beforeEach(async () => {
    tenant = await world.open();
  });

  const tag = (tagId: string, more: Partial<TagData> = {}): TagData => ({
    ...{ tagId, name: `标签${tagId}`, createTime: 1, order: 2, groupId: 'g', groupName: '组' },
    ...more,
  });

  const store = (...tags: TagData[]) => storeTags(world.dataSource, tenant, tags);

  const rows = () =>
    world.dataSource.manager.find(Tag, { where: { ...tenant }, order: { id: 'ASC' }, withDeleted: true });

  const shown = async () => {
    const path = `/business/${tenant.uniacid}/plugin/WechatCustomers/getList`;
    const { body } = await world.app.send(path, { token: world.token, json: {} });
    return body.data.tag.map(({ name }: { name: string }) => name);
  };

  /** A follow by each of `count` contacts with these tags. */
  const follow = (tagId: string, count = 1) =>
    world.sync(
      tenant,
      Array.from({ length: count }, (_, n) => seen({ contact: { externalUserid: `wm${n}` }, follow: { tagId } })),
    );

  test('new and changed ones are shown at once; an unchanged list changes no byte', async () => {
    expect(await shown()).toEqual([]);
    const revision = await world.listsRevision(tenant);
    expect(await store(tag('et1'), tag('et2'))).toEqual({ isChanged: true });
    expect(await world.listsRevision(tenant)).toBe(revision + 1);
    expect(await shown()).toEqual(['标签et2', '标签et1']);
    expect(await rows()).toMatchObject([
      { ...tag('et1'), type: 1, isLinked: 1 },
      { ...tag('et2'), type: 1, isLinked: 1 },
    ]);
    await world.age();
    const before = await world.everything();
    expect(await store(tag('et2'), tag('et1'))).toEqual({ isChanged: false });
    expect(await world.everything()).toBe(before);
    expect(await store(tag('et1', { order: 9 }), tag('et2', { name: '😀'.repeat(300) }))).toEqual({ isChanged: true });
    expect(await rows()).toMatchObject([{ order: 9 }, { name: '😀'.repeat(255) }]);
  });

  test('a tag that arrives after its id is found by filters at once', async () => {
    await store(tag('et1'));
    await follow('et1,etLate', 250);
    expect(await world.find(tenant, { tags_data: 'etLate' })).toEqual([]);
    await store(tag('et1'), tag('etLate'));
    expect(
      await world.dataSource.query('SELECT * FROM wechat_follow_tag WHERE tag_pk = ?', [(await rows())[1]!.id]),
    ).toHaveLength(250);
    await world.expectInLine();
  });

  test('a follow without another tag is no longer among those without', async () => {
    await follow('etLate');
    expect(await world.find(tenant, { tags_mode: 'none' })).toEqual(['Anna']);
    await store(tag('etLate'));
    expect([
      await world.find(tenant, { tags_mode: 'none' }),
      await world.find(tenant, { tags_data: 'etLate' }),
    ]).toEqual([[], ['Anna']]);
    await world.expectInLine();
  });

  test('links that a killed run left out are made by the next', async () => {
    await follow('etLate');
    await buildTag(world.dataSource, { ...tenant, ...tag('etLate'), isLinked: 0 });
    expect(await store(tag('etLate'))).toEqual({ isChanged: false });
    expect(await world.find(tenant, { tags_data: 'etLate' })).toEqual(['Anna']);
    expect(await rows()).toMatchObject([{ isLinked: 1 }]);
    await world.expectInLine();
  });

  test('a tag that is gone is taken off its follows and comes back under its id', async () => {
    await store(tag('et1'), tag('et2'));
    await follow('et1,et2', 250);
    const [first] = await rows();
    expect(await store(tag('et2'))).toEqual({ isChanged: true });
    expect(await shown()).toEqual(['标签et2']);
    const tagIds = new Set((await world.follows(tenant)).map(({ tagId }) => tagId));
    expect([...tagIds]).toEqual(['et2']);
    await world.expectInLine();
    await store();
    expect(await shown()).toEqual([]);
    expect(await world.find(tenant, { tags_mode: 'none', remark: '采购' }).catch(() => 'more than a page')).toBe(
      'more than a page',
    );
    await world.expectInLine();
    await store(tag('et1'));
    expect(await rows()).toMatchObject([{ id: first!.id, deletedAt: null, isLinked: 1 }, { tagId: 'et2' }]);
    await world.expectInLine();
  });

  test("employees' own tags and other enterprises' are left alone", async () => {
    const own = await buildTag(world.dataSource, { ...tenant, tagId: 'stOwn', type: 2 });
    const other = await world.open();
    const foreign = await buildTag(world.dataSource, { ...other, tagId: 'et1' });
    await store(tag('et1'));
    await store();
    for (const { id } of [own, foreign]) expect(await world.app.row(Tag, { id })).toMatchObject({ deletedAt: null });
  });

  test.each(['sync', 'event'])('a deleted tag is stored on no follow by a %s, an unknown one is', async (cause) => {
    await store(tag('et1'), tag('et2'));
    await follow('et2');
    await store(tag('et1'));
    const other = await world.open();
    await storeTags(world.dataSource, other, [tag('et2')]);
    const pages = (['wm0', 'wm9'] as const).map((externalUserid) =>
      seen({ contact: { externalUserid }, follow: { tagId: 'et2,stX,et1' } }),
    );
    const storePages = (of: Tenant) => (cause === 'sync' ? world.sync(of, pages) : world.event(of, pages, 1));
    await storePages(tenant);
    expect((await world.follows(tenant)).map(({ tagId }) => tagId)).toEqual(['stX,et1', 'stX,et1']);
    await storePages(other);
    expect((await world.follows(other)).map(({ tagId }) => tagId)).toEqual(['et2,stX,et1', 'et2,stX,et1']);
    await world.age();
    expect(await storePages(tenant)).toMatchObject({ changed: 0 });
    expect((await world.follows(tenant)).map(({ updatedAt }) => updatedAt)).toEqual([LONG_AGO, LONG_AGO]);
    await store(tag('et1'), tag('et2'));
    await storePages(tenant);
    expect(await world.find(tenant, { tags_data: 'et2' })).toEqual(['Anna', 'Anna']);
    await world.expectInLine();
  });

  test('a page with more ids than are looked up one by one', async () => {
    await store(tag('et1'));
    await store();
    const page = Array.from({ length: 100 }, (_, n) =>
      seen({
        contact: { externalUserid: `wm${n}` },
        follow: { tagId: ['et1', ...Array.from({ length: 21 }, (_each, i) => `st${n}x${i}`)].join(',') },
      }),
    );
    await world.sync(tenant, page);
    const stored = (await world.follows(tenant)).map(({ tagId }) => tagId);
    expect(stored).toEqual(page.map(({ follow: { tagId } }) => tagId.slice('et1,'.length)));
  });

  test('a list stored twice at once, beside writers of follows', async () => {
    const list = ['et1', 'et2', 'et3'].map((id) => tag(id));
    await Promise.all([
      store(...list),
      store(...list),
      ...['et1', 'et1,et2', 'et3', ''].map((tagId, n) =>
        world.sync(tenant, [seen({ contact: { externalUserid: `wm${n}` }, follow: { tagId } })]),
      ),
    ]);
    expect(await rows()).toHaveLength(3);
    await world.expectInLine();
    expect(await world.find(tenant, { tags_data: 'et1' })).toEqual(['Anna', 'Anna']);
    await Promise.all([store(list[0]!), store(list[0]!), follow('et1,et2', 20)]);
    await store(list[0]!);
    expect(await world.find(tenant, { tags_data: 'et2' })).toEqual([]);
  });

  test('a list that was asked for before another was stored is not', async () => {
    const asked = await world.listsRevision(tenant);
    expect(await storeTags(world.dataSource, tenant, [tag('et1'), tag('et2')], asked)).toEqual({ isChanged: true });
    await follow('et1,et2');
    const before = await world.everything();
    expect(await storeTags(world.dataSource, tenant, [tag('et1')], asked)).toBe('stale');
    expect(await world.everything()).toBe(before);
    const now = await world.listsRevision(tenant);
    expect(await storeTags(world.dataSource, tenant, [tag('et1')], now)).toEqual({ isChanged: true });
    expect((await world.follow(tenant, 'Anna', 'wm0')).tagId).toBe('et1');
  });

  test('an odd id is refused before anything is stored', async () => {
    await expect(store(tag('et1'), tag('et2 '))).rejects.toThrow('ends in a blank');
    expect(await rows()).toEqual([]);
  });

  test('an unchanged tag keeps its updated_at', async () => {
    await store(tag('et1'), tag('et2'));
    await world.age();
    await store(tag('et1'), tag('et2', { name: '新' }));
    expect((await rows()).map(({ updatedAt }) => updatedAt === LONG_AGO)).toEqual([true, false]);
  });
});
