import { EnterpriseChoice } from '../../src/enterprise/entities/enterprise-choice.entity';
import { FollowTag } from '../../src/wechat-customers/entities/follow-tag.entity';
import { Follow } from '../../src/wechat-customers/entities/follow.entity';
import type { Employee } from '../../src/wechat-customers/entities/employee.entity';
import type { Contact } from '../../src/wechat-customers/entities/contact.entity';
import type { Tag } from '../../src/wechat-customers/entities/tag.entity';
import { TestApp } from '../app';
import { buildContact, buildEmployee, buildEnterprise, buildFollow, buildRight, buildTag } from '../factories';

interface Tenant {
  uniacid: number;
  enterpriseId: number;
}

/** The rows that the tenant's own rows wrongly point to. */
interface Neighbour extends Tenant {
  contact: Contact;
  employee: Employee;
  tag: Tag;
}

/**
 * Rows whose keys name another tenant, as only a mistake or SQL can make them: both joins and the right are bound to
 * uniacid and enterprise all the same (CONTRACT 2.3). resilience/isolation.e2e-spec.ts has what requests may try.
 */
describe('misfiled rows', () => {
  let app: TestApp;
  let token: string;

  beforeAll(async () => {
    app = await TestApp.start();
    token = await app.login();
  });

  afterAll(() => app.stop());

  async function emptyTenant(uniacid: number): Promise<Tenant> {
    const { id: enterpriseId } = await buildEnterprise(app.dataSource, { uniacid, name: '企业' });
    await buildRight(app.dataSource, { uniacid, enterpriseId });
    return { uniacid, enterpriseId };
  }

  async function neighbour(uniacid: number): Promise<Neighbour> {
    const tenant = await emptyTenant(uniacid);
    const contact = { ...tenant, name: '王小明', externalUserid: 'wmSame', memberUid: 77 };
    const employee = { uniacid, enterpriseId: tenant.enterpriseId, userid: 'Same', name: '李雷' };
    return {
      ...tenant,
      contact: await buildContact(app.dataSource, contact),
      employee: await buildEmployee(app.dataSource, employee),
      tag: await buildTag(app.dataSource, { ...tenant, tagId: 'etSame', name: '同名标签' }),
    };
  }

  const choose = ({ uniacid, enterpriseId }: Tenant) =>
    app.send(`/business/${uniacid}/admin/manageBusiness`, { token, json: { id: enterpriseId } });

  const read = async ({ uniacid }: Tenant, json: object = {}) =>
    (await app.send(`/business/${uniacid}/plugin/WechatCustomers/getList`, { token, json })).body;

  const list = async (tenant: Tenant, search: object = {}) => {
    await choose(tenant);
    const { result, data } = await read(tenant, { search });
    expect(result).toBe(1);
    expectOnly(tenant, data);
    return data;
  };

  describe.each([
    ['the other enterprise of the uniacid', 8001],
    ['an enterprise of another uniacid', 8002],
  ])('a key of a row of %s shows nothing of that row', (_, uniacidOfOther) => {
    let own: Tenant;
    let other: Neighbour;

    beforeEach(async () => {
      own = await emptyTenant(8001);
      other = await neighbour(uniacidOfOther);
    });

    test('customer_pk: the contact is null and finds nothing', async () => {
      const { id } = await buildFollow(app.dataSource, { ...own, contact: other.contact });
      await app.dataSource.getRepository(Follow).update({ id }, { customerPk: other.contact.id });
      expect((await list(own)).data).toMatchObject([{ external_userid: 'wmSame', has_one_customer: null }]);
      for (const search of [{ customer: '王' }, { customer: 'wmSame' }, { member: 77 }]) {
        expect(await list(own, search)).toMatchObject({ data: [], count: 0 });
      }
    });

    test('userid: the employee is null', async () => {
      await buildFollow(app.dataSource, { ...own, employee: other.employee });
      const { data, employee } = await list(own);
      expect(data).toMatchObject([{ userid: 'Same', has_one_employee: null }]);
      expect(employee).toEqual([]);
    });

    test('a tag: has no name, is not listed, finds nothing, and the follow counts as untagged', async () => {
      const { id } = await buildFollow(app.dataSource, { ...own, tags: [other.tag] });
      expect(await app.row(FollowTag, { followId: id })).toBeNull();
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
    const mixed = { ...own, enterpriseId: other.enterpriseId };
    await buildFollow(app.dataSource, mixed);
    await buildTag(app.dataSource, mixed);
    await buildEmployee(app.dataSource, { uniacid: own.uniacid, enterpriseId: other.enterpriseId });
    for (const tenant of [own, other]) {
      expect(await list(tenant)).toMatchObject({ data: [], count: 0, tag: [], employee: [] });
    }
  });

  test('a contact or employee with the same enterprise id, but another uniacid, is not joined', async () => {
    const own = await emptyTenant(8001);
    const { enterpriseId } = own;
    const contact = await buildContact(app.dataSource, { uniacid: 8002, enterpriseId, name: '王小明' });
    const employee = await buildEmployee(app.dataSource, { uniacid: 8002, enterpriseId });
    await buildFollow(app.dataSource, { ...own, contact, employee });
    expect((await list(own)).data).toMatchObject([{ has_one_customer: null, has_one_employee: null }]);
    expect(await list(own, { customer: '王' })).toMatchObject({ data: [], count: 0 });
  });

  test('a choice forged in the table is refused: the right is bound to the uniacid too', async () => {
    const [own, other] = [await emptyTenant(8201), await emptyTenant(8002)];
    await app.dataSource
      .getRepository(EnterpriseChoice)
      .insert({ userId: 1000, uniacid: own.uniacid, enterpriseId: other.enterpriseId });
    expect(await read(own)).toEqual({ result: 0, msg: '无权管理该企业', data: [] });
  });
});

/** Every uniacid, crop_id and business_id in the answer is the tenant's. */
function expectOnly(tenant: Tenant, value: any): void {
  if (value === null || typeof value !== 'object') return;
  const { uniacid, enterpriseId } = tenant;
  if ('uniacid' in value) expect(value.uniacid).toBe(uniacid);
  if ('crop_id' in value) expect(value.crop_id).toBe(enterpriseId);
  if ('business_id' in value) expect(value.business_id).toBe(enterpriseId);
  for (const inner of Object.values(value)) expectOnly(tenant, inner);
}
