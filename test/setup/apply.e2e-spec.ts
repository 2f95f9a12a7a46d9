import { AuditEntry } from '../../src/audit/audit-entry.entity';
import { Session } from '../../src/auth/entities/session.entity';
import { User } from '../../src/auth/entities/user.entity';
import { EnterpriseRight } from '../../src/enterprise/entities/enterprise-right.entity';
import { Enterprise } from '../../src/enterprise/entities/enterprise.entity';
import { Customer } from '../../src/user-customer/entities/customer.entity';
import { TestApp } from '../app';
import { happened } from '../audit/exported';
import { runCli } from '../cli';
import { engine } from '../database';
import { buildEmployee } from '../factories';
import { Files } from './files';

const SETUP = `
accounts:
  - username: admin
    super: true
    password: { env: ADMIN_PASSWORD }
  - username: 小王
    id: 7
    open: false
    email: wang@example.com
    mobile: '13800001000'
    password: { stdin: 2 }
enterprises:
  - { id: 1, uniacid: 2, name: 我的企业 }
  - { id: 2, uniacid: 2, name: "yes", running: false }
rights:
  - { username: admin, business_id: 1, identity: manager, employee: Anna }
  - { username: 小王, business_id: 2, identity: staff }
customers:
  - customer_id: 1001
    name: 示例客户
    secret: { stdin: 1 }
    city: 广州市
    exp_id: X-1
    template: |
      第一行
      第二行
`;

