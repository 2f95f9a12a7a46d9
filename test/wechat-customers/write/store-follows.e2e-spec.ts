import type { Tenant } from '../../../src/enterprise/tenant';
import { Follow } from '../../../src/wechat-customers/entities/follow.entity';
import type { Tag } from '../../../src/wechat-customers/entities/tag.entity';
import type { SeenFollow } from '../../../src/wechat-customers/write/seen';
import { buildTag } from '../../factories';
import { LONG_AGO, seen, World } from './world';

/** storeFollows: what WeCom answered is compared with what is stored, and what differs is written. */
describe('follows as WeCom answered', () => {
  let world: World;
  let tenant: Tenant;
  let gold: Tag;
  let blue: Tag;

  beforeAll(async () => {
    world = await World.start(9700);
  });

  afterAll(() => world.app.stop());

  beforeEach(async () => {
    tenant = await world.open();
    [gold, blue] = [await buildTag(world.dataSource, tenant), await buildTag(world.dataSource, tenant)];
  });

  const anna = (follow: Partial<SeenFollow['follow']> = {}, contact: Partial<SeenFollow['contact']> = {}) =>
    seen({ follow: { tagId: gold.tagId, ...follow }, contact });

  const bert = (contact: Partial<SeenFollow['contact']> = {}) =>
    seen({ follow: { userid: 'Bert', remark: '上海' }, contact });

  /** What stands where the list reads after a page. */
  async function pageOf(count: number): Promise<SeenFollow[]> {
    const page = Array.from({ length: count }, (_, n) =>
      seen({
        contact: { externalUserid: `wm${n}`, name: `客户${n}` },
        follow: {
          remark: `备注${n}`,
          tagId: [gold, blue]
            .map(({ tagId }) => tagId)
            .slice(n % 3)
            .join(','),
        },
      }),
    );
    const { ids, ...counts } = await world.sync(tenant, page);
    expect([ids.length, counts]).toEqual([count, { isNew: count, returned: 0, changed: 0, kept: 0 }]);
    return page;
  }

  test('a new follow is stored with its contact, and found by all it has', async () => {
    const { ids } = await world.sync(tenant, [anna()]);
    const contact = (await world.contact(tenant))!;
    const { contact: ofContact, follow: ofFollow } = anna();
    expect(contact).toMatchObject({ ...ofContact, memberUid: 0, isMember: 0, deletedAt: null });
    expect(await world.follow(tenant)).toMatchObject({
      ...ofFollow,
      id: ids[0],
      externalUserid: 'wm1',
      memberUid: 0,
      status: 1,
      customerPk: contact.id,
      customerUid: 0,
      externalType: 1,
      lostAt: null,
      lostBy: '',
      touchedRevision: 0,
      eventTime: 0,
    });
    for (const search of [{ remark: '京采' }, { customer: '小明' }, { tags_data: gold.tagId }, { member: 0 }]) {
      expect(await world.find(tenant, search)).toEqual(['Anna']);
    }
    await world.expectInLine();
  });

  test('an unchanged page changes no byte, whatever the order of tags', async () => {
    const page = await pageOf(40);
    await world.age();
    const before = await world.everything();
    const again = page.map(({ contact, follow }) => ({
      contact,
      follow: { ...follow, tagId: follow.tagId.split(',').reverse().join(',') },
    }));
    for (const given of [page, again, [...page, ...page]]) {
      const { ids, ...counts } = await world.sync(tenant, given);
      expect([ids.length, counts]).toEqual([given.length, { isNew: 0, returned: 0, changed: 0, kept: 0 }]);
    }
    expect(await world.everything()).toBe(before);
  });

  test('only what differs is written, and the ids come in the order given', async () => {
    const page = await pageOf(20);
    await world.age();
    const revision = await world.revision(tenant);
    const changed = page.map((each, n) => (n === 7 ? { ...each, follow: { ...each.follow, remark: '新的' } } : each));
    const { ids, ...counts } = await world.sync(tenant, changed.toReversed());
    expect(counts).toEqual({ isNew: 0, returned: 0, changed: 1, kept: 0 });
    const rows = await world.follows(tenant);
    expect(ids.map((id) => rows.find((row) => row.id === id)!.externalUserid)).toEqual(
      changed.toReversed().map(({ contact }) => contact.externalUserid),
    );
    expect(rows.filter(({ updatedAt }) => updatedAt !== LONG_AGO).map(({ remark }) => remark)).toEqual(['新的']);
    expect((await world.contact(tenant, 'wm7'))!.updatedAt).toBe(LONG_AGO);
    expect(await world.revision(tenant)).toBe(revision + 1);
    await world.expectInLine();
  });

  test.each<[string, () => SeenFollow, () => object, () => object]>([
    ['remark', () => anna({ remark: '财务' }), () => ({ remark: '采购' }), () => ({ remark: '财务' })],
    ['tags', () => anna({ tagId: blue.tagId }), () => ({ tags_data: gold.tagId }), () => ({ tags_data: blue.tagId })],
    ['tags, none', () => anna({ tagId: '' }), () => ({ tags_data: gold.tagId }), () => ({ tags_mode: 'none' })],
    ['way', () => anna({ addWay: '99' }), () => ({ add_way_type: 1 }), () => ({ add_way_type: 99 })],
    [
      'time',
      () => anna({ createtime: 1_600_000_000 }),
      () => ({ time: [1_650_000_000] }),
      () => ({ time: ['', 1_650_000_000] }),
    ],
    ['name', () => anna({}, { name: '李雷' }), () => ({ customer: '小明' }), () => ({ customer: '李雷' })],
    ['type', () => anna({}, { externalType: 2 }), () => ({ type: 1 }), () => ({ type: 2 })],
  ])('a changed %s: found by the new, not by the old', async (_, changed, old, now) => {
    await world.sync(tenant, [anna()]);
    expect([await world.find(tenant, old()), await world.find(tenant, now())]).toEqual([['Anna'], []]);
    expect(await world.sync(tenant, [changed()])).toMatchObject({ isNew: 0, changed: 1 });
    expect([await world.find(tenant, old()), await world.find(tenant, now())]).toEqual([[], ['Anna']]);
    await world.expectInLine();
  });

  test.each<keyof SeenFollow['follow']>(['description', 'remarkCorpName', 'remarkMobiles', 'operUserid', 'state'])(
    'a changed %s leaves terms, links and counters alone',
    async (field) => {
      await world.sync(tenant, [anna()]);
      const counters = async () =>
        JSON.stringify(await world.dataSource.query('SELECT * FROM wechat_follow_count ORDER BY 1, 2, 3, 4, 5, 6'));
      const before = await counters();
      expect(await world.sync(tenant, [anna({ [field]: '["x"]' })])).toMatchObject({ changed: 1 });
      expect(await world.follow(tenant)).toMatchObject({ [field]: '["x"]' });
      expect(await counters()).toBe(before);
      await world.expectInLine();
    },
  );

  test.each<keyof SeenFollow['contact']>([
    'avatar',
    'gender',
    'unionid',
    'position',
    'corpName',
    'corpFullName',
    'externalProfile',
  ])("a contact's changed %s", async (field) => {
    await world.sync(tenant, [anna(), bert()]);
    await world.age();
    const value = field === 'gender' ? 2 : 'x';
    expect(await world.sync(tenant, [anna({}, { [field]: value })])).toMatchObject({ changed: 1 });
    expect(await world.contact(tenant)).toMatchObject({ [field]: value });
    for (const { updatedAt } of await world.follows(tenant)) expect(updatedAt).toBe(LONG_AGO);
    await world.expectInLine();
  });

  test("a contact's new name and type apply to the follows of employees who are not on the page", async () => {
    await world.sync(tenant, [anna(), bert()]);
    await world.sync(tenant, [anna({}, { name: '李雷', externalType: 2 })]);
    for (const search of [{ customer: '李雷' }, { type: 2 }]) {
      expect(await world.find(tenant, search)).toEqual(['Anna', 'Bert']);
    }
    expect(await world.find(tenant, { customer: '小明' })).toEqual([]);
    await world.expectInLine();
  });

  test('what is ours stays: the members, is_member and the status', async () => {
    await world.sync(tenant, [anna()]);
    const of = `uniacid = ${tenant.uniacid} AND crop_id = ${tenant.enterpriseId}`;
    await world.dataSource.query(`UPDATE wechat_customer SET uid = 7, is_member = 1 WHERE ${of}`);
    await world.dataSource.query(`UPDATE wechat_follow SET uid = 8, customer_uid = 7 WHERE ${of}`);
    await world.expectMended();
    await world.sync(tenant, [anna({ remark: '改' }, { name: '李雷' })]);
    expect(await world.contact(tenant)).toMatchObject({ name: '李雷', memberUid: 7, isMember: 1 });
    expect(await world.follow(tenant)).toMatchObject({ remark: '改', memberUid: 8, customerUid: 7, status: 1 });
    expect(await world.find(tenant, { member: 7 })).toEqual(['Anna']);
    await world.expectInLine();
  });

  describe.each([true, false])('a follow that SQL marked deleted, reindexed: %s', (isReindexed) => {
    test('is restored under its old id', async () => {
      const { ids } = await world.sync(tenant, [anna(), bert()]);
      await world.dataSource.query(`UPDATE wechat_follow SET deleted_at = '${LONG_AGO}' WHERE id = ${ids[0]}`);
      if (isReindexed) await world.expectMended();
      expect(await world.sync(tenant, [anna()])).toMatchObject({ ids: [ids[0]], isNew: 0, changed: 1 });
      expect(await world.follow(tenant)).toMatchObject({ id: ids[0], deletedAt: null });
      expect(await world.find(tenant, { remark: '采购' })).toEqual(['Anna']);
      await world.expectInLine();
    });

    test('is not brought back by a change of its contact', async () => {
      const { ids } = await world.sync(tenant, [anna(), bert()]);
      await world.dataSource.query(`UPDATE wechat_follow SET deleted_at = '${LONG_AGO}' WHERE id = ${ids[0]}`);
      await world.expectMended();
      await world.sync(tenant, [bert({ name: '李雷', externalType: 2 })]);
      expect(await world.find(tenant)).toEqual(['Bert']);
      await world.expectInLine();
    });
  });

  test('a contact that SQL deleted or removed is restored for all its follows', async () => {
    await world.sync(tenant, [anna(), bert()]);
    const of = `uniacid = ${tenant.uniacid} AND crop_id = ${tenant.enterpriseId}`;
    await world.dataSource.query(`UPDATE wechat_customer SET deleted_at = '${LONG_AGO}' WHERE ${of}`);
    await world.sync(tenant, [anna()]);
    await world.expectInLine();
    await world.dataSource.query(`DELETE FROM wechat_customer WHERE ${of}`);
    await world.expectMended();
    expect(await world.find(tenant, { customer: '小明' })).toEqual([]);
    await world.sync(tenant, [anna()]);
    expect(await world.find(tenant, { customer: '小明' })).toEqual(['Anna', 'Bert']);
    await world.expectInLine();
  });

  test('tags that are not known yet count as none, and are linked once the follow changes', async () => {
    await world.sync(tenant, [anna({ tagId: 'etLater' })]);
    expect(await world.find(tenant, { tags_mode: 'none' })).toEqual(['Anna']);
    await world.expectInLine();
    await buildTag(world.dataSource, { ...tenant, tagId: 'etLater' });
    await world.sync(tenant, [anna({ tagId: 'etLater', remark: '改' })]);
    expect(await world.find(tenant, { tags_data: 'etLater' })).toEqual(['Anna']);
    expect(await world.find(tenant, { tags_mode: 'none' })).toEqual([]);
    await world.expectInLine();
  });

  test('odd texts and numbers fail no page: they are cut, replaced, brought within their columns', async () => {
    const long = '😀'.repeat(300);
    const page = [
      anna(
        { remark: long, description: `a\ud800b`, addWay: '123456789', createtime: NaN, state: '\udc00' },
        { name: long, gender: 999, externalProfile: `["${'中'.repeat(30_000)}"]`, avatar: 'a'.repeat(2000) },
      ),
      bert({ externalUserid: 'wm2' }),
    ];
    await world.sync(tenant, page);
    expect(await world.follow(tenant)).toMatchObject({
      remark: '😀'.repeat(255),
      description: 'a\ufffdb',
      addWay: '12345678',
      createtime: 0,
      state: '\ufffd',
    });
    const contact = (await world.contact(tenant))!;
    expect(contact).toMatchObject({
      name: '😀'.repeat(255),
      gender: 127,
      externalProfile: 'null',
      avatar: 'a'.repeat(1024),
    });
    const before = await world.everything();
    expect(await world.sync(tenant, page)).toMatchObject({ changed: 0 });
    expect(await world.everything()).toBe(before);
    await world.expectInLine();
  });

  test('equal ids of other enterprises and uniacids are other follows', async () => {
    const others = [await world.open(tenant.uniacid), await world.open()];
    for (const each of [tenant, ...others]) await world.sync(each, [seen()]);
    const untouched = async () => JSON.stringify(await Promise.all(others.map((each) => world.follows(each))));
    const before = await untouched();
    const { ids } = await world.sync(tenant, [seen({ contact: { name: '李雷' }, follow: { remark: '' } })]);
    expect(await world.end(tenant, await idsOf(others[1]!), { by: 'sync', at: LONG_AGO })).toBe(0);
    expect(await world.end(tenant, ids, { by: 'sync', at: LONG_AGO })).toBe(1);
    expect(await untouched()).toBe(before);
    expect(await world.find(others[1]!, { customer: '小明' })).toEqual(['Anna']);
    await world.expectInLine();
  });

  const idsOf = async (of: Tenant) => (await world.follows(of)).map(({ id }) => id);

  test('an enterprise that does not exist is refused', async () => {
    const unknown = { uniacid: tenant.uniacid, enterpriseId: 999_999 };
    await expect(world.sync(unknown, [anna()])).rejects.toThrow('enterprise 999999');
    expect(await world.dataSource.manager.countBy(Follow, unknown)).toBe(0);
  });

  test('an id that no key can hold is refused by its column', async () => {
    await expect(world.sync(tenant, [anna({}, { externalUserid: 'wm ' })])).rejects.toThrow('external_userid');
    expect(await world.follows(tenant)).toEqual([]);
  });
});
