import { Contact } from '../../../src/wechat-customers/entities/contact.entity';
import { Follow } from '../../../src/wechat-customers/entities/follow.entity';
import type { Tag } from '../../../src/wechat-customers/entities/tag.entity';
import { FollowWriter, FollowData } from '../../../src/wechat-customers/write/follow-writer';
import { rebuildFollowIndex } from '../../../src/wechat-customers/search-index/rebuild';
import { TestApp } from '../../app';
import { engine } from '../../database';
import { derivedRows, expectExactlyDerived } from '../../derived-rows';
import { buildEnterprise, buildRight, buildTag, followData } from '../../factories';

interface Tenant {
  uniacid: number;
  enterpriseId: number;
}

/** FollowWriter.save: the list finds and counts at once what it stores. */
describe('saved follows', () => {
  let app: TestApp;
  let token: string;
  let uniacid = 9000;
  let tenant: Tenant;
  let [gold, blue]: Tag[] = [];

  beforeAll(async () => {
    // A connection for each save of a burst: the wait for one is bounded, which test/resilience/timed/bounds tests.
    app = await TestApp.start({ settings: { DATABASE_POOL_SIZE: '40' } });
    token = await app.login();
  });

  afterAll(() => app.stop());

  beforeEach(async () => {
    tenant = await openEnterprise(++uniacid);
    [gold, blue] = [await buildTag(app.dataSource, tenant), await buildTag(app.dataSource, tenant)];
  });

  /** A new enterprise, chosen by the signed-in user. */
  async function openEnterprise(ofUniacid: number): Promise<Tenant> {
    const { id } = await buildEnterprise(app.dataSource, { uniacid: ofUniacid });
    await buildRight(app.dataSource, { uniacid: ofUniacid, enterpriseId: id });
    await app.send(`/business/${ofUniacid}/admin/manageBusiness`, { token, json: { id } });
    return { uniacid: ofUniacid, enterpriseId: id };
  }

  const save = (follows: FollowData[], to = tenant) => app.app.get(FollowWriter).save(to, follows);

  /** The userids of the follows that a search finds, newest first; the total must agree. */
  async function find(search: object = {}, of = tenant): Promise<string[]> {
    const path = `/business/${of.uniacid}/plugin/WechatCustomers/getList`;
    const { body } = await app.send(path, { token, json: { search, per_page: 100 } });
    expect(body.result).toBe(1);
    expect(body.data.total).toBe(body.data.data.length);
    return body.data.data.map(({ userid }: { userid: string }) => userid);
  }

  const rows = (of = tenant) => app.dataSource.getRepository(Follow).find({ where: { ...of }, order: { id: 'ASC' } });

  const derived = (of = tenant) => derivedRows(app.dataSource, of);
  const expectExact = (of = tenant) => expectExactlyDerived(app.dataSource, of);

  /** Anna follows 王小明, with the remark 北京采购. */
  const anna = (overrides: Parameters<typeof followData>[0] = {}) =>
    followData({
      tags: [gold!],
      ...overrides,
      contact: { externalUserid: 'wm1', name: '王小明', ...overrides.contact },
      follow: { userid: 'Anna', remark: '北京采购', ...overrides.follow },
    });

  describe('a new follow', () => {
    beforeEach(() => save([anna()]));

    test.each<[string, (of: { gold: Tag; blue: Tag }) => object, (of: { gold: Tag; blue: Tag }) => object]>([
      ['its tag', ({ gold }) => ({ tags_data: gold.tagId }), ({ blue }) => ({ tags_data: blue.tagId })],
      ['having a tag', () => ({}), () => ({ tags_mode: 'none' })],
      ['its remark', () => ({ remark: '京采' }), () => ({ remark: '王小' })],
      ["its contact's name", () => ({ customer: '小明' }), () => ({ customer: '北京' })],
      ["its contact's external_userid", () => ({ customer: 'wm1' }), () => ({ customer: 'wm' })],
      ['its employee', () => ({ employee_member: 'Anna' }), () => ({ employee_member: 'anna' })],
      ['its status', () => ({ status: 1 }), () => ({ status: -1 })],
      ['its contact having no member', () => ({ member: 0 }), () => ({ member: 7 })],
    ])('is found and counted by %s', async (_, by, notBy) => {
      const tags = { gold: gold!, blue: blue! };
      expect(await find(by(tags))).toEqual(['Anna']);
      expect(await find(notBy(tags))).toEqual([]);
      await expectExact();
    });

    test('is stored with its contact', async () => {
      const contact = await app.row(Contact, { ...tenant, externalUserid: 'wm1' });
      expect(contact).toMatchObject({ name: '王小明', memberUid: 0, deletedAt: null });
      const [row] = await rows();
      expect(row).toMatchObject({ userid: 'Anna', remark: '北京采购', tagId: gold!.tagId, customerPk: contact!.id });
    });

    test('stays the same when saved again, and nothing is counted twice', async () => {
      const before = { rows: await rows(), derived: await derived() };
      await save([anna()]);
      await save([anna(), anna()]);
      const after = await rows();
      expect(after.map((row) => ({ ...row, updatedAt: null }))).toEqual(
        before.rows.map((row) => ({ ...row, updatedAt: null })),
      );
      expect(await derived()).toEqual(before.derived);
      expect(await find({})).toEqual(['Anna']);
    });
  });

  test.each<[what: string, changed: (blue: Tag) => FollowData, old: () => object, now: () => object]>([
    ['remark', () => anna({ follow: { remark: '上海财务' } }), () => ({ remark: '北京' }), () => ({ remark: '海财' })],
    ['name', () => anna({ contact: { name: '李雷' } }), () => ({ customer: '小明' }), () => ({ customer: '李雷' })],
    ['tags', (blue) => anna({ tags: [blue] }), () => ({ tags_data: gold!.tagId }), () => ({ tags_data: blue!.tagId })],
    ['tags, all removed', () => anna({ tags: [] }), () => ({ tags_data: gold!.tagId }), () => ({ tags_mode: 'none' })],
    ['status', () => anna({ follow: { status: -1 } }), () => ({ status: 1 }), () => ({ status: -1 })],
    [
      'way of adding',
      () => anna({ follow: { addWay: '9' } }),
      () => ({ add_way_type: 1 }),
      () => ({ add_way_type: 9 }),
    ],
    ['type', () => anna({ contact: { externalType: 2 } }), () => ({ type: 1 }), () => ({ type: 2 })],
    ['member', () => anna({ contact: { memberUid: 7 } }), () => ({ member: 0 }), () => ({ member: 7 })],
    [
      'time',
      () => anna({ follow: { createtime: 1_600_000_000 } }),
      () => ({ time: [1_700_000_000, ''] }),
      () => ({ time: ['', 1_699_999_999] }),
    ],
  ])('a changed follow is found by its new %s, not by the old', async (_, changed, old, now) => {
    await save([anna()]);
    expect([await find(old()), await find(now())]).toEqual([['Anna'], []]);
    await save([changed(blue!)]);
    expect([await find(old()), await find(now())]).toEqual([[], ['Anna']]);
    expect(await find({})).toEqual(['Anna']);
    await expectExact();
  });

  test("a contact's new name, type and member apply to the follows of all employees", async () => {
    const bert = anna({ follow: { userid: 'Bert', remark: '' } });
    await save([anna(), bert]);
    await save([anna({ contact: { name: '李雷', externalType: 2, memberUid: 7 } })]);
    for (const search of [{ customer: '李雷' }, { type: 2 }, { member: 7 }]) {
      expect((await find(search)).sort()).toEqual(['Anna', 'Bert']);
    }
    for (const search of [{ customer: '小明' }, { type: 1 }, { member: 0 }]) expect(await find(search)).toEqual([]);
    expect(await find({ remark: '北京' })).toEqual(['Anna']);
    await expectExact();
  });

  test('a deleted follow is restored with its old id', async () => {
    await save([anna(), anna({ follow: { userid: 'Bert' } })]);
    const [before] = await rows();
    await app.dataSource.getRepository(Follow).update({ id: before!.id }, { deletedAt: '2024-01-02 03:04:05' });
    await rebuildFollowIndex(app.dataSource.manager); // required after a change by SQL
    expect(await find({ remark: '北京' })).toEqual(['Bert']);
    await save([anna()]);
    expect((await find({ remark: '北京' })).sort()).toEqual(['Anna', 'Bert']);
    expect(await app.row(Follow, { id: before!.id })).toMatchObject({ userid: 'Anna', deletedAt: null });
    await expectExact();
  });

  test('a deleted contact is restored with its follow', async () => {
    await save([anna()]);
    const contacts = app.dataSource.getRepository(Contact);
    await contacts.update({ ...tenant, externalUserid: 'wm1' }, { deletedAt: '2024-01-02 03:04:05' });
    await rebuildFollowIndex(app.dataSource.manager);
    expect(await find({ customer: '小明' })).toEqual([]);
    await save([anna()]);
    expect(await find({ customer: '小明' })).toEqual(['Anna']);
    await expectExact();
  });

  test('twelve hundred at once are saved, and saved again', async () => {
    const many = Array.from({ length: 1200 }, (_, n) => followData({ tags: [gold!], contact: { name: `客户${n}` } }));
    await save(many);
    await save(many.map(({ contact, follow }) => ({ contact, follow: { ...follow, tagId: blue!.tagId } })));
    const found = await rows();
    expect(found).toHaveLength(1200);
    expect(found.every(({ tagId }) => tagId === blue!.tagId)).toBe(true);
    await expectExact();
  });

  test('the same ids in another enterprise or uniacid are other follows', async () => {
    const { id } = await buildEnterprise(app.dataSource, { uniacid: tenant.uniacid });
    const others = [{ uniacid: tenant.uniacid, enterpriseId: id }, await openEnterprise(++uniacid)];
    for (const each of [tenant, ...others]) await save([anna()], each);
    const untouched = await Promise.all(others.map(async (each) => [await rows(each), await derived(each)]));
    await save([anna({ contact: { name: '李雷', memberUid: 7 }, follow: { remark: '', status: -1 }, tags: [] })]);
    expect(await Promise.all(others.map(async (each) => [await rows(each), await derived(each)]))).toEqual(untouched);
    expect(await find({ customer: '小明' })).toEqual([]);
    expect(await find({ customer: '小明' }, others[1])).toEqual(['Anna']);
    await expectExact();
  });

  describe('twenty saves at once of overlapping follows', () => {
    const overlapping = (employee: number, contact: number, n: number) =>
      followData({
        tags: n % 2 ? [gold!] : [blue!],
        contact: { externalUserid: `wm${contact}`, name: `客户${contact}-${n}`, memberUid: n % 3 },
        follow: { userid: `Employee${employee}`, remark: `备注${n}`, status: n % 4 ? 1 : -1 },
      });

    /** Saves five follows each, no two in the same order. @returns the reasons of those that failed */
    async function saveTwenty(): Promise<string[]> {
      const five = [0, 1, 2, 3, 4];
      const saves = Array.from({ length: 20 }, (_, n) =>
        save(five.map((i) => overlapping((n + i) % 4, (n * 3 + i) % 7, n))),
      );
      const outcomes = await Promise.allSettled(saves);
      return outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [String(outcome.reason)] : []));
    }

    test('leave exact terms, links and counters', async () => {
      await saveTwenty();
      expect((await find()).length).toBe((await rows()).length);
      await expectExact();
    });

    test('all succeed, the first time and when all follows exist', async () => {
      expect(await saveTwenty()).toEqual([]);
      expect(await saveTwenty()).toEqual([]);
      expect((await rows()).length).toBeGreaterThan(20);
    });

    test('so do thirty of ten follows each: they wait for each other before they hold any lock', async () => {
      for (let round = 0; round < 3; round++) {
        const saves = Array.from({ length: 30 }, (_, n) =>
          save(Array.from({ length: 10 }, (__, i) => overlapping((n + i + round) % 6, (n * 7 + i * 11) % 60, n))),
        );
        await Promise.all(saves);
      }
      await expectExact();
    });
  });

  describe('when saving fails', () => {
    /** A trigger in the engine's own SQL that fails the statement. */
    const trigger = (event: string, table: string, condition: string) =>
      engine === 'sqlite'
        ? `CREATE TRIGGER refuse ${event} ON ${table} WHEN ${condition} BEGIN SELECT RAISE(ABORT, 'refused'); END`
        : `CREATE TRIGGER refuse ${event} ON ${table} FOR EACH ROW
           IF ${condition} THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'refused'; END IF`;

    afterEach(() => app.dataSource.query('DROP TRIGGER IF EXISTS refuse'));

    test.each([
      ['in the middle, at the follows', () => trigger('BEFORE UPDATE', 'wechat_follow', "NEW.remark = '新'")],
      ['at its last statement', () => trigger('BEFORE UPDATE', 'enterprise', `NEW.id = ${tenant.enterpriseId}`)],
    ])('%s, nothing changes', async (_, sql) => {
      await save([anna()]);
      const contact = () => app.row(Contact, { ...tenant, externalUserid: 'wm1' });
      const state = async () => ({ rows: await rows(), derived: await derived(), contact: await contact() });
      const before = await state();
      await app.dataSource.query(sql());
      const attempt = save([
        anna({ contact: { name: '李雷' }, follow: { remark: '新' }, tags: [blue!] }),
        anna({ contact: { externalUserid: 'wm2', name: '韩梅梅' } }),
      ]);
      await expect(attempt).rejects.toThrow('refused');
      expect(await state()).toEqual(before);
      expect(await find({ customer: '小明' })).toEqual(['Anna']);
    });

    test('the next save succeeds', async () => {
      await save([anna()]);
      await app.dataSource.query(trigger('BEFORE UPDATE', 'enterprise', `NEW.id = ${tenant.enterpriseId}`));
      await expect(save([anna({ follow: { remark: '新' } })])).rejects.toThrow('refused');
      await app.dataSource.query('DROP TRIGGER refuse');
      await save([anna({ follow: { remark: '新' } })]);
      expect(await find({ remark: '新' })).toEqual(['Anna']);
      await expectExact();
    });
  });

  test('deriving again after changes by SQL gives the same rows as saving', async () => {
    const changed = [
      anna({
        contact: { name: '李雷', memberUid: 7, externalType: 2 },
        follow: { remark: '上海', status: -1 },
        tags: [blue!],
      }),
      anna({ contact: { externalUserid: 'wm2', name: '韩梅梅' }, follow: { addWay: '9' }, tags: [] }),
    ];
    await save([anna(), anna({ contact: { externalUserid: 'wm2', name: '没有' } })]);
    const { query } = { query: app.dataSource.query.bind(app.dataSource) };
    const { uniacid, enterpriseId } = tenant;
    const where = 'uniacid = ? AND crop_id = ? AND external_userid = ?';
    for (const { contact, follow } of changed) {
      const key = [uniacid, enterpriseId, contact.externalUserid];
      await query(`UPDATE wechat_customer SET name = ?, uid = ?, external_type = ? WHERE ${where}`, [
        ...[contact.name, contact.memberUid, contact.externalType],
        ...key,
      ]);
      await query(`UPDATE wechat_follow SET remark = ?, status = ?, add_way = ?, tag_id = ? WHERE ${where}`, [
        ...[follow.remark, follow.status, follow.addWay, follow.tagId],
        ...key,
      ]);
    }
    await rebuildFollowIndex(app.dataSource.manager);
    const rebuilt = { rows: await rows(), derived: await derived() };
    expect(await find({ customer: '李雷', remark: '上海', tags_data: blue!.tagId, member: 7, type: 2 })).toEqual([
      'Anna',
    ]);
    await save(changed);
    expect({ rows: await rows(), derived: await derived() }).toEqual({
      ...rebuilt,
      rows: rebuilt.rows.map((row) => ({ ...row, updatedAt: expect.anything() })),
    });
  });

  describe('a text', () => {
    const LONG = Array.from({ length: 255 }, (_, n) => String.fromCodePoint(0x4e00 + ((n * 7919) % 20_000))).join('');
    const THIRTY = '北京市朝阳区建国路八十八号现代城五号楼一单元一千二百零三室转';

    test.each<[what: string, stored: string, foundBy: string[], notBy: string[]]>([
      ['in upper and lower case', 'Anna SCHMIDT Äpfel', ['anna', 'NN', 'schmidt ä', 'ÄPF', 'M'], ['x']],
      ['in Greek and Cyrillic', 'Αθήνα Москва', ['ΑΘΉ', 'МОСКВА', 'м'], ['ΑΒΓ']],
      ['with emoji', '客户🎉🎊', ['🎉', '🎉🎊', '户🎉', '户🎉🎊'], ['🎈', '🎊🎉', '🎉🎉']],
      ['with Chinese of four bytes', '𠮷野家', ['𠮷', '𠮷野', '𠮷野家'], ['吉', '𠮷家', '野𠮷']],
      ['of one character', '王', ['王'], ['玉', '王王']],
      ['of two characters', '王明', ['王', '明', '王明'], ['明王']],
      ['of three characters', '王小明', ['王小', '小明', '王小明'], ['王明', '明小', '王小明明']],
      [
        'of thirty characters',
        THIRTY,
        [THIRTY, THIRTY.slice(3, 9)],
        [THIRTY.replace('八十八', '八十九'), `${THIRTY}x`],
      ],
      ['that repeats a character', '哈哈哈', ['哈', '哈哈', '哈哈哈'], ['哈哈哈哈']],
      ['with the same pairs in another order', '小明明小', ['小明', '明小', '明明小'], ['明小明', '小明小']],
      ['with a NUL', 'a\0bc', ['a\0', 'a\0b', '\0bc', 'bc'], ['ab', 'a\0c', 'abc']],
      ['with spaces at its ends and inside', ' 王 小 ', ['王', '王 小', ' 王'], ['王小', '王  小']],
      ['of 255 characters', LONG, [LONG, LONG.slice(0, 3), LONG.slice(-3), LONG.at(-1)!], [`${LONG.slice(1)}王`, 'q']],
      ['with a percent sign', '100%', ['%', '0%', '00%'], ['0%0', '1%%', '%1']],
      ['with an underscore', 'a_b', ['_', 'a_', 'a_b'], ['__', 'a__']],
      ['with a backslash', 'a\\b', ['\\', 'a\\', 'a\\b'], ['\\\\', '\\%']],
      ['without wildcards', 'abc', ['abc'], ['%', '_', 'a%', 'a_c', 'a%c', '%c', '\\']],
    ])('%s is found by each of its parts and by nothing else', async (_, stored, foundBy, notBy) => {
      await save([
        anna({ follow: { userid: 'Remark', remark: stored }, contact: { name: '' } }),
        anna({ follow: { userid: 'Name', remark: '' }, contact: { externalUserid: 'wm2', name: stored } }),
      ]);
      for (const text of foundBy) {
        expect([text, await find({ remark: text })]).toEqual([text, ['Remark']]);
        expect([text, await find({ customer: text })]).toEqual([text, ['Name']]);
      }
      for (const text of notBy) {
        expect([text, await find({ remark: text })]).toEqual([text, []]);
        expect([text, await find({ customer: text })]).toEqual([text, []]);
      }
      expect((await rows())[0]!.remark).toBe(stored);
    });
  });
});
