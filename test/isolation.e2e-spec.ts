import { EnterpriseChoice } from '../src/enterprise/entities/enterprise-choice.entity';
import { FollowTerm } from '../src/wechat-customers/entities/follow-term.entity';
import type { Employee } from '../src/wechat-customers/entities/employee.entity';
import type { ExternalContact } from '../src/wechat-customers/entities/external-contact.entity';
import type { Tag } from '../src/wechat-customers/entities/tag.entity';
import { TestApp } from './app';
import { buildContact, buildEmployee, buildEnterprise, buildFollow, buildRight, buildTag } from './factories';

interface Tenant {
  uniacid: number;
  cropId: number;
  /** What is its own; everything else is the same in every tenant. */
  contact: ExternalContact;
  employee: Employee;
  tag: Tag;
  /** Newest first. */
  followIds: number[];
}

/** Everything is bound to uniacid and enterprise, on the rows and on both joins (CONTRACT 2.3). */
describe('tenants', () => {
  let app: TestApp;
  let token: string;
  /** Two enterprises in each of two uniacids. */
  const tenants: Tenant[] = [];

  beforeAll(async () => {
    app = await TestApp.start();
    token = await app.login();
    for (const uniacid of [8001, 8002]) {
      for (let n = 0; n < 2; n++) tenants.push(await buildTenant(uniacid, tenants.length + 1));
    }
  });

  afterAll(() => app.stop());

  /** WeCom's ids, names and texts are the same everywhere, ours differ, and so does the number of rows. */
  async function buildTenant(uniacid: number, rows: number): Promise<Tenant> {
    const { id: cropId } = await buildEnterprise(app.dataSource, { uniacid, name: '企业' });
    await buildRight(app.dataSource, { uniacid, businessId: cropId });
    const keys = { uniacid, cropId };
    const contact = await buildContact(app.dataSource, { ...keys, name: '王小明', externalUserid: 'wmSame', uid: 77 });
    const employee = await buildEmployee(app.dataSource, { uniacid, businessId: cropId, userId: 'Same', name: '李雷' });
    const tag = await buildTag(app.dataSource, { ...keys, tagId: 'etSame', name: '同名标签' });
    const followIds: number[] = [];
    for (let n = 1; n <= rows; n++) {
      const customer =
        n === 1
          ? contact
          : await buildContact(app.dataSource, { ...keys, name: '王小明', externalUserid: `wm${n}`, uid: 77 });
      const columns = { ...keys, contact: customer, employee, tags: [tag], remark: '同一备注', createtime: 1000 };
      followIds.unshift((await buildFollow(app.dataSource, columns)).id);
    }
    return { ...keys, contact, employee, tag, followIds };
  }

  const choose = ({ uniacid, cropId }: Tenant) =>
    app.send(`/business/${uniacid}/admin/manageBusiness`, { token, json: { id: cropId } });

  const read = async ({ uniacid }: Tenant, json: object = {}) =>
    (await app.send(`/business/${uniacid}/plugin/WechatCustomers/getList`, { token, json })).body;

  const list = async (tenant: Tenant, search: object = {}, per_page = 100) => {
    await choose(tenant);
    const { result, data } = await read(tenant, { search, per_page });
    expect(result).toBe(1);
    expectOnly(tenant, data);
    return data;
  };

  describe.each([
    ['no filter', {}],
    ['customer by name', { customer: '王' }],
    ['customer by external_userid', { customer: 'wmSame' }],
    ['member', { member: 77 }],
    ['add_way_type', { add_way_type: 1 }],
    ['tags_data', { tags_data: 'etSame' }],
    ['tags_mode all', { tags_data: ['etSame'], tags_mode: 'all' }],
    ['tags_mode exclude', { tags_data: ['etNobody'], tags_mode: 'exclude' }],
    ['employee_member', { employee_member: 'Same' }],
    ['type', { type: 1 }],
    ['类型', { 类型: 1 }],
    ['status', { status: 1 }],
    ['time', { time: [1000, 1000] }],
    ['remark', { remark: '同一备注' }],
    ['all of them', { customer: '王', member: 77, tags_data: 'etSame', employee_member: 'Same', remark: '同' }],
  ])('with %s', (name, search) => {
    test('each of four enterprises sees its own rows, count, tags and staff, and nothing else', async () => {
      for (const tenant of tenants) {
        const { cropId, contact, employee, tag, followIds } = tenant;
        const expected = name.endsWith('external_userid') ? followIds.slice(-1) : followIds;
        const page = await list(tenant, search);
        expect(page.data.map(({ id }: { id: number }) => id)).toEqual(expected);
        expect(page).toMatchObject({ total: expected.length, count: expected.length, to: expected.length });
        expect(page.tag).toMatchObject([{ id: tag.id, crop_id: cropId }]);
        expect(page.employee).toEqual([{ user_id: 'Same', name: '李雷' }]);
        expect(page.data.at(-1)).toMatchObject({
          tag_name: '同名标签',
          has_one_customer: { id: contact.id, crop_id: cropId },
          has_one_employee: { id: employee.id, business_id: cropId },
        });
      }
    });
  });

  test('a filter that only other tenants pass finds nothing', async () => {
    const [own, neighbour, stranger] = [await emptyTenant(8003), tenants[0]!, tenants[2]!];
    for (const search of [{ customer: '王' }, { member: 77 }, { tags_data: 'etSame' }, { employee_member: 'Same' }]) {
      expect(await list(own, search)).toMatchObject({ data: [], count: 0, tag: [], employee: [] });
    }
    expect((await list(neighbour)).count).toBe(1);
    expect((await list(stranger)).count).toBe(3);
  });

  test('pages go through the own rows only', async () => {
    const tenant = tenants[3]!;
    await choose(tenant);
    const seen: number[] = [];
    for (let page = 1; page <= 5; page++) {
      const { data } = await read(tenant, { page, per_page: 1 });
      expect(data).toMatchObject({ total: 4, last_page: 4 });
      seen.push(...data.data.map(({ id }: { id: number }) => id));
    }
    expect(seen).toEqual(tenant.followIds);
  });

  describe.each([
    ['the other enterprise of the uniacid', 1],
    ['an enterprise of another uniacid', 2],
  ])('a key that wrongly points to a row of %s shows nothing of it', (_, index) => {
    let own: Tenant;
    let other: Tenant;

    beforeEach(async () => {
      own = await emptyTenant(8001);
      other = tenants[index]!;
    });

    const keysOf = ({ uniacid, cropId }: Tenant) => ({ uniacid, cropId });

    test('customer_pk: the customer is null and cannot be searched by', async () => {
      await buildFollow(app.dataSource, { ...keysOf(own), contact: other.contact });
      expect((await list(own)).data).toMatchObject([{ external_userid: 'wmSame', has_one_customer: null }]);
      for (const search of [{ customer: '王' }, { customer: 'wmSame' }, { member: 77 }]) {
        expect(await list(own, search)).toMatchObject({ data: [], count: 0 });
      }
    });

    test('userid: the member is null', async () => {
      await buildFollow(app.dataSource, { ...keysOf(own), employee: other.employee });
      const { data, employee } = await list(own);
      expect(data).toMatchObject([{ userid: 'Same', has_one_employee: null }]);
      expect(employee).toEqual([]);
    });

    test('a tag: no name, not in the list, finds nobody, and the relation counts as one without a tag', async () => {
      const { id } = await buildFollow(app.dataSource, { ...keysOf(own), tags: [other.tag] });
      expect(await app.row(FollowTerm, { followId: id, term: other.tag.id })).toBeNull();
      const { data, tag } = await list(own);
      expect(data).toMatchObject([{ tag_id: 'etSame', tag_name: '' }]);
      expect(tag).toEqual([]);
      expect(await list(own, { tags_data: 'etSame' })).toMatchObject({ data: [], count: 0 });
      expect(await list(own, { tags_data: 'etSame', tags_mode: 'all' })).toMatchObject({ data: [], count: 0 });
      expect(await list(own, { tags_data: 'etSame', tags_mode: 'exclude' })).toMatchObject({ count: 1 });
      expect(await list(own, { tags_mode: 'none' })).toMatchObject({ count: 1 });
    });
  });

  test('a row with the uniacid of one tenant and the enterprise of another belongs to neither', async () => {
    const [own, other] = [await emptyTenant(8001), await emptyTenant(8002)];
    const mixed = { uniacid: own.uniacid, cropId: other.cropId };
    await buildFollow(app.dataSource, mixed);
    await buildTag(app.dataSource, mixed);
    await buildEmployee(app.dataSource, { uniacid: own.uniacid, businessId: other.cropId });
    for (const tenant of [own, other]) {
      expect(await list(tenant)).toMatchObject({ data: [], count: 0, tag: [], employee: [] });
    }
  });

  test('a customer or member of the same enterprise number, but of another uniacid, is not joined', async () => {
    const { uniacid, cropId } = await emptyTenant(8001);
    const contact = await buildContact(app.dataSource, { uniacid: 8002, cropId, name: '王小明' });
    const employee = await buildEmployee(app.dataSource, { uniacid: 8002, businessId: cropId });
    await buildFollow(app.dataSource, { uniacid, cropId, contact, employee });
    const own = { uniacid, cropId } as Tenant;
    expect((await list(own)).data).toMatchObject([{ has_one_customer: null, has_one_employee: null }]);
    expect(await list(own, { customer: '王' })).toMatchObject({ data: [], count: 0 });
  });

  describe('the choice', () => {
    test('in one uniacid does not count in another', async () => {
      const [chosen, elsewhere] = [await emptyTenant(8101), await emptyTenant(8102)];
      await choose(chosen);
      expect((await read(chosen)).result).toBe(1);
      const answer = { result: 0, msg: '请先选择要管理的企业', data: { login_status: 2 } };
      expect(await read(elsewhere)).toEqual(answer);
      expect(await app.row(EnterpriseChoice, { userId: 1000, uniacid: 8102 })).toBeNull();
    });

    test('of each uniacid is remembered beside the others', async () => {
      const [first, second] = [tenants[1]!, tenants[2]!];
      await choose(first);
      await choose(second);
      for (const { uniacid, cropId } of [first, second]) {
        const businessId = cropId;
        expect(await app.row(EnterpriseChoice, { userId: 1000, uniacid })).toEqual({
          userId: 1000,
          uniacid,
          businessId,
        });
      }
      expect((await read(first)).data.count).toBe(2);
      expect((await read(second)).data.count).toBe(3);
    });

    test('of an enterprise of another uniacid is refused and changes nothing', async () => {
      const [own, other] = [tenants[0]!, tenants[2]!];
      await choose(own);
      const { body } = await app.send(`/business/${own.uniacid}/admin/manageBusiness`, {
        token,
        json: { id: other.cropId },
      });
      expect(body).toEqual({ result: 0, msg: '无权管理该企业', data: [] });
      expect(await app.row(EnterpriseChoice, { userId: 1000, uniacid: own.uniacid })).toMatchObject({
        businessId: own.cropId,
      });
    });

    test('that was forged into the table is refused: the right is of the uniacid too', async () => {
      const [own, other] = [await emptyTenant(8201), tenants[2]!];
      await app.dataSource
        .getRepository(EnterpriseChoice)
        .insert({ userId: 1000, uniacid: own.uniacid, businessId: other.cropId });
      expect(await read(own)).toEqual({ result: 0, msg: '无权管理该企业', data: [] });
    });

    test('businessList names the enterprises of the uniacid of the path only', async () => {
      const own = await emptyTenant(8301);
      const { body } = await app.send('/business/8301/admin/businessList', { token });
      expect(body.data).toEqual({ business_list: [{ id: own.cropId, name: '企业' }], business_id: 0 });
    });
  });

  /** An enterprise without rows, tags and staff. */
  async function emptyTenant(uniacid: number): Promise<Tenant> {
    const { id: cropId } = await buildEnterprise(app.dataSource, { uniacid, name: '企业' });
    await buildRight(app.dataSource, { uniacid, businessId: cropId });
    return { ...tenants[0]!, uniacid, cropId, followIds: [] };
  }
});

/** Whatever in the answer says whose it is, says this tenant. */
function expectOnly({ uniacid, cropId }: Tenant, value: any): void {
  if (value === null || typeof value !== 'object') return;
  if ('uniacid' in value) expect(value.uniacid).toBe(uniacid);
  if ('crop_id' in value) expect(value.crop_id).toBe(cropId);
  if ('business_id' in value) expect(value.business_id).toBe(cropId);
  for (const inner of Object.values(value)) expectOnly({ uniacid, cropId } as Tenant, inner);
}
