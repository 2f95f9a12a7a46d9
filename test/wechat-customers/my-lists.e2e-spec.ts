import { parse } from 'qs';
import { EnterpriseRight } from '../../src/enterprise/entities/enterprise-right.entity';
import { Follow } from '../../src/wechat-customers/entities/follow.entity';
import type { Tag } from '../../src/wechat-customers/entities/tag.entity';
import { Send, TestApp } from '../app';
import {
  buildContact,
  buildEmployee,
  buildEnterprise,
  buildFollow,
  buildRight,
  buildTag,
  buildUser,
} from '../factories';
import { satisfies, Search } from './shown';

const UNIACID = 7800;
const LOST_AT = '2024-03-04 05:06:07';
const ROUTES = ['myCustomerList', 'myLossCustomerList'] as const;
type Route = (typeof ROUTES)[number] | 'getList';

/** The follows of the employee that the signed-in user is (CONTRACT 2.4). */
describe('myCustomerList and myLossCustomerList', () => {
  let app: TestApp;
  let tenant: { uniacid: number; enterpriseId: number };
  let tag: Tag;
  /** The tokens of two users bound to Anna and Bert, and of one bound to nobody. */
  let anna: string;
  let bert: string;
  let nobody: string;

  beforeAll(async () => {
    app = await TestApp.start();
    const { id } = await buildEnterprise(app.dataSource, { uniacid: UNIACID });
    tenant = { uniacid: UNIACID, enterpriseId: id };
    tag = await buildTag(app.dataSource, tenant);
    for (const userid of ['Anna', 'Bert']) await buildEmployee(app.dataSource, { ...tenant, userid, name: userid });
    [anna, bert, nobody] = [await signIn('Anna'), await signIn('Bert'), await signIn('')];
    for (let n = 0; n < 8; n++) {
      const contact = await buildContact(app.dataSource, {
        ...tenant,
        name: ['王小明', '李雷'][n % 2],
        externalType: 1 + (n % 2),
        memberUid: n % 4 === 0 ? 7 : 0,
      });
      for (const userid of ['Anna', 'Bert', 'Former', '']) {
        const isLost = n % 3 === 0;
        const lost = { status: isLost ? -1 : 1, lostAt: isLost && n > 0 ? LOST_AT : null };
        const more = { addWay: String(n % 2), createtime: 1000 + n, remark: `备注${n}`, tags: n % 4 ? [] : [tag] };
        await buildFollow(app.dataSource, { ...tenant, contact, userid, ...lost, ...more });
      }
    }
  });

  afterAll(() => app.stop());

  /** A new user who manages the enterprise, bound to an employee. @returns the token */
  async function signIn(userid: string, of = tenant): Promise<string> {
    const { userId, username } = await buildUser(app.dataSource);
    await buildRight(app.dataSource, { ...of, userId, userid });
    return app.manage(of.enterpriseId, of.uniacid, username, 'password');
  }

  const path = (route: Route) => `/business/${UNIACID}/plugin/WechatCustomers/${route}`;

  async function read(route: Route, token: string, json: object = {}) {
    const { body } = await app.send(path(route), { token, json });
    expect(body).toMatchObject({ result: 1, msg: 'ok' });
    return body.data;
  }

  const refusal = async (route: Route, options: Send) => (await app.send(path(route), options)).body;

  const ownersOf = ({ data }: any) => [...new Set(data.map(({ userid }: { userid: string }) => userid))];

  /** getList narrowed to an employee, with the paths of another route: what that route must answer. */
  async function narrowed(route: Route, search: Search, page: object = {}) {
    const { text } = await app.send(path('getList'), { token: bert, json: { search, ...page } });
    return text.replaceAll(path('getList'), path(route));
  }

  test('myCustomerList is getList of one’s own follows to the byte, but for the filter in page URLs', async () => {
    const { text } = await app.send(path('myCustomerList'), { token: anna, json: { per_page: 3, page: 2 } });
    const expected = await narrowed('myCustomerList', { employee_member: 'Anna' }, { per_page: 3, page: 2 });
    expect(text).toBe(expected.replaceAll('&search%5Bemployee_member%5D=Anna', ''));
    expect(JSON.parse(text).data).toMatchObject({ total: 8, count: 8, from: 4, tag: [{ id: tag.id }] });
    expect(JSON.parse(text).data.employee).toHaveLength(2);
  });

  test('myLossCustomerList is the lost ones among them, each with loss_time last', async () => {
    const lost = await read('myLossCustomerList', anna);
    const mine = await read('getList', anna, { search: { employee_member: 'Anna', status: -1 } });
    expect(Object.keys(lost)).toEqual(Object.keys(mine));
    expect(lost.data.map((row: object) => Object.keys(row).at(-1))).toEqual(['loss_time', 'loss_time', 'loss_time']);
    expect(lost.data.map(({ loss_time }: any) => loss_time)).toEqual([LOST_AT, LOST_AT, '']);
    const withTime = mine.data.map((row: object, n: number) => ({ ...row, loss_time: lost.data[n].loss_time }));
    expect(JSON.stringify(lost.data)).toBe(JSON.stringify(withTime));
    expect(lost).toMatchObject({ total: 3, count: 3, tag: mine.tag, employee: mine.employee });
    expect(JSON.stringify(mine)).not.toMatch(/loss_time|lost_at/);
  });

  test.each(ROUTES)('%s: GET, form and JSON read the parameters alike', async (route) => {
    const { text } = await app.send(path(route), { token: anna, json: { search: { customer: '王' }, per_page: 1 } });
    const query = 'search[customer]=王&per_page=1';
    expect((await app.send(`${path(route)}?${query}`, { token: anna, method: 'GET' })).text).toBe(text);
    expect((await app.send(path(route), { token: anna, form: query })).text).toBe(text);
    expect(JSON.parse(text).data.total).toBeGreaterThan(1);
    const { next_page_url } = JSON.parse(text).data;
    expect(parse(new URL(next_page_url).search.slice(1))).toEqual({
      ...{ page: '2', per_page: '1', search: { customer: '王' } },
    });
  });

  describe.each(ROUTES)('%s: every filter of getList holds beside the owner', (route) => {
    test.each<[Search]>([
      [{ customer: '小明' }],
      [{ customer: '雷' }],
      [{ member: 7 }],
      [{ member: 0 }],
      [{ add_way_type: 0 }],
      [{ type: 2 }],
      [{ status: -1 }],
      [{ status: 1 }],
      [{ time: [1003, 1005] }],
      [{ remark: '备注3' }],
      [{ tags_mode: 'none' }],
      [{ type: 1, status: -1, remark: '备注' }],
    ])('%j', async (search) => {
      const rows = (await read(route, anna)).data;
      const { data, total } = await read(route, anna, { search });
      const expected = rows.filter((row: any) => satisfies(row, search, [tag.tagId]));
      expect([data, total]).toEqual([expected, expected.length]);
    });

    test('a tag', async () => {
      const { total, data } = await read(route, anna, { search: { tags_data: tag.tagId } });
      expect([total, ownersOf({ data })]).toEqual([route === 'myCustomerList' ? 2 : 1, ['Anna']]);
    });

    test.each<[object]>([
      [{ employee_member: 'Bert' }],
      [{ employee_member: '' }],
      [{ employee_member: ['Bert'] }],
      [{ employee_member: { ne: 'x' } }],
      [{ owner: 'Bert', userid: 'Bert', '': 'Bert' }],
      [{ $where: { employee_member: 'Bert' }, scope: { owner: 'Bert' } }],
    ])('%j is unknown here: neither refused nor obeyed, nor repeated in page URLs', async (search) => {
      const plain = await read(route, anna, { per_page: 1 });
      expect(await read(route, anna, { search, per_page: 1, employee_member: 'Bert', userid: 'Bert' })).toEqual(plain);
    });

    test.each<[object, string]>([
      [{ search: 'x' }, 'search 必须是 search[名称]=值'],
      [{ search: { member: 'x' } }, 'search[member] 必须是数字'],
      [{ search: { status: 'lost' } }, 'search[status] 必须是数字'],
      [{ search: { customer: ['x'] } }, 'search[customer] 必须是字符串'],
      [{ per_page: 101 }, 'per_page 不能大于100'],
      [{ per_page: 'x' }, 'per_page 必须是大于0的整数'],
    ])('%j is refused', async (json, detail) => {
      expect(await refusal(route, { token: anna, json })).toEqual({ result: 0, msg: `参数错误：${detail}`, data: [] });
    });

    test('two users see their own, and an account bound to nobody an empty page with both lists', async () => {
      expect(ownersOf(await read(route, anna))).toEqual(['Anna']);
      expect(ownersOf(await read(route, bert))).toEqual(['Bert']);
      for (const search of [{}, { status: -1 }, { customer: '王' }, { employee_member: 'Bert' }]) {
        const page = await read(route, nobody, { search });
        expect(page).toMatchObject({ data: [], total: 0, count: 0, last_page: 1, from: null, tag: [{ id: tag.id }] });
        expect(page.employee).toHaveLength(2);
      }
    });

    test('not signed in, and without a right', async () => {
      const guest = await app.login('guest', 'demo-guest');
      expect(await refusal(route, {})).toEqual({ result: 0, msg: '请登录', data: { login_status: 1 } });
      expect(await refusal(route, { token: guest })).toEqual({ result: 0, msg: '无权管理该企业', data: [] });
    });
  });

  test('search[status] = 1 finds nothing among the lost, and never a follow that is not lost', async () => {
    for (const status of [1, '1', 0, 5]) {
      expect(await read('myLossCustomerList', anna, { search: { status } })).toMatchObject({ data: [], total: 0 });
    }
  });

  test('the same userid in another enterprise is another employee', async () => {
    const { id } = await buildEnterprise(app.dataSource, { uniacid: UNIACID });
    const other = { uniacid: UNIACID, enterpriseId: id };
    const { id: theirs } = await buildFollow(app.dataSource, { ...other, userid: 'Anna', status: -1 });
    const token = await signIn('Anna', other);
    for (const route of ROUTES) {
      expect((await read(route, token)).data.map((row: { id: number }) => row.id)).toEqual([theirs]);
      expect((await read(route, anna)).data.map((row: { id: number }) => row.id)).not.toContain(theirs);
    }
  });

  test('a binding and a loss hold from the next request on', async () => {
    const { userId, username } = await buildUser(app.dataSource);
    await buildRight(app.dataSource, { ...tenant, userId, userid: 'Anna' });
    const token = await app.manage(tenant.enterpriseId, UNIACID, username, 'password');
    expect((await read('myCustomerList', token)).total).toBe(8);
    const rights = app.dataSource.getRepository(EnterpriseRight);
    await rights.update({ userId }, { userid: 'Nadja' });
    expect((await read('myCustomerList', token)).total).toBe(0);
    const { id } = await buildFollow(app.dataSource, { ...tenant, userid: 'Nadja', status: -1, lostAt: LOST_AT });
    expect((await read('myLossCustomerList', token)).data).toMatchObject([{ id, loss_time: LOST_AT }]);
    expect(await app.row(Follow, { id })).toMatchObject({ lostAt: LOST_AT });
    await rights.update({ userId }, { userid: '' });
    expect((await read('myLossCustomerList', token)).total).toBe(0);
  });
});

