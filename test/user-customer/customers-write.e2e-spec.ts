import { Customer } from '../../src/user-customer/entities/customer.entity';
import { TestApp } from '../app';
import { buildCustomer, buildUserCustomer } from '../factories';
import { logOf } from '../log';
import { badParameter, call, NOT_FOUND, notAnId, rejected, succeeded } from '../mix';

const ADDED = succeeded('添加成功');
const EDITED = succeeded('编辑成功');
const DELETED = succeeded('删除成功');
const NOT_ALLOWED = rejected('无权操作客户资料');
const EXISTS = rejected('客户已存在');
const FOLLOWED = rejected('客户已被关注，不能删除');

const TEXTS = {
  description: 'D',
  province: 'P',
  city: 'C',
  address: 'A',
  phone: '1',
  contact: 'O',
  mobile: '2',
  email: 'E',
  template: ' {{t}} ',
  script: '<script>alert("1")</script>\n',
  reference: 'R',
};
const CLEARED = {
  ...{ description: '', expId: '', province: '', city: '', address: '', phone: '', contact: '', mobile: '' },
  ...{ email: '', template: null, script: null, reference: '' },
};

/** The longest text of each field, in characters. */
const LENGTHS = {
  ...{ description: 1024, exp_id: 64, province: 64, city: 64, address: 255, phone: 64, contact: 255, mobile: 32 },
  ...{ email: 255, reference: 255, customer_name: 255, secret: 64 },
};

/** Wrong texts of add and edit alike. */
const wrongTexts: [wrong: object, detail: string][] = [
  ...Object.entries(LENGTHS).flatMap(([field, max]): [object, string][] => [
    [{ [field]: '客'.repeat(max + 1) }, `${field} 不能超过${max}个字符`],
    [{ [field]: 1 }, `${field} 必须是字符串`],
    [{ [field]: ['x'] }, `${field} 必须是字符串`],
    [{ [field]: 'a\ud800' }, `${field} 含有无法保存的字符`],
  ]),
  ...['template', 'script'].flatMap((field): [object, string][] => [
    [{ [field]: 'x'.repeat(65_536) }, `${field} 不能超过65535字节`],
    [{ [field]: {} }, `${field} 必须是字符串`],
    [{ [field]: '\udc00' }, `${field} 含有无法保存的字符`],
  ]),
  ...['customer_name', 'secret'].flatMap((field): [object, string][] =>
    [null, ''].map((empty) => [{ [field]: empty }, `${field} 不能为空`]),
  ),
];

