import { statSync } from 'node:fs';
import { AuditEntry } from '../../src/audit/audit-entry.entity';
import { Session } from '../../src/auth/entities/session.entity';
import { User } from '../../src/auth/entities/user.entity';
import { TestApp } from '../app';
import { happened } from '../audit/exported';
import { buildUser } from '../factories';
import { call, rejected } from '../mix';
import { counts, Imports } from './rows';

const HASH = '$2y$04$gS/W/NhimWShPUfF/rqd9uuTuupnuwf5QjwxyHk9qAymZdxmuHIIm'; // of 'short', by PHP
const OTHER = '$2y$10$W4Q.qFdonnhxc6WpggFImeNHyU0hxD9EIxRP/31Zv7ERf.WYalVSS'; // of 'old password'
const ARGON2ID = '$argon2id$v=19$m=65536,t=4,p=1$VGw4RUFBNUFrMHplRUZtWA$YTjweQq+KI7ahXXR0CZEuFYoQjnc8MumNzfLm3hURkk';

describe('import of accounts', () => {
  let app: TestApp;
  let imports: Imports;

  beforeEach(async () => {
    app = await TestApp.start({ demo: false });
    imports = new Imports(app.dataSource);
  });
  afterEach(async () => {
    imports.remove();
    await app.stop();
  });

  const importing = (rows: object[], apply = true) => imports.rows('accounts', rows, { apply });
  const users = () => app.dataSource.getRepository(User).find({ order: { userId: 'ASC' } });
  const login = (username: string, password: string, more = {}) => call(app, 'login', { username, password, ...more });

  const WHOLE = {
    ...{ user_id: 998, username: '王小明', password_hash: HASH, is_super: 1, is_available: 1, mobile: '13800001000' },
    ...{ description: '说明', extension: '8001', email: 'w@example.com', address: '广州', reference: 'R' },
    created: '2018-11-28 10:40:31',
  };

  test('keeps every field; the account signs in as before and answers them', async () => {
    expect(counts(await importing([WHOLE]))).toEqual({ new: 1, changed: 0, equal: 0, refused: 0 });
    const { result } = await login('王小明', 'short');
    const shown = Object.fromEntries(Object.entries(WHOLE).filter(([name]) => name in result));
    expect(Object.keys(shown)).toHaveLength(10);
    expect(result).toMatchObject(shown);
    expect((await login('13800001000', 'short', { system: 'APP' })).result.user_id).toBe(998);
  });

  test('what is absent is as by default, and without a hash nobody signs in', async () => {
    await importing([{ user_id: 1, username: 'a' }]);
    const [user] = await users();
    expect(user).toMatchObject({ isSuper: 0, isAvailable: 1, mobile: '', email: '', passwordHash: '' });
    expect(user!.created).toMatch(/^\d{4}-/);
    expect(await login('a', 'short')).toEqual(rejected('用户名或密码错误'));
    expect(counts(await importing([{ user_id: 1, username: 'a', password_hash: HASH }]))).toMatchObject({ changed: 1 });
    expect((await login('a', 'short')).mix_code).toBe(130002);
  });

  test('a CSV file with Chinese headers does the same', async () => {
    const csv = `用户标识,用户名,密码哈希,超级管理员,手机\r\n5,小王,${HASH},1,\r\n`;
    const report = await imports.file('accounts', imports.write('accounts.csv', csv));
    expect(counts(report)).toEqual({ new: 1, changed: 0, equal: 0, refused: 0 });
    expect(await users()).toMatchObject([{ userId: 5, username: '小王', passwordHash: HASH, isSuper: 1, mobile: '' }]);
  });

  test('again nothing changes, also after the first sign-in replaced the hash, which is remarked', async () => {
    await importing([WHOLE]);
    expect(counts(await importing([WHOLE]))).toEqual({ new: 0, changed: 0, equal: 1, refused: 0 });
    await login('王小明', 'short');
    const before = await users();
    const report = await importing([WHOLE]);
    expect(counts(report)).toEqual({ new: 0, changed: 0, equal: 1, refused: 0 });
    expect(report.reasons).toEqual({ 'taken, but an account that exists keeps its password': 1 });
    expect(await users()).toEqual(before);
  });

  test('the password of an existing account stays, its other fields follow', async () => {
    const { userId, passwordHash } = await buildUser(app.dataSource, {
      userId: 998,
      username: '王小明',
      mobile: '139',
    });
    const report = await importing([{ ...WHOLE, password_hash: OTHER }]);
    expect(counts(report)).toEqual({ new: 0, changed: 1, equal: 0, refused: 0 });
    expect(report.reasons).toEqual({ 'taken, but an account that exists keeps its password': 1 });
    expect(await app.row(User, { userId })).toMatchObject({ username: '王小明', mobile: '13800001000', passwordHash });
    expect((await login('王小明', 'password')).mix_code).toBe(130002);
  });

  test('an account of another name is not turned into the one that is given', async () => {
    const { userId } = await buildUser(app.dataSource, { userId: 998, username: 'admin' });
    const before = await app.row(User, { userId });
    const report = await importing([WHOLE]);
    expect(counts(report)).toEqual({ new: 0, changed: 0, equal: 0, refused: 1 });
    expect(report.reasons).toEqual({ 'another account has the user_id': 1 });
    expect(await app.row(User, { userId })).toEqual(before);
  });

  test('a shared mobile number is taken and remarked: none signs in by it', async () => {
    await buildUser(app.dataSource, { userId: 1, mobile: '139' });
    const row = (id: number, mobile: string) => ({ user_id: id, username: `u${id}`, password_hash: HASH, mobile });
    const report = await importing([row(2, '139'), row(3, '138'), row(4, '138'), row(5, '137')]);
    expect(counts(report)).toEqual({ new: 4, changed: 0, equal: 0, refused: 0 });
    expect(report.reasons).toEqual({
      'taken, but no account signs in by a mobile number that another has too': 3,
    });
    for (const mobile of ['139', '138']) expect((await login(mobile, 'short', { system: 'APP' })).code).toBe(500);
    expect((await login('137', 'short', { system: 'APP' })).result.user_id).toBe(5);
  });

  test('a closed account has no sessions any more', async () => {
    await importing([WHOLE]);
    await login('王小明', 'short');
    await importing([{ user_id: 998, username: '王小明', is_available: 0 }]);
    expect(await app.dataSource.getRepository(Session).count()).toBe(0);
  });

  const REFUSED: [row: object, reason: string][] = [
    [{ user_id: 0 }, 'user_id must be a whole number from 1 on'],
    [{ user_id: '9007199254740992' }, 'user_id must be a whole number from 1 on'],
    [{ username: '' }, 'username is missing'],
    [{ username: 'taken' }, 'another account has the user name'],
    [{ username: 'blank ' }, 'user.username ends in a blank'],
    [{ username: 'n'.repeat(65) }, 'user.username takes at most 64 characters'],
    [{ is_super: 2 }, 'is_super must be 0 or 1'],
    [{ mobile: '1'.repeat(33) }, 'user.mobile takes at most 32 characters'],
    [{ created: '2018-02-30 00:00:00' }, 'created must be a time as 2021-09-28 09:21:46'],
    [{ password: 'secret' }, 'unknown field "password"'],
    ...['short', 'e10adc3949ba59abbe56e057f20f883e', HASH.slice(0, -1), HASH.replace('2y', '2x'), `${HASH} `].map(
      (password_hash): [object, string] => [
        { password_hash },
        'password_hash must be a hash: $2y$… (bcrypt) or $argon2id$…',
      ],
    ),
    [{ password_hash: HASH.replace('$04$', '$03$') }, 'password_hash must be a hash: $2y$… (bcrypt) or $argon2id$…'],
    [{ password_hash: HASH.replace('$04$', '$15$') }, 'password_hash is bcrypt of a cost above 14'],
    [{ password_hash: ARGON2ID.replace('65536', '999999') }, 'password_hash is argon2id above m=131072, t=10 or p=4'],
    [
      { password_hash: ARGON2ID.replace(/t=\d+/, 't=0') },
      'password_hash is argon2id with parameters that do not exist',
    ],
    [{ password_hash: 5 }, 'password_hash must be a text'],
  ];

  test('refuses what cannot be read or stored, by a reason without the value, in a file of the owner’s', async () => {
    await buildUser(app.dataSource, { userId: 1, username: 'taken' });
    const rows = REFUSED.map(([row], n) => ({ user_id: 100 + n, username: `u${n}`, ...row }));
    const report = await importing(rows);
    expect(counts(report)).toEqual({ new: 0, changed: 0, equal: 0, refused: rows.length });
    const { rows: refused, reasons } = imports.refused(report);
    expect(refused).toBe(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    expect(
      reasons
        .trim()
        .split('\n')
        .map((line) => line.replace(/^line \d+: /, '')),
    ).toEqual(REFUSED.map(([, reason]) => reason));
    expect(JSON.stringify(report) + reasons).not.toMatch(/\$2y\$0|\$argon2id\$v|secret|e10adc/);
    expect(statSync(report.refusedFile!).mode & 0o777).toBe(0o600);
    expect(await users()).toHaveLength(1);
  });

  test('refuses a user name that two rows have, and an id that is given twice with other values', async () => {
    const report = await importing([
      { user_id: 1, username: 'a' },
      { user_id: 2, username: 'a' },
      { user_id: 1, username: 'b' },
      { user_id: 1, username: 'a' },
    ]);
    expect(counts(report)).toEqual({ new: 1, changed: 0, equal: 1, refused: 2 });
    expect(report.reasons).toEqual({ 'its user name was given before': 1, 'was given before with other values': 1 });
  });

  test('the audit log has each change, and never a hash', async () => {
    await importing([WHOLE, { user_id: 2, username: 'b' }]);
    await importing([
      { user_id: 998, username: '王小明', is_super: 0 },
      { user_id: 2, username: 'b', password_hash: HASH },
    ]);
    const about = { actor_id: null, actor: 'command:test', kind: 'account' };
    expect(await happened(app)).toEqual([
      {
        ...about,
        ...{ action: 'add', user_id: 998 },
        changes: expect.objectContaining({ username: { old: null, new: '王小明' }, is_super: { old: null, new: 1 } }),
      },
      { ...about, action: 'add', user_id: 2, changes: expect.objectContaining({ username: { old: null, new: 'b' } }) },
      { ...about, action: 'edit', user_id: 998, changes: { is_super: { old: 1, new: 0 } } },
      { ...about, action: 'edit', user_id: 2, changes: { password_hash: { hidden: true } } },
    ]);
    const entries = await app.dataSource.getRepository(AuditEntry).find();
    expect(JSON.stringify(entries)).not.toContain('$2y$');
  });

  test('a dry run says the same and changes nothing', async () => {
    await buildUser(app.dataSource, { userId: 2, username: 'taken' });
    const before = await users();
    const rows = [WHOLE, { user_id: 2, username: 'taken', is_super: 1 }, { user_id: 3, username: 'taken' }];
    expect(counts(await importing(rows, false))).toEqual({ new: 1, changed: 1, equal: 0, refused: 1 });
    expect(await users()).toEqual(before);
    expect(counts(await importing(rows))).toEqual({ new: 1, changed: 1, equal: 0, refused: 1 });
  });
});