/** What the original front and WeCom's newer values need of the lists (CONTRACT 2.3). */
describe('settings and values of the lists', () => {
  const PATH = '/business/2/plugin/WechatCustomers';

  test.each(['true', 'false'])('BUSINESS_IS_BINDING=%s', async (setting) => {
    const app = await TestApp.start({ settings: { BUSINESS_IS_BINDING: setting } });
    const token = await app.manage(1);
    for (const route of ['getList', ...ROUTES]) {
      const { data } = (await app.send(`${PATH}/${route}`, { token })).body;
      const last = setting === 'true' ? ['employee', 'is_binding'] : ['tag', 'employee'];
      expect([route, Object.keys(data).slice(-2), data.is_binding]).toEqual([
        ...[route, last, setting === 'true' ? 1 : undefined],
      ]);
    }
    await app.stop();
  });

  test('any way of adding is text on the wire and found by its number', async () => {
    const app = await TestApp.start();
    const token = await app.manage(2);
    const list = async (search: object) =>
      (await app.send(`${PATH}/getList`, { token, json: { search, per_page: 100 } })).body.data;
    const ways = ['10', '11', '12', '13', '14', '15', '16', '17', '18', '21', '22', '24', '99', '301'];
    for (const addWay of ways) await buildFollow(app.dataSource, { enterpriseId: 2, addWay });
    for (const way of ways) {
      for (const add_way_type of [way, Number(way)]) {
        expect((await list({ add_way_type })).data).toMatchObject([{ add_way: way }]);
      }
    }
    const shown = (await list({})).data.map(({ add_way }: { add_way: unknown }) => add_way);
    expect(shown.slice(0, ways.length)).toEqual(ways.toReversed());
    await app.stop();
  });
});
