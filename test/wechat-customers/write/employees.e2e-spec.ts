import { inTransaction } from '../../../src/database/transaction';
import { EnterpriseRight } from '../../../src/enterprise/entities/enterprise-right.entity';
import type { Tenant } from '../../../src/enterprise/tenant';
import { Employee } from '../../../src/wechat-customers/entities/employee.entity';
import { EmployeeData, removeEmployee, storeEmployees } from '../../../src/wechat-customers/write/employees';
import { renameEmployee } from '../../../src/wechat-customers/write/rename-employee';
import { buildRight, buildTag } from '../../factories';
import { ADDED, LONG_AGO, seen, World } from './world';

/** Employees as WeCom answered; removed and renamed ones. */
describe('employees', () => {
  let world: World;
  let tenant: Tenant;

  beforeAll(async () => {
    world = await World.start(9800);
  });

  afterAll(() => world.app.stop());

  beforeEach(async () => {
    tenant = await world.open();
  });

  const store = (...employees: EmployeeData[]) =>
    inTransaction(world.dataSource, (manager) => storeEmployees(manager, tenant, employees));
  const remove = (userid: string) =>
    inTransaction(world.dataSource, (manager) => removeEmployee(manager, tenant, userid));
  const rename = (from: string, to: string) =>
    inTransaction(world.dataSource, (manager) => renameEmployee(manager, tenant, from, to));

  const rows = () =>
    world.dataSource.manager.find(Employee, { where: { ...tenant }, order: { id: 'ASC' }, withDeleted: true });

  const shown = async () => {
    const path = `/business/${tenant.uniacid}/plugin/WechatCustomers/getList`;
    const { body } = await world.app.send(path, { token: world.token, json: {} });
    return body.data.employee as { user_id: string; name: string }[];
  };

  const ANNA: EmployeeData = { userid: 'Anna', name: '安娜', position: '经理', status: 1, mainDepartment: '2' };

  test('are stored, shown at once, and written again only where they differ', async () => {
    const revision = await world.listsRevision(tenant);
    expect(await shown()).toEqual([]);
    expect(await store(ANNA, { userid: 'Bert', name: '贝特' })).toBe(2);
    expect(await world.listsRevision(tenant)).toBe(revision + 1);
    expect(await shown()).toEqual([
      { user_id: 'Anna', name: '安娜' },
      { user_id: 'Bert', name: '贝特' },
    ]);
    await world.age();
    const before = await world.everything();
    expect(await store(ANNA, { userid: 'Bert', name: '贝特' })).toBe(0);
    expect(await world.everything()).toBe(before);
    expect(await store(ANNA, { userid: 'Bert', name: '新' })).toBe(1);
    expect((await rows()).map(({ name, updatedAt }) => [name, updatedAt === LONG_AGO])).toEqual([
      ['安娜', true],
      ['新', false],
    ]);
  });

  test('keep what the app may not read, and what is ours', async () => {
    await store({ ...ANNA, mobile: '138' });
    await world.dataSource.query(
      `UPDATE wechat_employee SET uid = 7, right_type = 2, disabled = 1 WHERE uniacid = ${tenant.uniacid}`,
    );
    await store({ userid: 'Anna', name: '安' });
    expect(await rows()).toMatchObject([{ name: '安', mobile: '138', memberUid: 7, rightType: 2, disabled: 1 }]);
    await store({ userid: 'Anna', name: '安', mobile: '' });
    expect(await rows()).toMatchObject([{ mobile: '' }]);
  });

  test('odd texts are fitted', async () => {
    await store({ userid: 'Anna', name: '😀'.repeat(300), alias: '\ud800', gender: 1e9 });
    expect(await rows()).toMatchObject([{ name: '😀'.repeat(255), alias: '\ufffd', gender: 127 }]);
  });

  test('a removed one is no longer shown, keeps its follows and comes back under its id', async () => {
    await store(ANNA);
    await world.sync(tenant, [seen()]);
    const [{ id }] = (await rows()) as [Employee];
    const revision = await world.listsRevision(tenant);
    expect(await remove('Anna')).toBe(true);
    expect([await remove('Anna'), await remove('Nobody')]).toEqual([false, false]);
    expect(await world.listsRevision(tenant)).toBe(revision + 1);
    expect([await shown(), await world.find(tenant)]).toEqual([[], ['Anna']]);
    expect(await store(ANNA)).toBe(1);
    expect(await rows()).toMatchObject([{ id, deletedAt: null }]);
  });

  describe('renamed', () => {
    beforeEach(async () => {
      await store(ANNA);
      await world.dataSource.query(`UPDATE wechat_employee SET uid = 7 WHERE uniacid = ${tenant.uniacid}`);
    });

    test('takes its follows and the accounts bound to it along', async () => {
      const gold = await buildTag(world.dataSource, tenant);
      const others = await world.open();
      await world.sync(others, [seen()]);
      await world.app.send(`/business/${tenant.uniacid}/admin/manageBusiness`, {
        token: world.token,
        json: { id: tenant.enterpriseId },
      });
      await buildRight(world.dataSource, { ...tenant, userId: 1001, userid: 'Anna' });
      const page = Array.from({ length: 30 }, (_, n) =>
        seen({ contact: { externalUserid: `wm${n}` }, follow: { tagId: n % 2 ? gold.tagId : '', addWay: `${n % 3}` } }),
      );
      const { ids } = await world.sync(tenant, page);
      await world.end(tenant, ids.slice(0, 3), { by: 'sync', at: LONG_AGO });
      await rename('Anna', 'anna.new');
      expect(await rows()).toMatchObject([{ userid: 'anna.new', memberUid: 7, name: '安娜' }]);
      expect((await world.follows(tenant)).map(({ id, userid }) => [id, userid])).toEqual(
        ids.map((id) => [id, 'anna.new']),
      );
      expect(await world.find(tenant, { employee_member: 'anna.new' })).toHaveLength(30);
      expect(await world.find(tenant, { employee_member: 'Anna' })).toEqual([]);
      expect((await world.app.row(EnterpriseRight, { ...tenant, userId: 1001 }))!.userid).toBe('anna.new');
      expect(await world.follows(others)).toMatchObject([{ userid: 'Anna' }]);
      await world.expectInLine();
    });

    test('merges what a sync has stored under the new name: old ids, members and history, new texts', async () => {
      const gold = await buildTag(world.dataSource, tenant);
      const { ids } = await world.sync(tenant, [seen(), seen({ contact: { externalUserid: 'wm2' } })]);
      await world.dataSource.query(`UPDATE wechat_follow SET uid = 5 WHERE id = ${ids[0]}`);
      await world.end(tenant, [ids[1]!], { by: 'sync', at: LONG_AGO });
      await store({ userid: 'New', name: '新名', position: '总监' });
      const underNew = (externalUserid: string) =>
        seen({ contact: { externalUserid }, follow: { userid: 'New', remark: '新备注', tagId: gold.tagId } });
      await world.sync(tenant, ['wm1', 'wm2', 'wm3'].map(underNew));
      await rename('Anna', 'New');
      expect(await rows()).toMatchObject([
        { userid: 'New', memberUid: 7, name: '新名', position: '总监', deletedAt: null },
      ]);
      const follows = await world.follows(tenant);
      expect(follows).toMatchObject([
        {
          id: ids[0],
          userid: 'New',
          externalUserid: 'wm1',
          remark: '新备注',
          tagId: gold.tagId,
          memberUid: 5,
          status: 1,
        },
        { id: ids[1], userid: 'New', externalUserid: 'wm2', status: 1, lostAt: null, lostBy: '' },
        { userid: 'New', externalUserid: 'wm3' },
      ]);
      expect(await world.history(tenant, ids[1]!)).toEqual(['lost sync', 'returned event']);
      expect(await world.find(tenant, { tags_data: gold.tagId })).toEqual(['New', 'New', 'New']);
      expect(await world.find(tenant, { remark: '采购' })).toEqual([]);
      await world.expectInLine();
    });

    test('what its contact ended stays lost, and a loss under the new name counts', async () => {
      const { ids } = await world.sync(tenant, [seen(), seen({ contact: { externalUserid: 'wm2' } })]);
      await world.end(tenant, [ids[0]!], { by: 'customer', at: '2024-01-01 00:00:00' });
      const { ids: others } = await world.sync(
        tenant,
        ['wm1', 'wm2'].map((externalUserid) => seen({ contact: { externalUserid }, follow: { userid: 'New' } })),
      );
      await world.end(tenant, [others[1]!], { by: 'customer', at: '2024-02-02 00:00:00', eventTime: ADDED });
      await rename('Anna', 'New');
      expect(await world.follows(tenant)).toMatchObject([
        { id: ids[0], status: -1, lostBy: 'customer', lostAt: '2024-01-01 00:00:00' },
        { id: ids[1], status: -1, lostBy: 'customer', lostAt: '2024-02-02 00:00:00', eventTime: ADDED },
      ]);
      expect(await world.history(tenant, ids[1]!)).toEqual(['lost customer']);
      await world.expectInLine();
    });

    test('a page asked for before changes nothing of it', async () => {
      await world.sync(tenant, [seen()]);
      const asked = await world.revision(tenant);
      await rename('Anna', 'New');
      expect(await world.sync(tenant, [seen({ follow: { userid: 'New', remark: '旧页' } })], asked)).toMatchObject({
        kept: 1,
      });
    });

    test('twice, or an unknown one, changes nothing', async () => {
      await world.sync(tenant, [seen()]);
      await rename('Anna', 'New');
      const before = await world.everything();
      await rename('Anna', 'New');
      await rename('Nobody', 'Somebody');
      await rename('New', 'New');
      expect(await world.everything()).toBe(before);
    });

    test('to a name that no key can hold is refused', async () => {
      await expect(rename('Anna', 'New ')).rejects.toThrow('ends in a blank');
    });
  });
});
