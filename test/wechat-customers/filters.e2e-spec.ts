import { stringify } from 'qs';
import type { Contact } from '../../src/wechat-customers/entities/contact.entity';
import { TestApp } from '../app';
import { buildContact, buildEmployee, buildEnterprise, buildFollow, buildRight, buildTag } from '../factories';

type Search = Record<string, unknown>;
type Case = [what: string, search: Search, found: string[]];

const DELETED = '2024-01-02 03:04:05';
/** When Anna, Bert and Cleo were added. */
const [FIRST, SECOND, THIRD] = [1_700_000_000, 1_700_000_100, 1_700_000_200];

/** The follows that each `search[…]` of getList finds (CONTRACT 2.3). */
describe('filters of getList', () => {
  let app: TestApp;
  let token: string;
  let uniacid = 6000;
  let tenant: { uniacid: number; enterpriseId: number };
  /** The test's follows: the contact's name by the follow's id. */
  const names = new Map<number, string>();

  beforeAll(async () => {
    app = await TestApp.start();
    token = await app.login();
  });

  afterAll(() => app.stop());

  /** A new enterprise in a new uniacid, chosen by the signed-in user. */
  async function openEnterprise() {
    const enterprise = await buildEnterprise(app.dataSource, { uniacid: ++uniacid });
    await buildRight(app.dataSource, { uniacid, enterpriseId: enterprise.id });
    await app.send(`/business/${uniacid}/admin/manageBusiness`, { token, json: { id: enterprise.id } });
    tenant = { uniacid, enterpriseId: enterprise.id };
  }

  /** A follow of a new contact, whose name stands for it in the expectations. */
  async function addFollow(name: string, contact: Partial<Contact>, follow: object): Promise<void> {
    const built = await buildContact(app.dataSource, { ...tenant, name, ...contact });
    const { id } = await buildFollow(app.dataSource, { ...tenant, ...follow, contact: built });
    names.set(id, name);
  }

  const url = () => `/business/${tenant.uniacid}/plugin/WechatCustomers/getList`;

  const namesOf = ({ result, data }: any): string[] => {
    expect(result).toBe(1);
    expect(data.count).toBe(data.data.length);
    return data.data.map(({ id }: { id: number }) => names.get(id));
  };

  /** The names found, newest first; JSON and query string must find the same. */
  async function find(search: Search): Promise<string[]> {
    const json = namesOf((await app.send(url(), { token, json: { search } })).body);
    const query = stringify({ search });
    expect(namesOf((await app.send(`${url()}?${query}`, { token, method: 'GET' })).body)).toEqual(json);
    return json;
  }

  const finds = async (_: string, search: Search, found: string[]) => expect(await find(search)).toEqual(found);

  describe('among contacts with up to a hundred tags', () => {
    const ids = Array.from({ length: 100 }, (_, n) => `et${n}`);

    beforeAll(async () => {
      await openEnterprise();
      const tags = await Promise.all(ids.map((tagId) => buildTag(app.dataSource, { ...tenant, tagId })));
      await addFollow('all', {}, { tags, remark: '老客户' });
      await addFollow('all but the last', {}, { tags: tags.slice(0, 99), remark: '新客户' });
      await addFollow('one', {}, { tags: tags.slice(0, 1) });
    });

    test.each<Case>([
      ['all hundred', { tags_data: ids, tags_mode: 'all' }, ['all']],
      ['seventy', { tags_data: ids.slice(0, 70), tags_mode: 'all' }, ['all but the last', 'all']],
      ['ninety-nine and a remark', { tags_data: ids.slice(0, 99), tags_mode: 'all', remark: '老' }, ['all']],
      ['all and a date', { tags_data: ids, tags_mode: 'all', time: ['', 1e9] }, []],
      ['any of a hundred', { tags_data: ids }, ['one', 'all but the last', 'all']],
      ['none of a hundred', { tags_data: ids, tags_mode: 'exclude' }, []],
    ])('%s', finds);
  });

  describe('among three contacts', () => {
    const [anna, bert, cleo] = ['Anna Schmidt', '王小明', '小明🎉'];
    const all = [cleo, bert, anna];

    beforeAll(async () => {
      await openEnterprise();
      const gold = await buildTag(app.dataSource, { ...tenant, tagId: 'etGold' });
      const blue = await buildTag(app.dataSource, { ...tenant, tagId: 'etBlue' });
      await buildTag(app.dataSource, { ...tenant, tagId: 'etUnused' });
      await addFollow(
        anna,
        { externalUserid: 'wmAnna', memberUid: 501 },
        { userid: 'LiLei', remark: 'VIP 客户', createtime: FIRST, tags: [gold, blue] },
      );
      await addFollow(
        bert,
        { externalUserid: 'woBert', externalType: 2 },
        { userid: 'HanMeimei', remark: '老客户', addWay: '0', createtime: SECOND, status: -1, tags: [gold] },
      );
      await addFollow(cleo, { externalUserid: 'wmCleo' }, { userid: '1001', addWay: '201', createtime: THIRD });
    });

    test('no search finds all, newest first', async () => {
      for (const json of [{}, { search: {} }, { search: [] }, { search: '' }, { search: null }]) {
        expect(namesOf((await app.send(url(), { token, json })).body)).toEqual(all);
      }
    });

    test.each<Case>([
      ['a part of the name', { customer: '小明' }, [cleo, bert]],
      ['the whole name', { customer: 'Anna Schmidt' }, [anna]],
      ['the name in other case', { customer: 'ANNA sch' }, [anna]],
      ['an emoji of the name', { customer: '🎉' }, [cleo]],
      ['text with blanks around it', { customer: '  Schmidt\t' }, [anna]],
      ['external_userid', { customer: 'woBert' }, [bert]],
      ['a part of external_userid: none', { customer: 'woBer' }, []],
      ['external_userid in other case: none', { customer: 'wobert' }, []],
      ['the remark: none', { customer: '老客户' }, []],
      ['a name that no contact has', { customer: '韩梅梅' }, []],
      ['empty: all', { customer: '' }, all],
      ['blanks: all', { customer: '   ' }, all],
      ['an ideographic space: text', { customer: '\u3000' }, []],
      ['a no-break space: text', { customer: '\u00a0' }, []],
      ['a JSON number: its digits as text', { customer: 501 }, []],
    ])('search[customer] finds %s', finds);

    test.each<Case>([
      ["the contact's uid", { member: 501 }, [anna]],
      ['the uid as text', { member: '501' }, [anna]],
      ['0: contacts without a member', { member: 0 }, [cleo, bert]],
      ['"0" likewise', { member: '0' }, [cleo, bert]],
      ['a uid that no contact has', { member: 50 }, []],
      ['empty: all', { member: '' }, all],
    ])('search[member] finds %s', finds);

    test.each<Case>([
      ['1', { add_way_type: 1 }, [anna]],
      ['201', { add_way_type: '201' }, [cleo]],
      ['0, which is a real value', { add_way_type: 0 }, [bert]],
      ['"0" likewise', { add_way_type: '0' }, [bert]],
      ['a way that does not occur', { add_way_type: 20 }, []],
      ['empty: all', { add_way_type: '' }, all],
    ])('search[add_way_type] finds %s', finds);

    test.each<Case>([
      ['one tag', { tags_data: 'etBlue' }, [anna]],
      ['a list of one', { tags_data: ['etBlue'] }, [anna]],
      ['a list: any of them', { tags_data: ['etBlue', 'etGold'] }, [bert, anna]],
      ['text with commas: any of them', { tags_data: ' etBlue , etUnused,,' }, [anna]],
      ['any, given explicitly', { tags_data: 'etGold', tags_mode: 'any' }, [bert, anna]],
      ['all of them', { tags_data: 'etGold,etBlue', tags_mode: 'all' }, [anna]],
      ['all of one', { tags_data: ['etGold', 'etGold'], tags_mode: 'all' }, [bert, anna]],
      ['all, one of them on no follow', { tags_data: 'etGold,etUnused', tags_mode: 'all' }, []],
      ['exclude: follows with none of them', { tags_data: 'etBlue,etUnused', tags_mode: 'exclude' }, [cleo, bert]],
      ['exclude an unknown tag: all', { tags_data: 'etUnknown', tags_mode: 'exclude' }, all],
      ['none: follows without a tag', { tags_mode: 'none' }, [cleo]],
      ['none, whatever tags_data is', { tags_data: 'etGold', tags_mode: 'none' }, [cleo]],
      ['a tag that is on no follow', { tags_data: 'etUnused' }, []],
      ['an unknown tag', { tags_data: 'etUnknown' }, []],
      ['a tag in other case: none', { tags_data: 'etgold' }, []],
      ['empty: all', { tags_data: '', tags_mode: '' }, all],
      ['an empty list: all', { tags_data: [], tags_mode: 'all' }, all],
      ['a list of empty ids: all', { tags_data: ['', ' '] }, all],
      ['a mode other than none, without tags: all', { tags_mode: 'exclude' }, all],
    ])('search[tags_data] and search[tags_mode] find %s', finds);

    test.each<Case>([
      ['userid', { employee_member: 'LiLei' }, [anna]],
      ['userid with blanks around it', { employee_member: ' HanMeimei ' }, [bert]],
      ['a userid of digits as a JSON number', { employee_member: 1001 }, [cleo]],
      ['a part of userid: none', { employee_member: 'LiLe' }, []],
      ['userid in other case: none', { employee_member: 'lilei' }, []],
      ['empty: all', { employee_member: '' }, all],
    ])('search[employee_member] finds %s', finds);

    test.each<Case>([
      ['type 1, WeChat', { type: 1 }, [cleo, anna]],
      ['type 2, WeCom', { type: '2' }, [bert]],
      ['类型, as the document spells it', { 类型: 2 }, [bert]],
      ['类型 beside an empty type', { type: '', 类型: '1' }, [cleo, anna]],
      ['类型 beside the same type', { type: 2, 类型: '2' }, [bert]],
      ['类型 beside another type: both hold at once', { type: 1, 类型: 2 }, []],
      ['another type: none', { type: 3 }, []],
      ['empty: all', { type: '', 类型: '' }, all],
    ])('search[type] finds %s', finds);

    test.each<Case>([
      ['1, normal', { status: 1 }, [cleo, anna]],
      ['-1, lost', { status: -1 }, [bert]],
      ['"-1" likewise', { status: '-1' }, [bert]],
      ['another status: none', { status: 0 }, []],
      ['empty: all', { status: '' }, all],
    ])('search[status] finds %s', finds);

    test.each<Case>([
      ['both ends included', { time: [FIRST, SECOND] }, [bert, anna]],
      ['one second less at both ends', { time: [FIRST + 1, THIRD - 1] }, [bert]],
      ['text', { time: [String(SECOND), String(SECOND)] }, [bert]],
      ['milliseconds, both ends included', { time: [FIRST * 1000, SECOND * 1000] }, [bert, anna]],
      ['one millisecond less at both ends', { time: [FIRST * 1000 + 1, THIRD * 1000 - 1] }, [bert]],
      ['seconds and milliseconds mixed', { time: [SECOND, THIRD * 1000] }, [cleo, bert]],
      ['no end', { time: [SECOND, ''] }, [cleo, bert]],
      ['a start alone', { time: [SECOND] }, [cleo, bert]],
      ['no start', { time: ['', SECOND] }, [bert, anna]],
      ['start 0', { time: [0, FIRST] }, [anna]],
      ['end 0: none', { time: ['', 0] }, []],
      ['1e11 - 1 as seconds', { time: ['', 1e11 - 1] }, all],
      ['1e11 as milliseconds', { time: ['', 1e11] }, []],
      ['an end before the start: none', { time: [THIRD, FIRST] }, []],
      ['both empty: all', { time: ['', ''] }, all],
      ['empty: all', { time: '' }, all],
    ])('search[time] finds %s', finds);

    test.each<Case>([
      ['a part of the remark', { remark: '客户' }, [bert, anna]],
      ['other case', { remark: 'vip 客' }, [anna]],
      ['blanks around it', { remark: ' VIP ' }, [anna]],
      ['the name: none', { remark: 'Anna' }, []],
      ['empty: all', { remark: '' }, all],
    ])('search[remark] finds %s', finds);

    test.each<Case>([
      ['unknown keys are ignored', { nickname: 'x', customers: 'x', '': 'x' }, all],
      ['two filters apply together', { customer: '小明', add_way_type: 0 }, [bert]],
      ['two filters that no follow matches together', { customer: '小明', member: 501 }, []],
    ])('%s', finds);

    test('all filters apply together: each of them, if wrong, empties the list', async () => {
      const everything: Search = {
        customer: 'anna',
        member: 501,
        add_way_type: 1,
        tags_data: ['etGold', 'etBlue'],
        tags_mode: 'all',
        employee_member: 'LiLei',
        type: 1,
        status: 1,
        time: [FIRST, FIRST],
        remark: 'VIP',
      };
      expect(await find(everything)).toEqual([anna]);
      const wrong: Search = { ...everything, customer: '王', member: 0, add_way_type: 0, tags_data: 'etUnused' };
      Object.assign(wrong, { employee_member: '1001', type: 2, status: -1, time: [SECOND, ''], remark: '老' });
      for (const key of Object.keys(wrong).filter((name) => name !== 'tags_mode')) {
        expect([key, await find({ ...everything, [key]: wrong[key] })]).toEqual([key, []]);
      }
    });
  });

  describe('text is matched literally', () => {
    const texts = ['100%', '100x', 'a_b', 'aXb', 'back\\slash', 'backslash', 'bang!', 'bang', "O'Neil", 'İstanbul'];
    texts.push('ΟΔΟΣ ΑΒ', 'ΟΔΟΣΑ', '𐐀𐐀');

    beforeAll(async () => {
      await openEnterprise();
      for (const text of texts) await addFollow(text, {}, { remark: text });
    });

    test.each<[text: string, found: string[]]>([
      ['%', ['100%']],
      ['0%', ['100%']],
      ['_', ['a_b']],
      ['a_b', ['a_b']],
      ['\\', ['back\\slash']],
      ['!', ['bang!']],
      ["'", ["O'Neil"]],
      ["' OR '1'='1", []],
      ['*', []],
      ['ΟΔΟΣ', ['ΟΔΟΣΑ', 'ΟΔΟΣ ΑΒ']],
      ['οδοσ', ['ΟΔΟΣΑ', 'ΟΔΟΣ ΑΒ']],
      ['İstanbul', ['İstanbul']],
      ['𐐀', ['𐐀𐐀']],
      ['\u0000', []],
      ['100\u0000zzz', []],
    ])('%j in the name and in the remark', async (text, found) => {
      expect(await find({ customer: text })).toEqual(found);
      expect(await find({ remark: text })).toEqual(found);
    });
  });

  describe('deleted rows', () => {
    let list: any;

    beforeAll(async () => {
      await openEnterprise();
      const old = await buildTag(app.dataSource, { ...tenant, tagId: 'etOld', deletedAt: DELETED });
      const employee = await buildEmployee(app.dataSource, {
        uniacid: tenant.uniacid,
        enterpriseId: tenant.enterpriseId,
        userid: 'Former',
        deletedAt: DELETED,
      });
      await addFollow('deleted follow', {}, { deletedAt: DELETED });
      await addFollow('deleted contact', { deletedAt: DELETED, memberUid: 7 }, { tags: [old], employee });
      list = (await app.send(url(), { token })).body.data;
    });

    test('a deleted follow is neither listed nor counted', async () => {
      expect(await find({})).toEqual(['deleted contact']);
      expect(list).toMatchObject({ total: 1, count: 1 });
      expect(await find({ customer: 'deleted follow' })).toEqual([]);
    });

    test('a deleted contact is null and not found by name, external_userid or uid', async () => {
      expect(list.data[0].has_one_customer).toBeNull();
      const { external_userid } = list.data[0];
      for (const search of [{ customer: 'deleted' }, { customer: external_userid }, { member: 7 }]) {
        expect(await find(search)).toEqual([]);
      }
    });

    test('a deleted employee is null and not in the employee list; the follow is still found by userid', async () => {
      expect(list.data[0].has_one_employee).toBeNull();
      expect(list.employee).toEqual([]);
      expect(await find({ employee_member: 'Former' })).toEqual(['deleted contact']);
    });

    test('a deleted tag has no name, is not in the tag list, and neither finds nor excludes follows', async () => {
      expect(list.data[0]).toMatchObject({ tag_id: 'etOld', tag_name: '' });
      expect(list.tag).toEqual([]);
      expect(await find({ tags_data: 'etOld' })).toEqual([]);
      expect(await find({ tags_data: 'etOld', tags_mode: 'exclude' })).toEqual(['deleted contact']);
      expect(await find({ tags_mode: 'none' })).toEqual(['deleted contact']);
    });
  });
});
