import { Random } from '../../bench/data/random';
import { Follow } from '../../src/wechat-customers/entities/follow.entity';
import type { Tag } from '../../src/wechat-customers/entities/tag.entity';
import { reindex } from '../../src/wechat-customers/search-index/reindex';
import { FollowData, FollowWriter } from '../../src/wechat-customers/write/follow-writer';
import { TestApp } from '../app';
import { expectExactlyDerived } from '../derived-rows';
import { buildEnterprise, buildRight, buildTag, followData } from '../factories';
import { satisfies, Search } from './shown';

const UNIACID = 9600;
const LIST = `/business/${UNIACID}/plugin/WechatCustomers/getList`;

type ContactData = Pick<FollowData['contact'], 'externalUserid' | 'name' | 'externalType' | 'memberUid'>;

/** Filters speak of what the rows show, where contacts are deleted, missing or inserted anew (CONTRACT 2.3). */
describe('filters where contacts are gone', () => {
  let app: TestApp;
  let token: string;
  let tenant: { uniacid: number; enterpriseId: number };
  let tags: Tag[];

  beforeAll(async () => {
    app = await TestApp.start();
    token = await app.login();
  });

  afterAll(() => app.stop());

  beforeEach(async () => {
    const { id } = await buildEnterprise(app.dataSource, { uniacid: UNIACID });
    tenant = { uniacid: UNIACID, enterpriseId: id };
    await buildRight(app.dataSource, tenant);
    await app.send(`/business/${UNIACID}/admin/manageBusiness`, { token, json: { id } });
    tags = [await buildTag(app.dataSource, tenant), await buildTag(app.dataSource, tenant)];
  });

  const save = (follows: FollowData[]) => app.app.get(FollowWriter).save(tenant, follows);

  const reindexAll = () => reindex(app.dataSource);

  const ofContact = (externalUserid: string) => [tenant.uniacid, tenant.enterpriseId, externalUserid];

  const OF_CONTACT = 'uniacid = ? AND crop_id = ? AND external_userid = ?';

  /** What SQL does to a contact; the search rows are stale until `reindex`. */
  const bySql = {
    'removed it': (id: string) =>
      app.dataSource.query(`DELETE FROM wechat_customer WHERE ${OF_CONTACT}`, ofContact(id)),
    'deleted it': (id: string) =>
      app.dataSource.query(`UPDATE wechat_customer SET deleted_at = '2024-01-02 03:04:05' WHERE ${OF_CONTACT}`, [
        ...ofContact(id),
      ]),
    'inserted it anew': async (id: string, contact: Partial<ContactData> = {}) => {
      const { name = '李雷', externalType = 1, memberUid = 9 } = contact;
      const [{ next }] = await app.dataSource.query('SELECT MAX(id) + 100 AS next FROM wechat_customer');
      await bySql['removed it'](id);
      await app.dataSource.query(
        `INSERT INTO wechat_customer (id, uniacid, crop_id, external_userid, name, external_type, uid, external_profile)
         VALUES (?, ?, ?, ?, ?, ?, ?, 'null')`,
        [next, ...ofContact(id), name, externalType, memberUid],
      );
    },
  };

  async function read(search: Search, page = 1, per_page = 100) {
    const { body } = await app.send(LIST, { token, json: { search, page, per_page } });
    expect(body.result).toBe(1);
    return body.data;
  }

  const idsOf = (rows: { id: number }[]) => rows.map(({ id }) => id);

  /** The list and a search of it must agree: the same rows in the same order, the same total, by whatever page. */
  async function expectAsShown(searches: Search[]): Promise<void> {
    const all = await read({});
    const tagIds = all.tag.map(({ tag_id }: { tag_id: string }) => tag_id);
    for (const search of searches) {
      const shown = idsOf(all.data.filter((row: any) => satisfies(row, search, tagIds)));
      const found = await read(search);
      expect([search, found.total, idsOf(found.data)]).toEqual([search, shown.length, shown]);
      const second = await read(search, 2, 2);
      expect([search, second.total, idsOf(second.data)]).toEqual([search, shown.length, shown.slice(2, 4)]);
    }
  }

  const SMITH: ContactData = { externalUserid: 'wmSmith', name: '王小明', externalType: 2, memberUid: 0 };
  const JONES: ContactData = { externalUserid: 'wmJones', name: '王小红', externalType: 1, memberUid: 7 };

  const follow = (contact: ContactData, userid: string, more: Partial<FollowData['follow']> = {}) =>
    followData({ contact, follow: { userid, remark: `${contact.name}-回访`, ...more }, tags: tags.slice(0, 1) });

  /** Anna and Bert follow Smith, Anna follows Jones too. */
  const saveThree = () =>
    save([follow(SMITH, 'Anna'), follow(SMITH, 'Bert', { status: -1, addWay: '16' }), follow(JONES, 'Anna')]);

  /** What Smith is found by, alone and beside other filters. */
  const byContact = (): Search[] => [
    ...['王', '小明', '王小明', SMITH.externalUserid].map((customer) => ({ customer })),
    ...[{ member: 0 }, { type: 2 }, { type: 1 }, { customer: '李雷' }, { member: 9 }],
    ...[
      { type: 2, member: 0 },
      { type: 2, status: -1 },
      { type: 2, add_way_type: 16 },
      { type: 2, customer: '小明' },
    ],
    { type: 2, employee_member: 'Anna' },
    { member: 0, employee_member: 'Bert' },
    { member: 0, time: [1_700_000_000, 1_700_000_000] },
    { type: 2, time: [1_600_000_000, ''] },
    { type: 2, remark: '王小明' },
    { customer: '王小明', remark: '回访', status: 1 },
    { customer: SMITH.externalUserid, type: 2, member: 0, tags_data: tags[0]!.tagId },
    { type: 2, tags_data: tags[1]!.tagId, tags_mode: 'exclude' },
    { member: 0, tags_data: tags[0]!.tagId, tags_mode: 'all' },
  ];

  const contactsShown = async () =>
    (await read({})).data.map(({ has_one_customer }: any) => has_one_customer && has_one_customer.name);

  test('all contacts there: each search finds its rows', async () => {
    await saveThree();
    expect(await contactsShown()).toEqual(['王小红', '王小明', '王小明']);
    expect(await Promise.all([{ type: 2 }, { member: 0 }].map(async (search) => (await read(search)).total))).toEqual([
      2, 2,
    ]);
    await expectAsShown(byContact());
  });

  test.each(['removed it', 'deleted it'] as const)(
    'SQL %s: no filter of a contact finds its rows',
    async (happened) => {
      await saveThree();
      await bySql[happened](SMITH.externalUserid);
      await reindexAll();
      expect(await contactsShown()).toEqual(['王小红', null, null]);
      for (const search of [{ type: 2 }, { member: 0 }, { customer: '小明' }, { customer: SMITH.externalUserid }]) {
        expect([search, (await read(search)).total]).toEqual([search, 0]);
      }
      expect((await read({ remark: '王小明' })).total).toBe(2);
      await expectAsShown(byContact());
      await expectExactlyDerived(app.dataSource, tenant);
    },
  );

  test('a follow without a contact holds a type that no search can name', async () => {
    await saveThree();
    await bySql['deleted it'](SMITH.externalUserid);
    await reindexAll();
    const row = { ...tenant, externalUserid: SMITH.externalUserid };
    expect(await app.row(Follow, row)).toMatchObject({ externalType: -1, customerUid: null });
    const { body } = await app.send(LIST, { token, json: { search: { type: -1 } } });
    expect(body).toEqual({ result: 0, msg: '参数错误：search[type] 必须是数字', data: [] });
  });

  test('SQL inserted it anew with another id, name, type and member: its rows are found by these', async () => {
    await saveThree();
    await bySql['inserted it anew'](SMITH.externalUserid);
    await reindexAll();
    expect(await contactsShown()).toEqual(['王小红', '李雷', '李雷']);
    const totals = [{ type: 1 }, { type: 2 }, { member: 9 }, { customer: SMITH.externalUserid }, { customer: '李雷' }];
    expect(await Promise.all(totals.map(async (search) => (await read(search)).total))).toEqual([3, 0, 2, 2, 2]);
    await expectAsShown(byContact());
    await expectExactlyDerived(app.dataSource, tenant);
  });

  test.each(['removed it', 'deleted it', 'inserted it anew'] as const)(
    'after SQL %s, a save of one follow restores it for all, without a reindex',
    async (happened) => {
      await saveThree();
      await bySql[happened](SMITH.externalUserid);
      await save([follow({ ...SMITH, name: '赵敏', externalType: 1, memberUid: 11 }, 'Anna')]);
      expect((await contactsShown()).sort()).toEqual(['王小红', '赵敏', '赵敏']);
      await expectAsShown([...byContact(), { customer: '赵敏' }, { member: 11 }]);
      await expectExactlyDerived(app.dataSource, tenant);
    },
  );

  test('the stored key is another contact’s: neither finds the row', async () => {
    await saveThree();
    const jones = (await read({ customer: '小红' })).data[0].has_one_customer.id;
    await app.dataSource.query(`UPDATE wechat_follow SET customer_pk = ? WHERE ${OF_CONTACT}`, [
      ...[jones, ...ofContact(SMITH.externalUserid)],
    ]);
    await expectAsShown([...byContact(), { customer: '王小红' }, { customer: JONES.externalUserid }]);
  });

  test('random filters find exactly the rows that show what they ask for', async () => {
    const random = new Random(20_261_127);
    const contacts = Array.from({ length: 14 }, (_, n) => `wm${n}`);
    const contactOf = (externalUserid: string): ContactData => ({
      externalUserid,
      name: random.pick(['王小明', '小明', 'Anna 王', '李雷', '韩梅梅小明', '']),
      externalType: random.between(1, 2),
      memberUid: random.pick([0, 0, 7, 9]),
    });
    const follows = () =>
      Array.from({ length: 6 }, () =>
        follow(contactOf(random.pick(contacts)), random.pick(['Anna', 'Bert', 'Cleo']), {
          status: random.pick([1, 1, -1]),
          addWay: random.pick(['0', '1', '16', '202']),
          createtime: 1_700_000_000 + random.between(0, 5),
          tagId: random.pick(['', tags[0]!.tagId, tags.map(({ tagId }) => tagId).join(',')]),
        }),
      );
    let found = 0;
    for (let round = 0; round < 12; round++) {
      await save(follows());
      const { 'inserted it anew': anew, ...others } = bySql;
      await random.pick(Object.values(others))(random.pick(contacts));
      const again = contactOf(random.pick(contacts));
      await anew(again.externalUserid, again);
      await reindexAll();
      const searches = Array.from({ length: 12 }, () => randomSearch(random, contacts, tags));
      await expectAsShown(searches);
      for (const search of searches) found += (await read(search)).total;
    }
    expect((await contactsShown()).filter((name: string | null) => name === null).length).toBeGreaterThan(2);
    expect(found).toBeGreaterThan(200);
  });
});

/** One to three filters. */
function randomSearch(random: Random, contacts: string[], [gold, blue]: Tag[]): Search {
  const search: Search = {};
  const from = 1_700_000_000 + random.between(0, 5);
  for (let n = random.between(1, 3); n > 0; n--) {
    const one: Search[] = [
      { customer: random.pick(['王', '小明', '王小明', 'ANNA', '韩梅梅小', ...contacts]) },
      { member: random.pick([0, 7, 9]) },
      { type: random.between(1, 2) },
      { type: random.between(1, 2) },
      { status: random.pick([1, -1]) },
      { add_way_type: random.pick([0, 1, 16]) },
      { employee_member: random.pick(['Anna', 'Bert']) },
      { tags_data: random.pick([gold!, blue!]).tagId, tags_mode: random.pick(['any', 'exclude'] as const) },
      { tags_data: `${gold!.tagId},${blue!.tagId}`, tags_mode: random.pick(['any', 'all'] as const) },
      { tags_mode: 'none' },
      { remark: random.pick(['回访', '小明']) },
      { time: [from, random.pick(['' as const, from + 2])] },
    ];
    Object.assign(search, random.pick(one));
  }
  return search;
}
