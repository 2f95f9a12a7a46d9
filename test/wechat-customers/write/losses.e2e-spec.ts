import { wallClock } from '../../../src/base/time';
import type { Tenant } from '../../../src/enterprise/tenant';
import type { Loser } from '../../../src/wechat-customers/entities/follow-history.entity';
import type { SeenFollow } from '../../../src/wechat-customers/write/seen';
import { ADDED, LONG_AGO, seen, World } from './world';

/** When the follow of most tests is lost, unix seconds and wall clock. */
const LOST_TIME = ADDED + 1000;
const LOST_AT = wallClock(new Date(LOST_TIME * 1000));

/** endFollows, and what brings a lost follow back. */
describe('lost follows', () => {
  let world: World;
  let tenant: Tenant;
  let id: number;

  beforeAll(async () => {
    world = await World.start(9750);
  });

  afterAll(() => world.app.stop());

  beforeEach(async () => {
    tenant = await world.open();
    const { ids } = await world.sync(tenant, [seen(), seen({ follow: { userid: 'Bert' } })]);
    id = ids[0]!;
  });

  const end = (by: Loser, more: { eventTime?: number; asked?: number } = {}) =>
    world.end(tenant, [id], { by, at: LOST_AT, ...more });

  const again = (follow: Partial<SeenFollow['follow']> = {}) => [seen({ follow })];

  test.each<Loser>(['member', 'customer', 'transfer', 'sync'])('ended by %s', async (by) => {
    await world.age();
    const revision = await world.revision(tenant);
    expect(await end(by)).toBe(1);
    expect(await world.follow(tenant)).toMatchObject({ status: -1, lostAt: LOST_AT, lostBy: by, touchedRevision: 0 });
    expect((await world.follow(tenant)).updatedAt).not.toBe(LONG_AGO);
    expect((await world.follow(tenant, 'Bert')).updatedAt).toBe(LONG_AGO);
    expect(await world.history(tenant, id)).toEqual([`lost ${by}`]);
    expect(await world.revision(tenant)).toBe(revision + 1);
    expect([await world.find(tenant, { status: -1 }), await world.find(tenant, { status: 1 })]).toEqual([
      ['Anna'],
      ['Bert'],
    ]);
    expect(await world.find(tenant, { remark: '采购', status: -1 })).toEqual(['Anna']);
    await world.expectInLine();
  });

  test('ended twice, or by another enterprise, or deleted: nothing happens', async () => {
    await end('member');
    const before = await world.everything();
    expect(await end('sync')).toBe(0);
    expect(await world.end(await world.open(), [id], { by: 'sync', at: LOST_AT })).toBe(0);
    expect(await world.history(tenant, id)).toEqual(['lost member']);
    expect(JSON.parse(before)[2]).toEqual(JSON.parse(await world.everything())[2]);
    const bert = await world.follow(tenant, 'Bert');
    await world.dataSource.query(`UPDATE wechat_follow SET deleted_at = '${LONG_AGO}' WHERE id = ${bert.id}`);
    await world.expectMended();
    expect(await world.end(tenant, [bert.id], { by: 'sync', at: LOST_AT })).toBe(0);
  });

  test.each<Loser>(['member', 'transfer', 'sync'])('seen again after %s: returns under its id', async (by) => {
    await end(by);
    expect(await world.sync(tenant, again())).toEqual({ ids: [id], isNew: 0, returned: 1, changed: 0, kept: 0 });
    expect(await world.follow(tenant)).toMatchObject({ id, status: 1, lostAt: null, lostBy: '' });
    expect(await world.history(tenant, id)).toEqual([`lost ${by}`, 'returned sync']);
    expect(await world.find(tenant, { status: 1 })).toEqual(['Anna', 'Bert']);
    await world.expectInLine();
  });

  test('seen again after its contact ended it: stays lost, but is kept up to date', async () => {
    await end('customer');
    expect(await world.sync(tenant, again({ remark: '新备注' }))).toMatchObject({ returned: 0, changed: 1 });
    expect(await world.follow(tenant)).toMatchObject({
      status: -1,
      lostAt: LOST_AT,
      lostBy: 'customer',
      remark: '新备注',
    });
    const before = await world.everything();
    await world.sync(tenant, again({ remark: '新备注' }));
    expect(await world.everything()).toBe(before);
    expect(await world.find(tenant, { status: -1, remark: '新备注' })).toEqual(['Anna']);
    await world.expectInLine();
  });

  test.each([
    [LOST_TIME, 0],
    [LOST_TIME + 1, 1],
  ])('its contact ended it, and it was added at %i', async (createtime, returned) => {
    await end('customer');
    expect(await world.sync(tenant, again({ createtime }))).toMatchObject({ returned });
    expect((await world.follow(tenant)).status).toBe(returned === 1 ? 1 : -1);
    await world.expectInLine();
  });

  test('its contact ended it: an edit leaves it lost, an addition brings it back', async () => {
    await end('customer', { eventTime: LOST_TIME });
    expect(await world.event(tenant, again(), LOST_TIME + 1)).toMatchObject({ returned: 0 });
    expect(await world.event(tenant, again(), LOST_TIME + 2, { isAdd: true })).toMatchObject({ returned: 1 });
    expect(await world.history(tenant, id)).toEqual(['lost customer', 'returned event']);
    expect(await world.follow(tenant)).toMatchObject({ status: 1, eventTime: LOST_TIME + 2 });
    await world.expectInLine();
  });

  test.each<Loser>(['member', 'transfer'])('ended by %s: an edit leaves it lost, a later addition not', async (by) => {
    await end(by, { eventTime: LOST_TIME });
    const edited = again({ remark: '新备注' });
    expect(await world.event(tenant, edited, LOST_TIME)).toMatchObject({ returned: 0 });
    expect(await world.event(tenant, edited, LOST_TIME + 1)).toMatchObject({ returned: 0 });
    expect(await world.follow(tenant)).toMatchObject({ status: -1, lostAt: LOST_AT, lostBy: by, remark: '新备注' });
    const added = again({ createtime: LOST_TIME + 1 });
    expect(await world.event(tenant, added, LOST_TIME + 2)).toMatchObject({ returned: 1 });
    expect(await world.follow(tenant)).toMatchObject({ status: 1, lostBy: '' });
    await world.expectInLine();
  });

  test.each<Loser>(['member', 'transfer'])(
    'ended by %s, touched by an edit: a later sync brings it back',
    async (by) => {
      await end(by, { eventTime: LOST_TIME });
      await world.event(tenant, again(), LOST_TIME + 1);
      expect(await world.sync(tenant, again())).toMatchObject({ returned: 1 });
    },
  );

  test('found lost by a sync: an edit brings it back', async () => {
    await end('sync');
    expect(await world.event(tenant, again(), LOST_TIME + 1)).toMatchObject({ returned: 1 });
    await world.expectInLine();
  });

  test.each([
    [LOST_TIME, 1],
    [LOST_TIME + 1, 0],
  ])('an end of an event changes nothing of a follow added later: at %i', async (createtime, ended) => {
    await world.sync(tenant, again({ createtime }));
    const before = await world.everything();
    expect(await end('member', { eventTime: LOST_TIME })).toBe(ended);
    expect((await world.follow(tenant)).status).toBe(ended === 1 ? -1 : 1);
    if (ended === 0) expect(await world.everything()).toBe(before);
    await world.expectInLine();
  });

  test('an end that comes late changes nothing of a follow that a later addition brought back', async () => {
    await end('sync');
    await world.sync(tenant, again({ createtime: LOST_TIME + 60 }));
    const before = await world.everything();
    expect(await end('customer', { eventTime: LOST_TIME })).toBe(0);
    expect(await world.everything()).toBe(before);
  });

  test('found lost by a sync, then ended by its contact: only an addition brings it back', async () => {
    await end('sync');
    expect(await end('customer', { eventTime: LOST_TIME })).toBe(0);
    expect(await world.follow(tenant)).toMatchObject({ status: -1, lostBy: 'customer' });
    expect(await world.sync(tenant, again())).toMatchObject({ returned: 0 });
    expect(await world.history(tenant, id)).toEqual(['lost sync']);
    await world.expectInLine();
  });

  test('a status that somebody else set returns, too', async () => {
    await world.dataSource.query(`UPDATE wechat_follow SET status = -1 WHERE id = ${id}`);
    await world.expectMended();
    expect(await world.sync(tenant, again())).toMatchObject({ returned: 1 });
    await world.expectInLine();
  });

  describe('events take effect in their order', () => {
    test('an older one changes nothing', async () => {
      await world.event(tenant, again({ remark: '第二' }), LOST_TIME + 5);
      const before = await world.everything();
      expect(await world.event(tenant, again({ remark: '第一' }), LOST_TIME)).toMatchObject({
        ids: [id],
        kept: 1,
        changed: 0,
      });
      expect(await end('member', { eventTime: LOST_TIME })).toBe(0);
      expect(await world.everything()).toBe(before);
    });

    test('one of the same second does', async () => {
      await end('member', { eventTime: LOST_TIME });
      expect(await world.event(tenant, again(), LOST_TIME, { isAdd: true })).toMatchObject({ returned: 1 });
      expect(await end('customer', { eventTime: LOST_TIME })).toBe(1);
    });

    test('a late addition does not bring back what ended since', async () => {
      await end('member', { eventTime: LOST_TIME + 5 });
      expect(await world.event(tenant, again(), LOST_TIME, { isAdd: true })).toMatchObject({ returned: 0, kept: 1 });
    });
  });

  describe('what was touched after WeCom was asked', () => {
    test('stays as the event left it, its contact too; a page asked later is stored', async () => {
      const asked = await world.revision(tenant);
      await world.event(tenant, [seen({ follow: { remark: '事件' }, contact: { name: '新名' } })], LOST_TIME);
      const before = await world.everything();
      expect(await world.sync(tenant, again({ remark: '旧页' }), asked)).toEqual({
        ...{ ids: [id], isNew: 0, returned: 0, changed: 0, kept: 1 },
      });
      expect(await world.everything()).toBe(before);
      await world.sync(tenant, [seen({ follow: { remark: '新页' } })]);
      expect(await world.follow(tenant)).toMatchObject({ remark: '新页', touchedRevision: asked + 1 });
      expect(await world.contact(tenant)).toMatchObject({ name: '王小明' });
      await world.expectInLine();
    });

    test('counts as touched even if the event found nothing new, and keeps its updated_at', async () => {
      await world.age();
      const asked = await world.revision(tenant);
      expect(await world.event(tenant, again(), LOST_TIME)).toMatchObject({ changed: 0 });
      expect((await world.follow(tenant)).updatedAt).toBe(LONG_AGO);
      expect(await world.sync(tenant, again({ remark: '旧页' }), asked)).toMatchObject({ kept: 1 });
    });

    test('does not return by a page asked before it ended', async () => {
      const asked = await world.revision(tenant);
      await end('member', { eventTime: LOST_TIME });
      expect(await world.sync(tenant, again(), asked)).toMatchObject({ returned: 0, kept: 1 });
      expect((await world.follow(tenant)).status).toBe(-1);
    });

    test('is not lost by a list that was begun before', async () => {
      const asked = await world.revision(tenant);
      await world.event(tenant, again(), LOST_TIME, { isAdd: true });
      expect(await end('sync', { asked })).toBe(0);
      expect(await end('sync', { asked: await world.revision(tenant) })).toBe(1);
    });

    test.each([
      ['an avatar', { avatar: 'https://example.com/b.png' }],
      ['a name', { name: '新名' }],
    ])("another employee's page leaves %s as the event left it; its follow is stored", async (_what, contact) => {
      const asked = await world.revision(tenant);
      await world.event(tenant, [seen({ contact, follow: { userid: 'Bert' } })], LOST_TIME);
      const page = ['Anna', 'Cleo'].map((userid) => seen({ follow: { userid, remark: '旧页' } }));
      const others = [seen({ contact: { externalUserid: 'wm2' } })];
      expect(await world.sync(tenant, [...page, ...others], asked)).toMatchObject({ isNew: 2, changed: 1, kept: 0 });
      expect(await world.contact(tenant)).toMatchObject(contact);
      expect((await world.follow(tenant)).remark).toBe('旧页');
      await world.expectInLine();
      await world.sync(tenant, page);
      expect(await world.contact(tenant)).toMatchObject({ name: '王小明', avatar: 'https://example.com/a.png' });
      await world.expectInLine();
    });

    test('the others of the page are stored', async () => {
      const asked = await world.revision(tenant);
      await world.event(tenant, again({ remark: '事件' }), LOST_TIME);
      const page = ['Anna', 'Bert', 'Cleo'].map((userid) => seen({ follow: { userid, remark: '旧页' } }));
      expect(await world.sync(tenant, page, asked)).toMatchObject({ isNew: 1, changed: 1, kept: 1 });
      expect((await world.follows(tenant)).map(({ remark }) => remark)).toEqual(['事件', '旧页', '旧页']);
      await world.expectInLine();
    });
  });

  describe('route history', () => {
    const ask = async (parameters: object, { uniacid } = tenant) =>
      (
        await world.app.send(`/business/${uniacid}/plugin/WechatCustomers/history`, {
          token: world.token,
          json: parameters,
        })
      ).body;

    test('shows losses and returns, oldest first, by GET as well', async () => {
      await end('customer', { eventTime: LOST_TIME });
      await world.event(tenant, again(), LOST_TIME + 2, { isAdd: true });
      const { result, data } = await ask({ id });
      expect([result, data]).toEqual([
        1,
        {
          list: [
            { event: 'lost', by: 'customer', at: LOST_AT },
            { event: 'returned', by: 'event', at: wallClock(new Date((LOST_TIME + 2) * 1000)) },
          ],
        },
      ]);
      const path = `/business/${tenant.uniacid}/plugin/WechatCustomers/history?id=${id}`;
      const { body } = await world.app.send(path, { token: world.token, method: 'GET' });
      expect(body.data).toEqual(data);
    });

    test('is empty for a follow that was never lost', async () => {
      expect((await ask({ id })).data).toEqual({ list: [] });
    });

    test('unknown, deleted and foreign ids are refused in the same words', async () => {
      const missing = { result: 0, msg: '记录不存在', data: [] };
      const other = await world.open();
      await end('member');
      expect(await ask({ id }, other)).toEqual(missing);
      expect(await ask({ id: 999_999_999 })).toEqual(missing);
      await world.dataSource.query(`UPDATE wechat_follow SET deleted_at = '${LONG_AGO}' WHERE id = ${id}`);
      expect(await ask({ id })).toEqual(missing);
      await world.expectMended();
    });

    test.each([
      [{}, '参数错误：id 不能为空'],
      [{ id: 'x' }, '参数错误：id 必须是数字'],
      [{ id: [1] }, '参数错误：id 必须是数字'],
    ])('%j is refused', async (parameters, msg) => {
      expect(await ask(parameters)).toEqual({ result: 0, msg, data: [] });
    });
  });
});
