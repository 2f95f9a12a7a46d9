import type { Follow } from '../../src/wechat-customers/entities/follow.entity';
import { Send, TestApp } from '../app';
import { buildContact, buildEmployee, buildEnterprise, buildFollow, buildRight, buildTag } from '../factories';

const UNIACID = 7600;
const DELETED = '2024-01-02 03:04:05';
const NOT_FOUND = { result: 0, msg: '记录不存在', data: [] };

/** One follow with what stands beside it (CONTRACT 2.4). */
describe('getDetails', () => {
  let app: TestApp;
  let token: string;
  let tenant: { uniacid: number; enterpriseId: number };

  beforeAll(async () => {
    app = await TestApp.start();
    token = await app.login();
  });

  afterAll(() => app.stop());

  /** A new enterprise for each test. */
  beforeEach(async () => {
    tenant = await openEnterprise();
  });

  async function openEnterprise(uniacid = UNIACID) {
    const { id } = await buildEnterprise(app.dataSource, { uniacid });
    await buildRight(app.dataSource, { uniacid, enterpriseId: id });
    await app.send(`/business/${uniacid}/admin/manageBusiness`, { token, json: { id } });
    return { uniacid, enterpriseId: id };
  }

  const call = (route: string, options: Send & { query?: string } = {}, uniacid = UNIACID) =>
    app.send(`/business/${uniacid}/plugin/WechatCustomers/${route}${options.query ?? ''}`, { token, ...options });

  const details = async (json: object) => (await call('getDetails', { json })).body;

  const keyOf = ({ externalUserid, userid }: Follow) => ({ external_userid: externalUserid, userid });

  const ofFollow = async (follow: Follow) => {
    const { result, msg, data } = await details(keyOf(follow));
    expect([result, msg]).toEqual([1, 'ok']);
    return data;
  };

  describe('answers the row of getList to the byte, then group_name and type', () => {
    test.each([1, 2])('for every row of the demo data: enterprise %i', async (id) => {
      const uniacid = 2;
      await app.send(`/business/${uniacid}/admin/manageBusiness`, { token, json: { id } });
      const list = (await call('getList', { json: { per_page: 100 } }, uniacid)).body.data;
      expect(list.data.length).toBe(list.total);
      for (const row of list.data) {
        const { external_userid, userid } = row;
        const answer = await call('getDetails', { json: { external_userid, userid } }, uniacid);
        const { group_name, type } = answer.body.data;
        const data = { ...row, group_name, type };
        expect(answer.text).toBe(JSON.stringify({ result: 1, msg: 'ok', data }));
      }
    });

    test('for the widest values, and for partners and tags that are gone', async () => {
      const big = 2 ** 53 - 1;
      const contact = await buildContact(app.dataSource, { ...tenant, memberUid: big, name: '王"小\\明\n🎉' });
      const employee = await buildEmployee(app.dataSource, { ...tenant, memberUid: big, deletedAt: null });
      const tags = [await buildTag(app.dataSource, tenant), await buildTag(app.dataSource, tenant)];
      const old = await buildTag(app.dataSource, { ...tenant, deletedAt: DELETED });
      const full = { ...tenant, contact, employee, tags: [...tags, old], memberUid: big, createtime: big, status: -1 };
      await buildFollow(app.dataSource, { ...full, lostAt: DELETED, customerCreateTime: big, state: 'a,b' });
      const gone = await buildContact(app.dataSource, { ...tenant, deletedAt: DELETED });
      const former = await buildEmployee(app.dataSource, { ...tenant, deletedAt: DELETED });
      await buildFollow(app.dataSource, { ...tenant, contact: gone, employee: former });
      const rows = (await call('getList')).body.data.data;
      expect(rows).toMatchObject([
        { has_one_customer: null, has_one_employee: null, tag_name: '' },
        { uid: big, tag_name: `${tags[1]!.name},${tags[0]!.name}`, has_one_customer: { uid: big } },
      ]);
      for (const row of rows) {
        const { external_userid, userid } = row;
        const { text } = await call('getDetails', { json: { external_userid, userid } });
        const data = { ...row, group_name: '', type: 1 };
        expect(text).toBe(JSON.stringify({ result: 1, msg: 'ok', data }));
      }
    });

    test('for no tag and for gaps in tag_id, beside a tag without an id', async () => {
      await buildTag(app.dataSource, { ...tenant, tagId: '', name: '无号', groupName: '组', type: 2 });
      for (const tagId of ['', ',', 'etNone,,']) {
        const follow = await buildFollow(app.dataSource, { ...tenant, tagId });
        expect((await call('getList')).body.data.data[0]).toMatchObject({ id: follow.id, tag_name: '' });
        expect(await ofFollow(follow)).toMatchObject({ tag_id: tagId, tag_name: '', group_name: '', type: 1 });
      }
      expect((await call('getList', { json: { search: { tags_mode: 'none' } } })).body.data.total).toBe(3);
    });

    test('for a tag made after the follow', async () => {
      const follow = await buildFollow(app.dataSource, { ...tenant, tagId: 'etLater' });
      await buildTag(app.dataSource, { ...tenant, tagId: 'etLater', name: '后来', groupName: '组', type: 2 });
      const [{ tag_name }] = (await call('getList')).body.data.data;
      expect(tag_name).toBe('后来');
      expect(await ofFollow(follow)).toMatchObject({ tag_name, group_name: '组', type: 2 });
    });
  });

  test('group_name: each group once, in the order of tag_name, groups without a name left out', async () => {
    const tagOf = (groupName: string) => buildTag(app.dataSource, { ...tenant, groupName });
    const [first, second, third, fourth] = [
      await tagOf('级别'),
      await tagOf(''),
      await tagOf('来源'),
      await tagOf('级别'),
    ];
    const follow = await buildFollow(app.dataSource, { ...tenant, tags: [first, second, third, fourth] });
    expect(await ofFollow(follow)).toMatchObject({
      tag_name: [fourth, third, second, first].map(({ name }) => name).join(','),
      group_name: '级别,来源',
      type: 1,
    });
  });

  test('type is 2 with one tag of a member, 1 with none or after that tag is deleted', async () => {
    const [theirs, own] = [
      await buildTag(app.dataSource, tenant),
      await buildTag(app.dataSource, { ...tenant, type: 2 }),
    ];
    const mixed = await buildFollow(app.dataSource, { ...tenant, tags: [theirs, own] });
    const plain = await buildFollow(app.dataSource, { ...tenant, tags: [theirs] });
    expect([(await ofFollow(mixed)).type, (await ofFollow(plain)).type]).toEqual([2, 1]);
    await app.dataSource.query('UPDATE wechat_tag SET deleted_at = ? WHERE id = ?', [DELETED, own.id]);
    expect(await ofFollow(mixed)).toMatchObject({ tag_name: theirs.name, type: 1 });
  });

  test('GET, form and JSON read the ids alike; blanks around them do not count', async () => {
    const follow = await buildFollow(app.dataSource, { ...tenant, userid: '1001' });
    const id = (await ofFollow(follow)).id;
    const query = new URLSearchParams({ external_userid: ` ${follow.externalUserid} `, userid: '1001' }).toString();
    for (const options of [
      { query: `?${query}`, method: 'GET' },
      { form: query },
      { json: { external_userid: follow.externalUserid, userid: 1001 } },
    ]) {
      expect((await call('getDetails', options)).body).toMatchObject({ result: 1, data: { id } });
    }
  });

  describe('is refused', () => {
    test.each<[string, object, string]>([
      ['without parameters', {}, 'external_userid 不能为空 | userid 不能为空'],
      ['with a blank id', { external_userid: ' ', userid: '' }, 'external_userid 不能为空 | userid 不能为空'],
      ['with null', { external_userid: 'wm', userid: null }, 'userid 不能为空'],
      ['with a list', { external_userid: ['wm'], userid: 'x' }, 'external_userid 必须是字符串'],
      ['with an object', { external_userid: 'wm', userid: { $ne: '' } }, 'userid 必须是字符串'],
      ['with true', { external_userid: true, userid: 'x' }, 'external_userid 必须是字符串'],
      ['with a long text', { external_userid: 'w'.repeat(256), userid: 'x' }, 'external_userid 不能超过255个字符'],
      ['with half a character', { external_userid: '\ud800', userid: 'x' }, 'external_userid 含有无法保存的字符'],
    ])('%s', async (_, json, detail) => {
      expect(await details(json)).toEqual({ result: 0, msg: `参数错误：${detail}`, data: [] });
    });

    test('for a follow that is missing, deleted, or written in other case', async () => {
      const deleted = await buildFollow(app.dataSource, { ...tenant, deletedAt: DELETED });
      const live = await buildFollow(app.dataSource, { ...tenant, userid: 'Anna' });
      const [gone, key] = [keyOf(deleted), keyOf(live)];
      expect((await details(key)).result).toBe(1);
      for (const json of [
        ...[gone, { ...key, userid: 'anna' }, { ...key, userid: 'An' }, { ...key, userid: '%' }],
        ...[
          { ...key, external_userid: key.external_userid.toUpperCase() },
          { ...gone, userid: 'Anna' },
        ],
      ]) {
        expect([json, await details(json)]).toEqual([json, NOT_FOUND]);
      }
    });

    test('for a follow of another enterprise or uniacid, whose partners are not shown either', async () => {
      const [sister, stranger] = [await openEnterprise(), await openEnterprise(UNIACID + 1)];
      for (const other of [sister, stranger]) {
        const contact = await buildContact(app.dataSource, { ...other, externalUserid: 'wmSame', name: '外人' });
        const employee = await buildEmployee(app.dataSource, { ...other, userid: 'Same' });
        const tag = await buildTag(app.dataSource, { ...other, tagId: 'etSame', groupName: '外组', type: 2 });
        await buildFollow(app.dataSource, { ...other, contact, employee, tags: [tag] });
      }
      await app.send(`/business/${UNIACID}/admin/manageBusiness`, { token, json: { id: tenant.enterpriseId } });
      const key = { external_userid: 'wmSame', userid: 'Same' };
      for (const more of [{}, { uniacid: UNIACID + 1 }, { crop_id: sister.enterpriseId, business_id: 1 }]) {
        expect(await details({ ...key, ...more })).toEqual(NOT_FOUND);
      }
      await buildFollow(app.dataSource, { ...tenant, externalUserid: 'wmSame', userid: 'Same', tagId: 'etSame' });
      expect((await details(key)).data).toMatchObject({
        crop_id: tenant.enterpriseId,
        ...{ has_one_customer: null, has_one_employee: null, tag_name: '', group_name: '', type: 1 },
      });
    });

    test('without signing in, and without a right', async () => {
      const [guest, key] = [await app.login('guest', 'demo-guest'), { external_userid: 'x', userid: 'y' }];
      const asked = (json: object, as?: string) => call('getDetails', { json, token: as });
      expect((await asked(key)).body).toEqual({ result: 0, msg: '请登录', data: { login_status: 1 } });
      expect((await asked(key, guest)).body).toEqual({ result: 0, msg: '无权管理该企业', data: [] });
    });
  });
});
