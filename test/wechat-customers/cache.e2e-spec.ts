import { EnterpriseRight } from '../../src/enterprise/entities/enterprise-right.entity';
import { FollowWriter, FollowData } from '../../src/wechat-customers/write/follow-writer';
import { TestApp } from '../app';
import { engine } from '../database';
import { buildEmployee, buildEnterprise, buildRight, buildTag, buildUser, followData } from '../factories';

/** Processes on one database; SQLite serves only one. */
const PROCESSES = engine === 'mariadb' ? 2 : 1;

/** getList caches totals, tags and employees; no answer may show that. */
describe('the caches of getList never give a stale answer', () => {
  const apps: TestApp[] = [];
  let token: string;
  let uniacid = 9500;
  let tenant: { uniacid: number; enterpriseId: number };

  beforeAll(async () => {
    apps.push(await TestApp.start());
    while (apps.length < PROCESSES) apps.push(await apps[0]!.second());
    token = await apps[0]!.login();
  });

  afterAll(async () => {
    for (const app of apps.reverse()) await app.stop();
  });

  beforeEach(async () => {
    const { id } = await buildEnterprise(database(), { uniacid: ++uniacid });
    await buildRight(database(), { uniacid, enterpriseId: id });
    await choose(token, id);
    tenant = { uniacid, enterpriseId: id };
    await save([followData(), followData()]);
    for (const app of apps) expect((await list(app)).total).toBe(2); // cached from here on
  });

  const database = () => apps[0]!.dataSource;

  const choose = (who: string, id: number) =>
    apps[0]!.send(`/business/${uniacid}/admin/manageBusiness`, { token: who, json: { id } });

  const save = (follows: FollowData[], app = apps[0]!) => app.app.get(FollowWriter).save(tenant, follows);

  const ask = async (app: TestApp, json: object = {}, who = token) =>
    (await app.send(`/business/${tenant.uniacid}/plugin/WechatCustomers/getList`, { token: who, json })).body;

  const list = async (app: TestApp, json: object = {}) => {
    const { result, data } = await ask(app, json);
    expect(result).toBe(1);
    expect(data.count).toBe(data.total);
    return data;
  };

  const ownersOf = ({ data }: any): string[] => data.map(({ userid }: { userid: string }) => userid);

  /** The process that makes the change, and another one. */
  describe.each(Array.from({ length: PROCESSES }, (_, n) => [n === 0 ? 'the same process' : 'another process', n]))(
    'in %s',
    (_, n) => {
      const app = () => apps[n]!;

      test('a new follow is listed and counted in the very next answer', async () => {
        for (let total = 3; total < 10; total++) {
          const data = followData();
          await save([data]);
          const answer = await list(app());
          expect(answer.total).toBe(total);
          expect(ownersOf(answer)[0]).toBe(data.follow.userid);
        }
      });

      test('a changed follow is found by its new remark at once, and no longer by the old one', async () => {
        const data = followData({ follow: { remark: '旧的' } });
        await save([data]);
        const totals = async () =>
          Promise.all(['旧的', '新的'].map(async (remark) => (await list(app(), { search: { remark } })).total));
        expect(await totals()).toEqual([1, 0]);
        await save([{ ...data, follow: { ...data.follow, remark: '新的' } }]);
        expect(await totals()).toEqual([0, 1]);
      });

      test('a new tag is in the very next list of tags, and filters follows', async () => {
        const before = (await list(app())).tag.length;
        const tag = await buildTag(database(), tenant);
        await save([followData({ tags: [tag] })]);
        const answer = await list(app(), { search: { tags_data: tag.tagId } });
        expect(answer.tag).toHaveLength(before + 1);
        expect(answer.tag[0].tag_id).toBe(tag.tagId);
        expect(answer.data[0].tag_name).toBe(tag.name);
        expect(answer.total).toBe(1);
      });

      test('a new employee is in the very next list of employees and on the row', async () => {
        const data = followData();
        await save([data]);
        expect((await list(app())).data[0].has_one_employee).toBeNull();
        const { uniacid, enterpriseId } = tenant;
        await buildEmployee(database(), { uniacid, enterpriseId, userid: data.follow.userid, name: '新成员' });
        const answer = await list(app());
        expect(answer.employee).toEqual([{ user_id: data.follow.userid, name: '新成员' }]);
        expect(answer.data[0].has_one_employee).toMatchObject({ name: '新成员' });
      });

      test('a revoked right is refused at once, and holds again once granted', async () => {
        const { userId, username } = await buildUser(database());
        const right = { uniacid: tenant.uniacid, enterpriseId: tenant.enterpriseId, userId };
        await buildRight(database(), right);
        const who = await apps[0]!.login(username, 'password');
        await choose(who, tenant.enterpriseId);
        expect((await ask(app(), {}, who)).result).toBe(1);
        await database().getRepository(EnterpriseRight).delete(right);
        expect(await ask(app(), {}, who)).toEqual({ result: 0, msg: '无权管理该企业', data: [] });
        await buildRight(database(), right);
        expect((await ask(app(), {}, who)).result).toBe(1);
      });

      test('fifty clients at once never see fewer follows than were saved when they asked', async () => {
        let saved = 2;
        let begun = 2;
        const CLIENTS = 50;
        const SAVES = 15;
        const search = { status: 1, tags_mode: 'none' };
        const asked = Array.from({ length: CLIENTS }, async (_, n) => {
          for (let round = 0; round < 4; round++) {
            const least = saved;
            const { total, data } = await list(app(), { per_page: 100, ...(n % 2 ? { search } : {}) });
            const most = begun;
            expect(total).toBeGreaterThanOrEqual(least);
            expect(total).toBeLessThanOrEqual(most);
            expect(data.length).toBeGreaterThanOrEqual(least);
            expect(data.length).toBeLessThanOrEqual(most);
          }
        });
        const saving = async () => {
          for (let n = 0; n < SAVES; n++) {
            begun += 2;
            await save([followData(), followData()]);
            saved += 2;
          }
        };
        await Promise.all([saving(), ...asked]);
        const { total, data } = await list(app(), { per_page: 100 });
        expect([total, data.length]).toEqual([2 + 2 * SAVES, 2 + 2 * SAVES]);
      });
    },
  );
});
