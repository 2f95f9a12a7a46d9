import { EnterpriseChoice } from '../../src/enterprise/entities/enterprise-choice.entity';
import { Customer } from '../../src/user-customer/entities/customer.entity';
import { TestApp } from '../app';
import { buildEnterprise, buildRight, buildUser } from '../factories';
import { exported, happened } from './exported';

const CUSTOMER = 7001;

describe('what users change', () => {
  let app: TestApp;
  let token: string;

  beforeEach(async () => {
    app = await TestApp.start({ demo: false });
    await buildUser(app.dataSource, { userId: 600, username: 'boss', isSuper: 1 });
    token = await app.login('boss', 'password');
  });

  afterEach(() => app.stop());

  const BY_BOSS = { actor_id: 600, actor: 'boss' };
  const ask = async (operation: string, values: object = {}) =>
    (await app.send(`/api/customer/${operation}`, { json: { customer_id: CUSTOMER, ...values }, token })).body.code;

  test('customers: created, changed, a new code, deleted', async () => {
    expect(await ask('add', { customer_name: '示例', secret: 'CODE-1', template: '<b>😀</b>' })).toBe(200);
    expect(await ask('add', { customer_name: '又', secret: 'CODE-1' })).toBe(500);
    expect(await ask('edit', { city: '广州市', template: '', customer_name: '示例' })).toBe(200);
    expect(await ask('edit', { secret: 'CODE-2' })).toBe(200);
    expect(await ask('edit', { secret: 'CODE-2', city: '广州市' })).toBe(200);
    expect(await ask('edit')).toBe(200);
    expect(await ask('delete')).toBe(200);
    expect(await ask('edit', { city: 'x' })).toBe(500);

    const about = { ...BY_BOSS, kind: 'customer', customer_id: CUSTOMER };
    const entries = await happened(app, { kind: 'customer' });
    expect(entries).toEqual([
      {
        ...about,
        action: 'add',
        changes: { customer_name: { old: null, new: '示例' }, template: { old: null, new: '<b>😀</b>' } },
      },
      {
        ...about,
        action: 'edit',
        changes: { city: { old: '', new: '广州市' }, template: { old: '<b>😀</b>', new: null } },
      },
      { ...about, action: 'edit', changes: { secret: { hidden: true } } },
      {
        ...about,
        action: 'delete',
        changes: expect.objectContaining({
          customer_name: { old: '示例', new: null },
          city: { old: '广州市', new: null },
          created: { old: expect.stringMatching(/^20/), new: null },
        }),
      },
    ]);
    expect(JSON.stringify(entries)).not.toContain('CODE');
  });

  test('the enterprise that a user manages', async () => {
    for (const id of [41, 42]) {
      await buildEnterprise(app.dataSource, { id });
      await buildRight(app.dataSource, { enterpriseId: id, userId: 600 });
    }
    const choose = async (json: object) =>
      (await app.send('/business/2/admin/manageBusiness', { json, token })).body.result;
    expect(await choose({ id: 41 })).toBe(1);
    expect(await choose({ id: 41 })).toBe(1);
    expect(await choose({ id: 42 })).toBe(1);
    expect(await choose({ id: 43 })).toBe(0);
    expect(await choose({ identity_type: 1 })).toBe(1);
    expect(await choose({ id: 0 })).toBe(1);

    const about = { ...BY_BOSS, kind: 'choice', action: 'edit', user_id: 600 };
    expect(await happened(app, { kind: 'choice' })).toEqual([
      { ...about, enterprise_id: 41, changes: { enterprise: { old: null, new: 41 } } },
      { ...about, enterprise_id: 42, changes: { enterprise: { old: 41, new: 42 } } },
      { ...about, enterprise_id: 42, changes: { enterprise: { old: 42, new: null } } },
    ]);
  });

  test('without its entry nothing is changed', async () => {
    await buildEnterprise(app.dataSource, { id: 44 });
    await buildRight(app.dataSource, { enterpriseId: 44, userId: 600 });
    expect(await ask('add', { customer_name: '示例', secret: 'CODE' })).toBe(200);
    const customers = () => app.dataSource.getRepository(Customer).find();
    const before = await customers();
    await app.dataSource.query('DROP TABLE audit_entry');
    expect(await ask('edit', { city: 'x' })).toBe(500);
    expect(await ask('delete')).toBe(500);
    expect(await ask('add', { customer_id: 7002, customer_name: 'x', secret: 'CODE' })).toBe(500);
    expect((await app.send('/business/2/admin/manageBusiness', { json: { id: 44 }, token })).body.result).toBe(0);
    expect(await customers()).toEqual(before);
    expect(await app.row(EnterpriseChoice, { userId: 600 })).toBeNull();
  });

  test('of edits of a customer at once each starts from the value that another left', async () => {
    expect(await ask('add', { customer_name: '示例', secret: 'CODE', reference: '0' })).toBe(200);
    await Promise.all(Array.from({ length: 10 }, (_, n) => ask('edit', { reference: String(n + 1) })));
    const edits = (await exported(app, { kind: 'customer' })).flatMap(({ action, changes }) =>
      action === 'edit' ? [changes.reference] : [],
    );
    expect(edits).toHaveLength(10);
    expect(edits.map(({ old }) => old)).toEqual(['0', ...edits.slice(0, -1).map((edit) => edit.new)]);
  });
});
