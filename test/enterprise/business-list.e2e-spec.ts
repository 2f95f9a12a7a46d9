import { stringify } from 'qs';
import { Enterprise } from '../../src/enterprise/entities/enterprise.entity';
import { Answer, Send, TestApp } from '../app';
import { buildEnterprise, buildRight, buildUser } from '../factories';
import { FORBIDDEN, GET_LIST, LIST, MANAGE, newManager, NOTHING, OK } from './managers';

/** The enterprises that a user may choose (CONTRACT 2.2). */
describe('businessList', () => {
  let app: TestApp;
  let guest: string;
  /** A new one for each test, so that tests do not see each other's rows. */
  let uniacid = 5000;

  beforeAll(async () => {
    app = await TestApp.start();
    guest = await app.login('guest', 'demo-guest');
  });
  afterAll(() => app.stop());
  beforeEach(() => {
    uniacid++;
  });

  const call = (route: string, options: Send = {}, tenant: number | string = uniacid): Promise<Answer> =>
    app.send(`/business/${tenant}/${route}`, options);
  const body = async (route: string, options?: Send, tenant?: number | string) => {
    const answer = await call(route, options, tenant);
    expect(answer.status).toBe(200);
    return answer.body;
  };
  const manager = (count = 1, identity = 2) => newManager(app, { uniacid, count, identity });

  test('lists the running enterprises of the uniacid that the user may manage, by GET and by POST', async () => {
    const { token, enterprises } = await manager(2);
    await buildEnterprise(app.dataSource, { uniacid });
    const data = {
      platform_list: enterprises.map(({ id, name }) => ({
        id,
        logo_img: '',
        name,
        identity: 2,
        identity_desc: '管理员',
        identity_type: 2,
      })),
      final_plat_id: 0,
      business_list: enterprises.map(({ id, name }) => ({ id, name })),
      business_id: 0,
    };
    expect(await body(LIST, { token, method: 'GET' })).toEqual({ result: 1, msg: '成功', data });
    expect((await call(LIST, { token })).text).toBe(JSON.stringify({ result: 1, msg: '成功', data }));
  });

  test('shows the current choice, also beside a name that leaves it out', async () => {
    const { token, ids } = await manager(2);
    await call(MANAGE, { token, json: { id: ids[1] } });
    const chosen = { final_plat_id: ids[1], business_id: ids[1] };
    expect((await body(LIST, { token })).data).toMatchObject(chosen);
    expect((await body(LIST, { token, json: { name: '没有' } })).data).toEqual({ ...NOTHING, ...chosen });
  });

  test('says who the user is in each, the highest identity first, then by id', async () => {
    const { userId } = await buildUser(app.dataSource, { username: `all-${uniacid}` });
    const ids: number[] = [];
    for (const identity of [1, 4, 2, 5, 3, 4]) {
      const { id } = await buildEnterprise(app.dataSource, { uniacid, logoImg: `https://cdn.test/${identity}.png` });
      await buildRight(app.dataSource, { uniacid, enterpriseId: id, userId, identity });
      ids.push(id);
    }
    const token = await app.login(`all-${uniacid}`, 'password');
    const { platform_list, business_list } = (await body(LIST, { token })).data;
    const shown = [5, 4, 4, 3, 2, 1];
    expect(platform_list).toMatchObject(
      [ids[3], ids[1], ids[5], ids[4], ids[2], ids[0]].map((id, n) => ({
        id,
        logo_img: `https://cdn.test/${shown[n]}.png`,
        identity: shown[n],
        identity_desc: ['', '员工', '管理员', '创建人', '法人', '法人+创建人'][shown[n]!],
        identity_type: 2,
      })),
    );
    expect(business_list.map(({ id }: Enterprise) => id)).toEqual(platform_list.map(({ id }: Enterprise) => id));
  });

  test.each([
    ['连锁', ['北京连锁']],
    ['LIMITED', ['Ünit limited']],
    ['ünit', ['Ünit limited']],
    ['%', ['100%_\\店']],
    ['_\\', ['100%_\\店']],
    [' 连锁 ', ['北京连锁']],
    [100, ['100%_\\店']],
    ["'", []],
    ['北京连锁店', []],
    ['', ['北京连锁', 'Ünit limited', '100%_\\店']],
    [' ', ['北京连锁', 'Ünit limited', '100%_\\店']],
    [null, ['北京连锁', 'Ünit limited', '100%_\\店']],
  ])('finds the names that contain %j, to the letter', async (name, names) => {
    const { userId, token } = await manager(0);
    for (const each of ['北京连锁', 'Ünit limited', '100%_\\店']) {
      const { id } = await buildEnterprise(app.dataSource, { uniacid, name: each });
      await buildRight(app.dataSource, { uniacid, enterpriseId: id, userId });
    }
    const named = async (options: Send, query = '') =>
      (await body(LIST + query, { token, ...options })).data.platform_list.map((found: Enterprise) => found.name);
    expect(await named({ json: { name } })).toEqual(names);
    if (name) expect(await named({ method: 'GET' }, `?${stringify({ name })}`)).toEqual(names);
  });

  test.each([
    [['芸众'], 'name 必须是字符串'],
    [{ like: '芸众' }, 'name 必须是字符串'],
    [true, 'name 必须是字符串'],
    ['x'.repeat(256), 'name 不能超过255个字符'],
  ])('refuses the name %j', async (name, detail) => {
    const { token } = await manager();
    expect(await body(LIST, { token, json: { name } })).toEqual({ result: 0, msg: `参数错误：${detail}`, data: [] });
  });

  test('omits a stopped enterprise, also as the current choice', async () => {
    const { token, ids } = await manager(2);
    await call(MANAGE, { token, json: { id: ids[0] } });
    await app.dataSource.getRepository(Enterprise).update({ id: ids[0] }, { status: 0 });
    const { business_list, business_id } = (await body(LIST, { token })).data;
    expect(business_list.map(({ id }: Enterprise) => id)).toEqual([ids[1]]);
    expect(business_id).toBe(0);
  });

  test.each([1, 2, 3, 4, 5])('identity %i may list, manage and read customers', async (identity) => {
    const { token, ids } = await manager(1, identity);
    expect((await body(LIST, { token })).data.business_list).toHaveLength(1);
    expect(await body(MANAGE, { token, json: { id: ids[0] } })).toEqual(OK);
    expect((await body(GET_LIST, { token })).result).toBe(1);
  });

  test.each([-1, 0, 6])('identity %i is no right', async (identity) => {
    const { token, ids } = await manager(1, identity);
    expect((await body(LIST, { token })).data).toEqual(NOTHING);
    expect(await body(MANAGE, { token, json: { id: ids[0] } })).toEqual(FORBIDDEN);
    expect(await body(GET_LIST, { token })).toEqual(FORBIDDEN);
  });

  test("is empty for a guest, and in a uniacid that is not the user's", async () => {
    const { token } = await manager();
    expect((await body(LIST, { token: guest }, 2)).data).toEqual(NOTHING);
    expect((await body(LIST, { token }, 3)).data).toEqual(NOTHING);
  });
});
