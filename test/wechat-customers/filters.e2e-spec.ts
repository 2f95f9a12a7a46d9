import { stringify } from 'qs';
import type { Contact } from '../../src/wechat-customers/entities/contact.entity';
import { TestApp } from '../app';
import { buildContact, buildEmployee, buildEnterprise, buildFollow, buildRight, buildTag } from '../factories';

type Search = Record<string, unknown>;
type Case = [what: string, search: Search, found: string[]];

const DELETED = '2024-01-02 03:04:05';
/** When Anna, Bert and Cleo were added. */
const [FIRST, SECOND, THIRD] = [1_700_000_000, 1_700_000_100, 1_700_000_200];

/** What each `search[…]` of getList finds (CONTRACT 2.3). */
describe('filters of getList', () => {
  let app: TestApp;
  let token: string;
  let uniacid = 6000;
  let tenant: { uniacid: number; enterpriseId: number };
  /** Names of the relations of the test, by id. */
  const names = new Map<number, string>();

  beforeAll(async () => {
    app = await TestApp.start();
    token = await app.login();
  });

  afterAll(() => app.stop());

  /** An enterprise of its own for a topic, in a uniacid of its own, chosen by the signed-in user. */
  async function openEnterprise() {
    const enterprise = await buildEnterprise(app.dataSource, { uniacid: ++uniacid });
    await buildRight(app.dataSource, { uniacid, enterpriseId: enterprise.id });
    await app.send(`/business/${uniacid}/admin/manageBusiness`, { token, json: { id: enterprise.id } });
    tenant = { uniacid, enterpriseId: enterprise.id };
  }

  /** A relation with a customer of its own; the expectations know it by the customer's name. */
  async function addFollow(name: string, contact: Partial<Contact>, follow: object): Promise<void> {
    const customer = await buildContact(app.dataSource, { ...tenant, name, ...contact });
    const { id } = await buildFollow(app.dataSource, { ...tenant, ...follow, contact: customer });
    names.set(id, name);
  }

  const url = () => `/business/${tenant.uniacid}/plugin/WechatCustomers/getList`;

  const namesOf = ({ result, data }: any): string[] => {
    expect(result).toBe(1);
    expect(data.count).toBe(data.data.length);
    return data.data.map(({ id }: { id: number }) => names.get(id));
  };

  /** Who is found, newest first; asked as JSON and as a query string, which must find the same. */
  async function find(search: Search): Promise<string[]> {
    const json = namesOf((await app.send(url(), { token, json: { search } })).body);
    const query = stringify({ search });
    expect(namesOf((await app.send(`${url()}?${query}`, { token, method: 'GET' })).body)).toEqual(json);
    return json;
  }

  const finds = async (_: string, search: Search, found: string[]) => expect(await find(search)).toEqual(found);

  describe('among customers with a hundred tags', () => {
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

  describe('among three customers', () => {
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

    test('no search at all shows everybody, newest first', async () => {
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
      ['a part of external_userid: nobody', { customer: 'woBer' }, []],
      ['external_userid in other case: nobody', { customer: 'wobert' }, []],
      ['the remark: nobody', { customer: '老客户' }, []],
      ['a name that nobody has', { customer: '韩梅梅' }, []],
      ['empty: everybody', { customer: '' }, all],
      ['blanks: everybody', { customer: '   ' }, all],
      ['a JSON number: its digits as text', { customer: 501 }, []],
    ])('search[customer] finds %s', finds);

    test.each<Case>([
      ["the customer's uid", { member: 501 }, [anna]],
      ['the uid as text', { member: '501' }, [anna]],
      ['0: customers without a member', { member: 0 }, [cleo, bert]],
      ['"0" likewise', { member: '0' }, [cleo, bert]],
      ['a uid that nobody has', { member: 50 }, []],
      ['empty: everybody', { member: '' }, all],
    ])('search[member] finds %s', finds);

    test.each<Case>([
      ['1', { add_way_type: 1 }, [anna]],
      ['201', { add_way_type: '201' }, [cleo]],
      ['0, which is a real value', { add_way_type: 0 }, [bert]],
      ['"0" likewise', { add_way_type: '0' }, [bert]],
      ['a way that nobody came', { add_way_type: 20 }, []],
      ['empty: everybody', { add_way_type: '' }, all],
    ])('search[add_way_type] finds %s', finds);

    test.each<Case>([
      ['one tag', { tags_data: 'etBlue' }, [anna]],
      ['a list of one', { tags_data: ['etBlue'] }, [anna]],
      ['a list: any of them', { tags_data: ['etBlue', 'etGold'] }, [bert, anna]],
      ['text with commas: any of them', { tags_data: ' etBlue , etUnused,,' }, [anna]],
      ['any, said aloud', { tags_data: 'etGold', tags_mode: 'any' }, [bert, anna]],
      ['all of them', { tags_data: 'etGold,etBlue', tags_mode: 'all' }, [anna]],
      ['all of one', { tags_data: ['etGold', 'etGold'], tags_mode: 'all' }, [bert, anna]],
      ['all, one of them worn by nobody', { tags_data: 'etGold,etUnused', tags_mode: 'all' }, []],
      ['exclude: who wears none of them', { tags_data: 'etBlue,etUnused', tags_mode: 'exclude' }, [cleo, bert]],
      ['exclude an unknown tag: everybody', { tags_data: 'etNobody', tags_mode: 'exclude' }, all],
      ['none: who wears no tag at all', { tags_mode: 'none' }, [cleo]],
      ['none, whatever tags_data says', { tags_data: 'etGold', tags_mode: 'none' }, [cleo]],
      ['a tag that nobody wears', { tags_data: 'etUnused' }, []],
      ['a tag that is unknown', { tags_data: 'etNobody' }, []],
      ['a tag in other case: nobody', { tags_data: 'etgold' }, []],
      ['empty: everybody', { tags_data: '', tags_mode: '' }, all],
      ['an empty list: everybody', { tags_data: [], tags_mode: 'all' }, all],
      ['a list of nothing: everybody', { tags_data: ['', ' '] }, all],
      ['a mode without tags: everybody', { tags_mode: 'exclude' }, all],
    ])('search[tags_data] and search[tags_mode] find %s', finds);

    test.each<Case>([
      ['userid', { employee_member: 'LiLei' }, [anna]],
      ['userid with blanks around it', { employee_member: ' HanMeimei ' }, [bert]],
      ['a userid of digits as a JSON number', { employee_member: 1001 }, [cleo]],
      ['a part of userid: nobody', { employee_member: 'LiLe' }, []],
      ['userid in other case: nobody', { employee_member: 'lilei' }, []],
      ['empty: everybody', { employee_member: '' }, all],
    ])('search[employee_member] finds %s', finds);

    test.each<Case>([
      ['type 1, WeChat', { type: 1 }, [cleo, anna]],
      ['type 2, WeCom', { type: '2' }, [bert]],
      ['类型, the spelling of the document', { 类型: 2 }, [bert]],
      ['类型 beside an empty type', { type: '', 类型: '1' }, [cleo, anna]],
      ['another type: nobody', { type: 3 }, []],
      ['empty: everybody', { type: '', 类型: '' }, all],
    ])('search[type] finds %s', finds);

    test.each<Case>([
      ['1, normal', { status: 1 }, [cleo, anna]],
      ['-1, lost', { status: -1 }, [bert]],
      ['"-1" likewise', { status: '-1' }, [bert]],
      ['another status: nobody', { status: 0 }, []],
      ['empty: everybody', { status: '' }, all],
    ])('search[status] finds %s', finds);

    test.each<Case>([
      ['both ends included', { time: [FIRST, SECOND] }, [bert, anna]],
      ['a second less at both ends', { time: [FIRST + 1, THIRD - 1] }, [bert]],
      ['text', { time: [String(SECOND), String(SECOND)] }, [bert]],
      ['milliseconds, both ends included', { time: [FIRST * 1000, SECOND * 1000] }, [bert, anna]],
      ['a millisecond too late, one too early', { time: [FIRST * 1000 + 1, THIRD * 1000 - 1] }, [bert]],
      ['seconds and milliseconds mixed', { time: [SECOND, THIRD * 1000] }, [cleo, bert]],
      ['no end', { time: [SECOND, ''] }, [cleo, bert]],
      ['a start alone', { time: [SECOND] }, [cleo, bert]],
      ['no start', { time: ['', SECOND] }, [bert, anna]],
      ['start 0', { time: [0, FIRST] }, [anna]],
      ['end 0: nobody', { time: ['', 0] }, []],
      ['1e11 - 1 as seconds', { time: ['', 1e11 - 1] }, all],
      ['1e11 as milliseconds', { time: ['', 1e11] }, []],
      ['an end before the start: nobody', { time: [THIRD, FIRST] }, []],
      ['both empty: everybody', { time: ['', ''] }, all],
      ['empty: everybody', { time: '' }, all],
    ])('search[time] finds %s', finds);

    test.each<Case>([
      ['a part of the remark', { remark: '客户' }, [bert, anna]],
      ['other case', { remark: 'vip 客' }, [anna]],
      ['blanks around it', { remark: ' VIP ' }, [anna]],
      ['the name: nobody', { remark: 'Anna' }, []],
      ['empty: everybody', { remark: '' }, all],
    ])('search[remark] finds %s', finds);

    test.each<Case>([
      ['unknown keys are ignored', { nickname: 'x', customers: 'x', '': 'x' }, all],
      ['two filters hold at once', { customer: '小明', add_way_type: 0 }, [bert]],
      ['two filters that no row passes together', { customer: '小明', member: 501 }, []],
    ])('%s', finds);

    test('all filters together hold at once; each of them, if wrong, empties the list', async () => {
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

  describe('text is taken literally', () => {
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

  describe('what was deleted', () => {
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
      await addFollow('deleted relation', {}, { deletedAt: DELETED });
      await addFollow('deleted customer', { deletedAt: DELETED, memberUid: 7 }, { tags: [old], employee });
      list = (await app.send(url(), { token })).body.data;
    });

    test('a deleted relation is not listed and not counted', async () => {
      expect(await find({})).toEqual(['deleted customer']);
      expect(list).toMatchObject({ total: 1, count: 1 });
      expect(await find({ customer: 'deleted relation' })).toEqual([]);
    });

    test('a deleted customer is null and not found by name, external_userid or uid', async () => {
      expect(list.data[0].has_one_customer).toBeNull();
      const { external_userid } = list.data[0];
      for (const search of [{ customer: 'deleted' }, { customer: external_userid }, { member: 7 }]) {
        expect(await find(search)).toEqual([]);
      }
    });

    test('a deleted member is null and not in the staff list; the relation is still found by userid', async () => {
      expect(list.data[0].has_one_employee).toBeNull();
      expect(list.employee).toEqual([]);
      expect(await find({ employee_member: 'Former' })).toEqual(['deleted customer']);
    });

    test('a deleted tag has no name, is not in the tag list, finds nobody and hides nobody', async () => {
      expect(list.data[0]).toMatchObject({ tag_id: 'etOld', tag_name: '' });
      expect(list.tag).toEqual([]);
      expect(await find({ tags_data: 'etOld' })).toEqual([]);
      expect(await find({ tags_data: 'etOld', tags_mode: 'exclude' })).toEqual(['deleted customer']);
      expect(await find({ tags_mode: 'none' })).toEqual(['deleted customer']);
    });
  });
});