/** The changes of /api/customer (CONTRACT 1.4), all for is_super alone. */
describe('customers are changed', () => {
  let app: TestApp;
  let admin: string;
  let demo: string;
  let lastId = 50_000;
  beforeAll(async () => {
    app = await TestApp.start();
    [admin, demo] = [await app.login(), await app.login('demo', 'demo-user')];
  });
  afterAll(() => app.stop());

  const send = (route: string, json: object, token = admin) => call(app, `customer/${route}`, json, token);
  const rowOf = (customerId: number) => app.row(Customer, { customerId });
  const valid = () => ({ customer_id: ++lastId, customer_name: '新客户', secret: 'N3W5' });

  describe('add', () => {
    test('creates a row with what is given, created now in UTC+8', async () => {
      const json = valid();
      const before = Math.floor(Date.now() / 1000);
      expect(await send('add', { ...json, ...TEXTS, exp_id: 'X', customer_id: `${json.customer_id}` })).toEqual(ADDED);
      const row = (await rowOf(json.customer_id))!;
      const { created } = row;
      expect(row).toEqual({
        customerId: json.customer_id,
        name: '新客户',
        secret: 'N3W5',
        expId: 'X',
        ...TEXTS,
        created,
      });
      const seconds = Date.parse(`${created!.replace(' ', 'T')}+08:00`) / 1000;
      expect(seconds >= before && seconds <= Date.now() / 1000).toBe(true);
    });

    test.each([[undefined], [null], ['']])('takes %j for absent', async (empty) => {
      const json = valid();
      const texts = Object.fromEntries([...Object.keys(TEXTS), 'exp_id'].map((field) => [field, empty]));
      expect(await send('add', { ...json, ...texts })).toEqual(ADDED);
      expect(await rowOf(json.customer_id)).toMatchObject({ ...CLEARED, name: '新客户', secret: 'N3W5' });
    });

    test('takes the longest texts, and ignores created', async () => {
      const json = valid();
      const longest = Object.fromEntries(Object.entries(LENGTHS).map(([field, max]) => [field, '😀'.repeat(max)]));
      const texts = { template: 'x'.repeat(65_535), script: '客'.repeat(21_845), created: '2000-01-01 00:00:00' };
      expect(await send('add', { ...json, ...longest, ...texts })).toEqual(ADDED);
      const { result } = await send('get', { customer_id: json.customer_id });
      expect(result).toEqual({ ...json, ...longest, ...texts, created: expect.stringMatching(/^20[2-9]/) });
    });

    test('by form and multipart; the customer can be followed with its code', async () => {
      for (const encoding of ['form', 'multipart'] as const) {
        const { customer_id, ...texts } = valid();
        const fields = { ...texts, customer_id: `${customer_id}` };
        const { body } = await app.send('/api/customer/add', { [encoding]: fields, token: admin });
        expect(body).toEqual(ADDED);
        const follow = { user_id: 998, customer_id, secret: 'N3W5' };
        expect(await call(app, 'user_customer/add', follow, demo)).toEqual(ADDED);
        expect((await send('get', { customer_id }, demo)).result).toMatchObject({
          customer_name: '新客户',
          secret: '',
        });
      }
    });

    test('of an existing id is refused and changes nothing', async () => {
      const row = await buildCustomer(app.dataSource);
      expect(await send('add', { ...valid(), customer_id: row.customerId })).toEqual(EXISTS);
      expect(await rowOf(row.customerId)).toEqual(row);
    });

    test.each([
      ...wrongTexts,
      [{ customer_name: undefined }, 'customer_name 不能为空'],
      [{ secret: undefined }, 'secret 不能为空'],
    ])('%j is refused', async (wrong, detail) => {
      const json = valid();
      expect(await send('add', { ...json, ...wrong })).toEqual(badParameter(detail));
      expect(await rowOf(json.customer_id)).toBeNull();
    });

    test('names every wrong parameter', async () => {
      const { mix_msg } = await send('add', { city: 1 });
      const details = ['city 必须是字符串', 'customer_id 不能为空', 'customer_name 不能为空', 'secret 不能为空'];
      expect(mix_msg.split(' | ').sort()).toEqual(details);
    });
  });

  describe('edit', () => {
    const newRow = () => buildCustomer(app.dataSource, { ...TEXTS, expId: 'X', secret: 'OLD1' });

    const fields = Object.keys(TEXTS).map((field): [string, keyof Customer] => [field, field as keyof Customer]);
    test.each<[string, keyof Customer]>([
      ...fields,
      ['exp_id', 'expId'],
      ['customer_name', 'name'],
      ['secret', 'secret'],
    ])('changes %s alone', async (field, property) => {
      const [row, other] = [await newRow(), await newRow()];
      expect(await send('edit', { customer_id: row.customerId, [field]: 'new' })).toEqual(EDITED);
      expect(await rowOf(row.customerId)).toEqual({ ...row, [property]: 'new' });
      expect(await rowOf(other.customerId)).toEqual(other);
    });

    test.each([[null], ['']])('%j clears all but name and code', async (empty) => {
      const row = await newRow();
      const texts = Object.fromEntries([...Object.keys(TEXTS), 'exp_id'].map((field) => [field, empty]));
      expect(await send('edit', { customer_id: row.customerId, ...texts })).toEqual(EDITED);
      expect(await rowOf(row.customerId)).toEqual({ ...row, ...CLEARED });
    });

    test('of nothing, of equal values and of created changes nothing', async () => {
      const row = await newRow();
      const { customerId: customer_id } = row;
      for (const same of [
        {},
        TEXTS,
        { secret: 'OLD1' },
        { created: '2000-01-01 00:00:00', customerId: 1, name: 'x' },
      ]) {
        expect(await send('edit', { customer_id, ...same })).toEqual(EDITED);
      }
      expect(await rowOf(customer_id)).toEqual(row);
    });

    test('of no customer creates none', async () => {
      for (const json of [{}, { city: 'x' }])
        expect(await send('edit', { customer_id: 9_999, ...json })).toEqual(NOT_FOUND);
      expect(await rowOf(9_999)).toBeNull();
    });

    test.each(wrongTexts)('%j is refused, with the valid texts beside it', async (wrong, detail) => {
      const row = await newRow();
      const valid = 'city' in wrong ? { email: 'new' } : { city: 'new' };
      expect(await send('edit', { customer_id: row.customerId, ...valid, ...wrong })).toEqual(badParameter(detail));
      expect(await rowOf(row.customerId)).toEqual(row);
    });
  });

  describe('delete', () => {
    test('deletes that customer, once', async () => {
      const [row, other] = [await buildCustomer(app.dataSource), await buildCustomer(app.dataSource)];
      expect(await send('delete', { customer_id: `${row.customerId}` })).toEqual(DELETED);
      expect(await rowOf(row.customerId)).toBeNull();
      expect(await rowOf(other.customerId)).toEqual(other);
      expect(await send('delete', { customer_id: row.customerId })).toEqual(NOT_FOUND);
    });

    test('is refused while a user follows the customer', async () => {
      const row = await buildCustomer(app.dataSource);
      const { customerId } = row;
      await buildUserCustomer(app.dataSource, { customerId });
      expect(await send('delete', { customer_id: customerId })).toEqual(FOLLOWED);
      expect(await rowOf(customerId)).toEqual(row);
      await call(app, 'user_customer/delete', { user_id: 998, customer_id: customerId }, demo);
      expect(await send('delete', { customer_id: customerId })).toEqual(DELETED);
    });
  });

  describe.each(['add', 'edit', 'delete'])('%s is refused', (route) => {
    test('for others than is_super, with and without the customer', async () => {
      const row = await buildCustomer(app.dataSource);
      await buildUserCustomer(app.dataSource, { customerId: row.customerId });
      const json = valid();
      for (const customer_id of [row.customerId, json.customer_id]) {
        expect(await send(route, { ...json, customer_id }, demo)).toEqual(NOT_ALLOWED);
      }
      expect(await rowOf(row.customerId)).toEqual(row);
      expect(await rowOf(json.customer_id)).toBeNull();
    });

    test.each(notAnId)('for customer_id %j: %s', async (customer_id, sentence) => {
      expect(await send(route, { ...valid(), customer_id })).toEqual(badParameter(`customer_id ${sentence}`));
    });
  });

  test('the log never holds a code', async () => {
    const log = await logOf(async () => {
      const noisy = await TestApp.start({ settings: { LOG_LEVEL: 'trace' } });
      const token = await noisy.login();
      for (const route of ['add', 'add', 'edit', 'delete', 'get_all_list']) {
        const json = {
          ...valid(),
          customer_id: 61_001,
          secret: 'SeCrEt-42',
          condition: [['secret', '=', 'SeCrEt-42']],
        };
        for (const more of [{}, { city: 1 }]) await call(noisy, `customer/${route}`, { ...json, ...more }, token);
      }
      await noisy.stop();
    });
    expect(log).toContain('/api/customer/add');
    expect(log).not.toContain('SeCrEt');
  });
});
