import { Customer } from '../../src/user-customer/entities/customer.entity';
import { UserCustomer } from '../../src/user-customer/entities/user-customer.entity';
import { Follow } from '../../src/wechat-customers/entities/follow.entity';
import { Contact } from '../../src/wechat-customers/entities/contact.entity';
import { buildCustomer } from '../factories';
import { Moving } from './moved';

const ROWS = 5000;

/** What may be asked of an original: nothing that changes its rows. */
const READING = [
  ...['/api/login', '/api/user_customer/get_list', '/api/m/user_customer/get_list', '/api/user_customer/get'],
  ...['/api/user_customer/get_customer_list', '/api/customer/get_all_list', '/api/customer/get_list'],
  ...['/api/customer/get', '/addons/yun_shop/api.php/member.login.index', '/business/2/admin/manageBusiness'],
  ...['getList', 'getDetails', 'getTagList'].map((route) => `/business/2/plugin/WechatCustomers/${route}`),
];

describe('moved out of a running original and compared with it', () => {
  let moving: Moving;

  beforeAll(async () => (moving = await Moving.start(ROWS)));
  afterAll(() => moving.stop());

  const counted = (entity: any) => moving.app.dataSource.getRepository(entity).count();

  const ofRows = ({ differences }: any) => differences.filter(({ kind }: any) => kind.endsWith(' row'));

  test('5,000 relations: moved, equal, and again without a change', async () => {
    const { code, reports } = await moving.import('mix');
    const customers = moving.original.mix.data.customers.length;
    expect([code, reports.customers, reports.relations]).toMatchObject([
      0,
      { new: customers, refused: 0 },
      { new: ROWS, refused: 0, source: `api:${moving.original.url}` },
    ]);
    expect(await counted(UserCustomer)).toBe(ROWS);
    expect((await moving.import('mix')).reports).toMatchObject({
      customers: { new: 0, changed: 0, equal: customers },
      relations: { new: 0, changed: 0, equal: ROWS },
    });
    const compared = await moving.compare('mix', '--random 60');
    expect([compared.code, compared.found.differences]).toEqual([0, []]);
    expect(compared.found.answers).toBeGreaterThan(270);
  });

  test('5,000 follows with contacts, tags and employees: moved, equal, and again without a change', async () => {
    const { code, reports } = await moving.import('wechat');
    const { data } = moving.original.wechat;
    const sizes = { tags: data.tags.length, employees: data.employees.length, follows: ROWS };
    for (const [kind, count] of Object.entries(sizes)) {
      expect([kind, code, reports[kind]]).toMatchObject([kind, 0, { new: count, refused: 0 }]);
    }
    expect([await counted(Follow), await counted(Contact)]).toEqual([ROWS, data.contacts.length]);
    const again = (await moving.import('wechat')).reports;
    for (const [kind, count] of Object.entries(sizes)) {
      expect([kind, again[kind]]).toMatchObject([kind, { new: 0, changed: 0, equal: count }]);
    }
    const compared = await moving.compare('wechat', '--random 60');
    expect([compared.code, compared.found.differences]).toEqual([0, []]);
  });

  test('a changed and a missing row are named, and mended by the next import', async () => {
    const { manager } = moving.app.dataSource;
    const [changed, missing] = moving.original.mix.data.relations;
    const key = ({ user_id, customer_id }: any) => ({ userId: user_id, customerId: customer_id });
    await manager.update(UserCustomer, key(changed), { reference: 'changed since' });
    await manager.delete(UserCustomer, key(missing));
    const { code, found } = await moving.compare('mix', '--random 0');
    expect(code).toBe(3);
    const { user_id, customer_id, reference } = changed!;
    expect(ofRows(found)).toMatchObject([{ kind: 'missing row', about: 'relation', rows: 1 }]);
    expect(found.differences).toContainEqual(
      expect.objectContaining({
        kind: 'field differs',
        about: 'relation',
        field: 'reference',
        rows: 1,
        example: expect.objectContaining({
          row: `user_id ${user_id}, customer_id ${customer_id}`,
          theirs: JSON.stringify(reference),
          ours: '"changed since"',
        }),
      }),
    );
    expect(found.differences).toContainEqual(expect.objectContaining({ kind: 'total', field: 'total_records' }));
    const { reports } = await moving.import('mix');
    expect(reports.relations).toMatchObject({ new: 1, changed: 1, refused: 0 });
    expect(await moving.app.row(UserCustomer, key(changed))).toMatchObject({ reference });
  });

  test('a customer of ours alone is one additional row, though it pushes others onto later pages', async () => {
    const { dataSource } = moving.app;
    const { customerId } = await buildCustomer(dataSource, { created: '2099-01-01 00:00:00' });
    const { code, found } = await moving.compare('mix', '--random 60');
    await dataSource.manager.delete(Customer, { customerId });
    expect([code, ofRows(found)]).toMatchObject([3, [{ kind: 'additional row', about: 'customer', rows: 1 }]]);
    const kinds = new Set(found.differences.map(({ kind }: any) => kind));
    expect([...kinds]).toEqual(['additional row', 'total']);
  });

  test('a changed field of a contact is found wherever it stands', async () => {
    const { manager } = moving.app.dataSource;
    const { external_userid } = moving.original.wechat.data.follows[1234]!;
    await manager.update(Contact, { externalUserid: external_userid }, { gender: 9 });
    const { code, found } = await moving.compare('wechat', '--random 0');
    expect([code, found.differences]).toEqual([
      3,
      [expect.objectContaining({ kind: 'field differs', about: 'follow', field: 'has_one_customer.gender' })],
    ]);
    expect(found.differences[0].example.row).toContain(external_userid);
  });

  test('of the original nothing was asked but what reads', () => {
    const asked = new Set(moving.original.calls.map((call) => call.replace('POST ', '')));
    expect([...asked].filter((path) => !READING.includes(path))).toEqual([]);
    expect(READING.filter((path) => !asked.has(path))).toEqual([]);
  });
});
