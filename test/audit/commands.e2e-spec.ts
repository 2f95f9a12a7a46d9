import { userInfo } from 'node:os';
import { AuditEntry } from '../../src/audit/audit-entry.entity';
import { operator } from '../../src/audit/operator';
import { addAccount, changeAccount, setPassword } from '../../src/auth/accounts';
import { addEnterprise, changeEnterprise } from '../../src/enterprise/enterprises';
import { bind, grant, revoke } from '../../src/enterprise/rights';
import { deleteCustomer, editCustomer } from '../../src/user-customer/customers/customers';
import { TestApp } from '../app';
import { runCli } from '../cli';
import { buildCustomer, buildEmployee, buildEnterprise, buildRight, buildUser } from '../factories';
import { exported, happened } from './exported';

const BY_COMMAND = { actor_id: null, actor: `command:${userInfo().username}` };

describe('what commands change', () => {
  let app: TestApp;

  beforeAll(async () => (app = await TestApp.start({ demo: false })));
  afterEach(() => app.dataSource.getRepository(AuditEntry).clear());
  afterAll(() => app.stop());

  const run = async (command: string, input?: string) => (await runCli(app.databaseUrl, command, input)).code;
  const succeed = async (command: string, input?: string) =>
    expect([command, await run(command, input)]).toEqual([command, 0]);

  test('accounts: created, changed, closed, a new password', async () => {
    await succeed('account add boss --super --id 500 --mobile 13900000001', 'correct horse');
    await succeed('account change boss --no-super --email boss@example.com --mobile 13900000001');
    await succeed('account password boss', 'battery staple');
    await succeed('account change boss --no-open');
    await succeed('account change boss --no-open');
    expect(await run('account add boss', 'correct horse')).toBe(1);
    expect(await run('account password nobody', 'correct horse')).toBe(1);
    await succeed('account end-sessions boss');

    const about = { ...BY_COMMAND, kind: 'account', user_id: 500 };
    expect(await happened(app)).toEqual([
      {
        ...about,
        action: 'add',
        changes: {
          username: { old: null, new: 'boss' },
          is_super: { old: null, new: 1 },
          mobile: { old: null, new: '13900000001' },
        },
      },
      {
        ...about,
        action: 'edit',
        changes: { is_super: { old: 1, new: 0 }, email: { old: '', new: 'boss@example.com' } },
      },
      { ...about, action: 'password', changes: {} },
      { ...about, action: 'edit', changes: { is_available: { old: 1, new: 0 } } },
      { ...about, kind: 'sign-in', action: 'end', changes: {} },
    ]);
  });

  test('enterprises and rights: created, stopped, granted, bound, revoked', async () => {
    await buildUser(app.dataSource, { userId: 501, username: 'anna' });
    await buildEmployee(app.dataSource, { uniacid: 9, enterpriseId: 7, userid: 'Anna' });
    await succeed('enterprise add 7 企业七 --uniacid 9');
    await succeed('enterprise stop 7');
    await succeed('enterprise stop 7');
    await succeed('enterprise start 7');
    await succeed('right grant anna 7');
    await succeed('right grant anna 7 --identity manager');
    await succeed('right grant anna 7 --identity manager');
    await succeed('right bind anna 7 Anna');
    await succeed('right unbind anna 7');
    await succeed('right revoke anna 7');
    expect(await run('right revoke anna 7')).toBe(1);
    expect(await run('enterprise add 7 other --uniacid 9')).toBe(1);

    const enterprise = { ...BY_COMMAND, kind: 'enterprise', enterprise_id: 7 };
    const right = { ...BY_COMMAND, kind: 'right', user_id: 501, enterprise_id: 7 };
    expect(await happened(app)).toEqual([
      { ...enterprise, action: 'add', changes: { uniacid: { old: null, new: 9 }, name: { old: null, new: '企业七' } } },
      { ...enterprise, action: 'edit', changes: { status: { old: 1, new: 0 } } },
      { ...enterprise, action: 'edit', changes: { status: { old: 0, new: 1 } } },
      { ...right, action: 'add', changes: { identity: { old: null, new: 1 } } },
      { ...right, action: 'edit', changes: { identity: { old: 1, new: 2 } } },
      { ...right, action: 'edit', changes: { userid: { old: '', new: 'Anna' } } },
      { ...right, action: 'edit', changes: { userid: { old: 'Anna', new: '' } } },
      { ...right, action: 'delete', changes: { identity: { old: 2, new: null }, userid: { old: '', new: null } } },
    ]);
  });

  test('customers: created, changed, a new code, deleted', async () => {
    await succeed('customer add 1001 示例 --city 广州市', 'CODE-1');
    await succeed('customer change 1001 --name 新名 --city 广州市 --code', 'CODE-2');
    await succeed('customer delete 1001');
    expect(await run('customer delete 1001')).toBe(1);

    const about = { ...BY_COMMAND, kind: 'customer', customer_id: 1001 };
    const entries = await happened(app);
    expect(entries).toEqual([
      {
        ...about,
        action: 'add',
        changes: { customer_name: { old: null, new: '示例' }, city: { old: null, new: '广州市' } },
      },
      { ...about, action: 'edit', changes: { customer_name: { old: '示例', new: '新名' }, secret: { hidden: true } } },
      { ...about, action: 'delete', changes: expect.objectContaining({ customer_name: { old: '新名', new: null } }) },
    ]);
    expect(JSON.stringify(entries)).not.toContain('CODE');
  });

  test('audit narrows to an actor, a kind, a subject and a time', async () => {
    await buildUser(app.dataSource, { userId: 502, username: 'bert' });
    await succeed('enterprise add 8 企业八 --uniacid 9');
    await succeed('right grant bert 8');
    await succeed('customer add 1002 客户', 'CODE');
    await app.send('/api/login', { json: { username: 'bert', password: 'password' } });

    const narrowed = async (options: string) => {
      const { stdout } = await runCli(app.databaseUrl, `audit ${options}`);
      return stdout.split('\n').flatMap((line) => (line ? [JSON.parse(line).kind] : []));
    };
    expect(await narrowed('')).toEqual(['enterprise', 'right', 'customer', 'sign-in']);
    expect(await narrowed('--actor command')).toEqual(['enterprise', 'right', 'customer']);
    expect(await narrowed('--actor 502')).toEqual(['sign-in']);
    expect(await narrowed('--kind right')).toEqual(['right']);
    expect(await narrowed('--user 502')).toEqual(['right', 'sign-in']);
    expect(await narrowed('--customer 1002')).toEqual(['customer']);
    expect(await narrowed('--enterprise 8 --actor command')).toEqual(['enterprise', 'right']);
    expect(await narrowed('--to 2020-01-01')).toEqual([]);
    expect(await run('audit --kind secrets')).toBe(1);
    expect(await run('audit --actor boss')).toBe(1);
  });

  /** By the functions of the commands: a process for each would take long. */
  test('without its entry nothing is changed', async () => {
    const { dataSource } = app;
    await buildUser(dataSource, { userId: 503, username: 'carl' });
    await buildEnterprise(dataSource, { id: 6 });
    await buildRight(dataSource, { enterpriseId: 6, userId: 503 });
    const { customerId: customer_id } = await buildCustomer(dataSource);
    const by = operator();
    const changes: [what: string, make: () => Promise<unknown>][] = [
      ['account add', () => addAccount(dataSource, 'new', 'correct horse', {}, by)],
      ['account change', () => changeAccount(dataSource, 'carl', { open: false }, by)],
      ['account password', () => setPassword(dataSource, 'carl', 'battery staple', by)],
      ['enterprise add', () => addEnterprise(dataSource, 5, 9, '企业', by)],
      ['enterprise stop', () => changeEnterprise(dataSource, 6, { running: false }, by)],
      ['right grant', () => grant(dataSource, 'carl', 6, 'creator', by)],
      ['right bind', () => bind(dataSource, 'carl', 6, 'Carl', by)],
      ['right revoke', () => revoke(dataSource, 'carl', 6, by)],
      ['customer change', () => editCustomer(dataSource, { customer_id, customer_name: 'x' }, by)],
      ['customer delete', () => deleteCustomer(dataSource, customer_id, by)],
    ];
    const tables = ['user', 'enterprise', 'enterprise_right', 'customer'];
    const state = () => Promise.all(tables.map((table) => dataSource.query(`SELECT * FROM ${table}`)));
    const before = await state();
    await dataSource.query('ALTER TABLE audit_entry RENAME TO audit_gone');
    for (const [, make] of changes) await expect(make()).rejects.toThrow('audit_entry');
    expect(await state()).toEqual(before);
    await dataSource.query('ALTER TABLE audit_gone RENAME TO audit_entry');
    for (const [what, make] of changes) expect([what, await make().then(() => 'made')]).toEqual([what, 'made']);
    expect(await exported(app)).toHaveLength(changes.length);
  });
});
