import { AuditEntry } from '../../src/audit/audit-entry.entity';
import { Customer } from '../../src/user-customer/entities/customer.entity';
import { UserCustomer } from '../../src/user-customer/entities/user-customer.entity';
import { TestApp } from '../app';
import { buildCustomer, buildUser, buildUserCustomer } from '../factories';
import { fingerprint } from '../resilience/fingerprint';
import { ACTOR, counts, Imports } from './rows';

/** A customer as get_all_list answers it. */
const CUSTOMER = {
  customer_id: 1001,
  customer_name: '示例客户一',
  description: '说明',
  secret: '5JHC',
  exp_id: 'E1',
  province: '广东省',
  city: '广州市',
  address: '路1号',
  phone: '020-1',
  contact: '王经理',
  mobile: '13800000000',
  email: 'a@example.com',
  template: '',
  script: null,
  reference: 'R',
  created: '2018-11-28 10:00:00',
};

/** A relation as get_list answers it. */
const RELATION = {
  user_id: 998,
  customer_id: 1001,
  template: 'T',
  script: '',
  reference: 'R1',
  created: '2018-11-28 10:40:31',
  is_available: 0,
  boss_sync: 1,
};

describe('customers and relations', () => {
  let app: TestApp;
  let imports: Imports;

  beforeEach(async () => {
    app = await TestApp.start({ demo: false });
    imports = new Imports(app.dataSource);
    await buildUser(app.dataSource, { userId: 998 });
    await buildUser(app.dataSource, { userId: 1000, username: 'admin', isSuper: 1 });
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    imports.remove();
    await app.stop();
  });

  const audited = async () => {
    const entries = await app.dataSource.manager.find(AuditEntry, { order: { id: 'ASC' } });
    return entries.map(({ kind, action, userId, customerId, actor, changes }) => {
      return { kind, action, userId, customerId, actor, changes: JSON.parse(changes) };
    });
  };

  test('answer as they did, and a second time nothing is written', async () => {
    expect(await imports.rows('customers', [CUSTOMER])).toMatchObject({ new: 1, refused: 0, resumed: false });
    expect(await imports.rows('relations', [RELATION])).toMatchObject({ new: 1, refused: 0 });
    const token = await app.login('admin', 'password');
    const ask = async (path: string) =>
      (await app.send(path, { json: { user_id: 998, customer_id: 1001 }, token })).body;
    expect((await ask('/api/customer/get')).result).toEqual(CUSTOMER);
    expect((await ask('/api/user_customer/get')).result).toEqual(RELATION);
    const before = await fingerprint(app.dataSource);
    expect(counts(await imports.rows('customers', [CUSTOMER]))).toEqual({ new: 0, changed: 0, equal: 1, refused: 0 });
    expect(counts(await imports.rows('relations', [RELATION]))).toEqual({ new: 0, changed: 0, equal: 1, refused: 0 });
    expect(await fingerprint(app.dataSource)).toEqual(before);
  });

  test('have their entries in the audit log, without the code', async () => {
    await imports.rows('customers', [CUSTOMER]);
    await imports.rows('customers', [{ ...CUSTOMER, secret: 'NEW1', city: '深圳市' }]);
    await imports.rows('relations', [RELATION]);
    await imports.rows('relations', [{ ...RELATION, is_available: 1 }]);
    const [added, edited, followed, changed] = await audited();
    expect(added).toMatchObject({ kind: 'customer', action: 'add', customerId: 1001, actor: ACTOR.username });
    expect(added!.changes).toMatchObject({ customer_name: { old: null, new: '示例客户一' } });
    expect(edited!.changes).toEqual({ city: { old: '广州市', new: '深圳市' }, secret: { hidden: true } });
    expect(followed).toMatchObject({ kind: 'relation', action: 'add', userId: 998, customerId: 1001 });
    expect(changed).toMatchObject({ action: 'edit', changes: { is_available: { old: 0, new: 1 } } });
    expect(JSON.stringify(await audited())).not.toMatch(/5JHC|NEW1/);
  });

  test('what is absent stays, or is the default of a new row', async () => {
    const stored = await buildCustomer(app.dataSource, { customerId: 1002, city: 'C', secret: 'KEEP' });
    const rows = [{ customer_id: 1002, customer_name: 'new', secret: '' }, { customer_id: 1003 }];
    expect(counts(await imports.rows('customers', rows))).toEqual({ new: 1, changed: 1, equal: 0, refused: 0 });
    expect(await app.row(Customer, { customerId: 1002 })).toEqual({ ...stored, name: 'new' });
    const added = await app.row(Customer, { customerId: 1003 });
    expect(added).toMatchObject({ name: '', secret: '', template: null });
    expect(added!.created).toMatch(/^20\d\d-/);
  });

  test('relations need their account and their customer', async () => {
    await buildCustomer(app.dataSource, { customerId: 1001 });
    const rows = [
      { ...RELATION, user_id: 5 },
      { ...RELATION, customer_id: 6 },
      { ...RELATION, created: null },
    ];
    const report = await imports.rows('relations', rows);
    expect(report).toMatchObject({ new: 1, refused: 2 });
    expect(report.reasons).toEqual({
      'unknown account: import accounts first': 1,
      'unknown customer: import customers first': 1,
    });
    const refused = imports.refused(report);
    expect(refused.rows).toBe(`${JSON.stringify(rows[0])}\n${JSON.stringify(rows[1])}\n`);
    expect(refused.reasons).toMatch(/^line 1: unknown account.*\nline 2: unknown customer.*\n$/);
    expect(await app.row(UserCustomer, { userId: 998, customerId: 1001 })).toMatchObject({ created: null });
  });

  test.each([
    ['customer_id must be a whole number from 1 on', { customer_id: '1abc' }],
    ['customer_id must be a whole number from 1 on', { customer_id: 1.5 }],
    ['customer_id must be a whole number from 1 on', { customer_id: 0 }],
    ['customer_id must be a whole number from 1 on', { customer_id: true }],
    ['customer_id must be a whole number from 1 on', { customer_id: 2 ** 53 }],
    ['customer_id is missing', { customer_id: null }],
    ['user_id is missing', { user_id: undefined }],
    ['is_available must be 0 or 1', { is_available: 2 }],
    ['is_available must be 0 or 1', { is_available: 'yes' }],
    ['created must be a time as 2021-09-28 09:21:46', { created: '2018-02-30 00:00:00' }],
    ['created must be a time as 2021-09-28 09:21:46', { created: '2018/1/2' }],
    ['created must be a time as 2021-09-28 09:21:46', { created: '2018/2/30 5:06' }],
    ['created must be a time as 2021-09-28 09:21:46', { created: '2018/1/2 24:00' }],
    ['created must be a time as 2021-09-28 09:21:46', { created: '2018/13/2 5:06' }],
    ['reference must be a text', { reference: ['R'] }],
    ['user_customer.reference takes at most 255 characters', { reference: 'r'.repeat(256) }],
    ['user_customer.template takes at most 65535 bytes', { template: '模'.repeat(21846) }],
    ['user_customer.template has half a character', { template: '\ud800' }],
    ['unknown field "extra"', { extra: 1 }],
  ])('a relation is refused: %s', async (reason, fields) => {
    await buildCustomer(app.dataSource, { customerId: 1001 });
    const report = await imports.rows('relations', [{ ...RELATION, ...fields }]);
    expect(report).toMatchObject({ new: 0, refused: 1, reasons: { [reason]: 1 } });
    expect(await app.dataSource.manager.count(UserCustomer)).toBe(0);
  });

  test('refused rows of a CSV file in GB18030 are UTF-8 with a mark, and come in once mended', async () => {
    jest.spyOn(console, 'error').mockReturnValue();
    const shanghai = Buffer.from('c9cfbaa3', 'hex'); // 上海
    const rows = ['customer_id,city\nx,', shanghai, '\n1,', shanghai, '\ny,', shanghai, '\n'].map((it) =>
      Buffer.from(it),
    );
    const report = await imports.file('customers', imports.write('rows.csv', Buffer.concat(rows)));
    expect(counts(report)).toEqual({ new: 1, changed: 0, equal: 0, refused: 2 });
    const refused = imports.refused(report).rows;
    expect(refused).toBe('\ufeffcustomer_id,city\nx,上海\ny,上海\n');
    const mended = imports.write('mended.csv', refused.replace('\nx', '\n2').replace('\ny', '\n3'));
    expect(await imports.file('customers', mended)).toMatchObject({ new: 2, refused: 0 });
    expect(await app.row(Customer, { customerId: 3 })).toMatchObject({ city: '上海' });
    const marked = await imports.file('customers', imports.write('marked.csv', '\ufeffcustomer_id,city\nx,上海\n'));
    expect(imports.refused(marked).rows).toBe('customer_id,city\nx,上海\n');
  });

  const TIMES = [
    ['2022/3/4 5:06', '2022-03-04 05:06:00'],
    ['2022/3/4 5:06:07', '2022-03-04 05:06:07'],
    ['2022/03/04 05:06', '2022-03-04 05:06:00'],
    ['2022/12/31 23:59:59', '2022-12-31 23:59:59'],
    ['2024/2/29 0:00', '2024-02-29 00:00:00'],
    ['2022-03-04 05:06', '2022-03-04 05:06:00'],
  ];

  test.each(['csv', 'jsonl'])('times as Excel saves them, in %s', async (format) => {
    const line = ([time]: string[], i: number) =>
      format === 'csv' ? `${i + 1},${time}` : JSON.stringify({ customer_id: i + 1, created: time });
    const lines = [...(format === 'csv' ? ['customer_id,created'] : []), ...TIMES.map(line)];
    const path = imports.write(`rows.${format}`, lines.join('\n'));
    expect(counts(await imports.file('customers', path))).toMatchObject({ new: TIMES.length, refused: 0 });
    const stored = await app.dataSource.manager.find(Customer, { order: { customerId: 'ASC' } });
    expect(stored.map(({ created }) => created)).toEqual(TIMES.map(([, time]) => time));
    expect(await imports.file('customers', path)).toMatchObject({ equal: TIMES.length });
  });

  test('times that nobody can be sure of are refused', async () => {
    const times = [
      ...['2018/1/2 5:6', '2018/1/2 5:06:7', '2018/1-2 5:06', '2018-1-2 05:06', '2018-01-02 5:06', '2018-01-02T05:06'],
      ...['1/2/2018 5:06', '18/1/2 5:06', '2018/1/2 5:06 PM', ' 2018/1/2 5:06', '2018/1/2 5:06\n', '2018/0/2 5:06', ''],
    ];
    const report = await imports.rows(
      'customers',
      times.map((created, i) => ({ customer_id: i + 1, created })),
    );
    expect(report.reasons).toEqual({ 'created must be a time as 2021-09-28 09:21:46': times.length });
  });

  test('of a key given twice the first counts, whether the batches are one or two', async () => {
    const filler = Array.from({ length: 600 }, (_, i) => ({ customer_id: 5000 + i }));
    const again = { ...CUSTOMER, city: 'other' };
    const report = await imports.rows('customers', [CUSTOMER, again, CUSTOMER, ...filler, again]);
    expect(report).toMatchObject({ new: 601, equal: 1, refused: 2 });
    expect(report.reasons).toEqual({ 'was given before with other values': 2 });
    expect(await app.row(Customer, { customerId: 1001 })).toMatchObject({ city: '广州市' });
  });

  test('a dry run tells the same and changes no table', async () => {
    await buildCustomer(app.dataSource, { customerId: 1002, name: 'old' });
    await buildUserCustomer(app.dataSource, { customerId: 1002 });
    const customers = [CUSTOMER, { customer_id: 1002, customer_name: 'new' }, { customer_id: 'x' }];
    const relations = [RELATION, { user_id: 998, customer_id: 1002, reference: 'new' }, { ...RELATION, user_id: 7 }];
    const before = await fingerprint(app.dataSource);
    const assumed = new Set<string>();
    const dry = [
      await imports.rows('customers', customers, { apply: false, assumed }),
      await imports.rows('relations', relations, { apply: false, assumed }),
    ];
    expect(await fingerprint(app.dataSource)).toEqual(before);
    expect(dry.map(counts)).toEqual(Array(2).fill({ new: 1, changed: 1, equal: 0, refused: 1 }));
    const applied = [await imports.rows('customers', customers), await imports.rows('relations', relations)];
    expect(applied.map(counts)).toEqual(dry.map(counts));
    expect(imports.refused(applied[1]!)).toEqual(imports.refused(dry[1]!));
  });
});