describe('apply', () => {
  let app: TestApp;
  let files: Files;

  beforeEach(async () => {
    app = await TestApp.start({ demo: false });
    files = new Files();
    await buildEmployee(app.dataSource, { uniacid: 2, enterpriseId: 1, userid: 'Anna' });
  });
  afterEach(async () => {
    files.remove();
    await app.stop();
  });

  const SECRETS = { ADMIN_PASSWORD: 'correct horse' };
  const INPUT = '5JHC\n battery staple \n';
  const apply = (file: string, options = '', input = INPUT, settings: Record<string, string> = SECRETS) =>
    runCli(app.databaseUrl, `apply ${file} ${options}`, input, settings);
  const login = (username: string, password: string) => app.send('/api/login', { json: { username, password } });
  const rows = () =>
    Promise.all(
      [User, Enterprise, EnterpriseRight, Customer, Session, AuditEntry].map((entity) =>
        app.dataSource.getRepository(entity).find(),
      ),
    );

  /** The rights of employees need an enterprise that is there. */
  const WITHOUT_EMPLOYEE = SETUP.replace(', employee: Anna', '');

  test('creates what the file names, and what it does not name is as by default', async () => {
    const file = files.write('setup.yaml', WITHOUT_EMPLOYEE);
    expect(await apply(file)).toEqual({
      code: 0,
      stdout: [
        '+ account 小王',
        '+ account admin',
        '+ enterprise 1',
        '+ enterprise 2',
        '+ right of admin in enterprise 1',
        '+ right of 小王 in enterprise 2',
        '+ customer 1001',
        '= 0 accounts, 0 enterprises, 0 rights, 0 customers',
        'done: 7 changes\n',
      ].join('\n'),
      stderr: '',
    });
    expect(await app.row(User, { username: 'admin' })).toMatchObject({ userId: 8, isSuper: 1, isAvailable: 1 });
    const wang = { isSuper: 0, isAvailable: 0, email: 'wang@example.com', mobile: '13800001000' };
    expect(await app.row(User, { userId: 7 })).toMatchObject({ username: '小王', ...wang });
    expect((await login('admin', 'correct horse')).body.mix_code).toBe(130002);
    expect(await app.dataSource.getRepository(Enterprise).find({ order: { id: 'ASC' } })).toMatchObject([
      { id: 1, uniacid: 2, name: '我的企业', status: 1 },
      { id: 2, uniacid: 2, name: 'yes', status: 0 },
    ]);
    expect(await app.dataSource.getRepository(EnterpriseRight).find({ order: { enterpriseId: 'ASC' } })).toMatchObject([
      { uniacid: 2, enterpriseId: 1, userId: 8, identity: 2, userid: '' },
      { uniacid: 2, enterpriseId: 2, userId: 7, identity: 1, userid: '' },
    ]);
    const texts = { name: '示例客户', secret: '5JHC', city: '广州市', expId: 'X-1', template: '第一行\n第二行\n' };
    expect(await app.row(Customer, { customerId: 1001 })).toMatchObject({ ...texts, script: null, phone: '' });
  });

  test('again it changes nothing, and says so', async () => {
    const file = files.write('setup.yaml', WITHOUT_EMPLOYEE);
    await apply(file);
    const before = await rows();
    const [users] = before as [User[]];
    expect(await apply(file)).toEqual({
      code: 0,
      stdout: '= 2 accounts, 2 enterprises, 2 rights, 1 customers\nnothing is changed\n',
      stderr: '',
    });
    expect(
      await apply(files.write('setup.yaml', SETUP.replace('running: false', 'running: true')), '--dry-run'),
    ).toMatchObject({
      stdout: expect.stringContaining('~ enterprise 2 running\n~ right of admin in enterprise 1 employee\n= '),
    });
    expect(users).toHaveLength(2);
    expect(await rows()).toEqual(before);
  });

  test('changes what differs, by the audited functions of the single commands', async () => {
    await apply(files.write('setup.yaml', WITHOUT_EMPLOYEE));
    await login('admin', 'correct horse');
    await app.dataSource.getRepository(AuditEntry).clear();
    const changed = SETUP.replace('super: true', 'super: false')
      .replace('open: false', 'open: true')
      .replace('我的企业', '新名')
      .replace('identity: staff', 'identity: both')
      .replace('广州市', '深圳市')
      .replace('running: false', 'running: true');
    const { stdout } = await apply(files.write('setup.yaml', changed), '', 'CODE\nbattery staple\n');
    expect(stdout.split('\n')).toEqual([
      '~ account 小王 open',
      '~ account admin super',
      '~ enterprise 1 name',
      '~ enterprise 2 running',
      '~ right of admin in enterprise 1 employee',
      '~ right of 小王 in enterprise 2 identity',
      '~ customer 1001 city, secret',
      '= 0 accounts, 0 enterprises, 0 rights, 0 customers',
      'done: 7 changes',
      '',
    ]);
    const entries = await happened(app);
    expect(entries.map(({ kind, action, changes }) => [kind, action, changes])).toEqual([
      ['account', 'edit', { is_available: { old: 0, new: 1 } }],
      ['account', 'edit', { is_super: { old: 1, new: 0 } }],
      ['enterprise', 'edit', { name: { old: '我的企业', new: '新名' } }],
      ['enterprise', 'edit', { status: { old: 0, new: 1 } }],
      ['right', 'edit', { userid: { old: '', new: 'Anna' } }],
      ['right', 'edit', { identity: { old: 1, new: 5 } }],
      ['customer', 'edit', { city: { old: '广州市', new: '深圳市' }, secret: { hidden: true } }],
    ]);
    expect(new Set(entries.map(({ actor }) => actor.split(':')[0]))).toEqual(new Set(['command']));
    expect((await login('小王', 'battery staple')).body.mix_code).toBe(230001);
    expect((await login('小王', ' battery staple ')).body.mix_code).toBe(130002); // an existing password stays
  });

  test('--dry-run prints the same lines and changes nothing', async () => {
    const file = files.write('setup.yaml', WITHOUT_EMPLOYEE);
    const before = await rows();
    const dry = await apply(file, '--dry-run');
    expect(await rows()).toEqual(before);
    const { stdout } = await apply(file);
    expect(dry).toEqual({ code: 0, stdout: stdout.replace('done: 7 changes', 'nothing is changed'), stderr: '' });
  });

  test('an existing password is set only with reset_password, and only if it is another', async () => {
    const one = (more: string) =>
      files.write('one.yaml', `accounts:\n  - { username: eva, password: { env: ADMIN_PASSWORD }${more} }\n`);
    await apply(one(''), '', '');
    const other = { ADMIN_PASSWORD: 'another password' };
    expect((await apply(one(''), '', '', other)).stdout).toContain('nothing is changed');
    await login('eva', 'correct horse');
    expect((await apply(one(', reset_password: true'), '', '')).stdout).toContain('nothing is changed');
    expect(await app.dataSource.getRepository(Session).count()).toBe(1);
    expect((await apply(one(', reset_password: true'), '', '', other)).stdout).toContain('~ account eva password\n');
    expect(await app.dataSource.getRepository(Session).count()).toBe(0);
    expect((await login('eva', 'another password')).body.mix_code).toBe(130002);
  });

  test('a shared mobile number is warned of', async () => {
    const account = (name: string) => `- { username: ${name}, mobile: '139', password: { stdin: 1 } }`;
    const file = files.write('shared.yaml', `accounts:\n  ${account('a')}\n  ${account('b')}\n`);
    const { code, stderr } = await apply(file, '', 'correct horse');
    expect([code, stderr.split('\n').length]).toEqual([0, 3]);
    expect(stderr).toContain(`${file}: accounts[0].mobile: another account has it: neither can sign in by it\n`);
  });

  test('a run that broke off in the middle is finished by the next one', async () => {
    const file = files.write('setup.yaml', WITHOUT_EMPLOYEE);
    const refuse =
      engine === 'sqlite' ? "BEGIN SELECT RAISE(ABORT, 'full'); END" : "FOR EACH ROW SIGNAL SQLSTATE '45000'";
    await app.dataSource.query(`CREATE TRIGGER broken BEFORE INSERT ON customer ${refuse}`);
    const broken = await apply(file);
    expect(broken).toMatchObject({ code: 1, stdout: expect.stringMatching(/\+ right of 小王 in enterprise 2\n$/) });
    await app.dataSource.query('DROP TRIGGER broken');
    expect((await apply(file)).stdout).toBe(
      '+ customer 1001\n= 2 accounts, 2 enterprises, 2 rights, 0 customers\ndone: 1 changes\n',
    );
  });
});
