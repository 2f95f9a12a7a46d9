import { DataSource } from 'typeorm';
import { fold } from '../../src/database/fold';
import { UserCustomer } from '../../src/user-customer/entities/user-customer.entity';
import { Follow } from '../../src/wechat-customers/entities/follow.entity';
import { FollowWriter } from '../../src/wechat-customers/write/follow-writer';
import { TestApp } from '../app';
import {
  buildContact,
  buildEmployee,
  buildEnterprise,
  buildFollow,
  buildRight,
  buildTag,
  buildUserCustomer,
  followData,
} from '../factories';

const UNIACID = 8800;
const PLUGIN = `/business/${UNIACID}/plugin/WechatCustomers`;

let app: TestApp;
let dataSource: DataSource;
let token: string;
let tenant: { uniacid: number; enterpriseId: number };

beforeAll(async () => {
  app = await TestApp.start();
  ({ dataSource } = app);
});
afterAll(() => app.stop());

/** Texts compare by bytes and fold the same letters on every engine (CONTRACT 1.3). */
describe('case', () => {
  /** Every character but halves of pairs, in texts that fit into a TEXT. */
  function* allCharacters(): Generator<string> {
    const codes = Array.from({ length: 0x110000 }, (_, code) => code).filter((code) => code < 0xd800 || code > 0xdfff);
    for (let n = 0; n < codes.length; n += 16_000) yield String.fromCodePoint(...codes.slice(n, n + 16_000));
  }

  test("the engine's LOWER and fold() know the same letters", async () => {
    const rows = await Promise.all([...allCharacters()].map((template) => buildUserCustomer(dataSource, { template })));
    for (const { customerId, template } of rows) {
      const [row] = await dataSource.query<{ lower: string }[]>(
        'SELECT LOWER(template) AS lower FROM user_customer WHERE user_id = 998 AND customer_id = ?',
        [customerId],
      );
      const one = [...template!].map(fold).join(''); // a common character alone takes a shorter way through fold()
      expect([fold(template!), one].map((folded) => folded === row!.lower)).toEqual([true, true]);
    }
    await dataSource.getRepository(UserCustomer).delete({ userId: 998 });
  });

  test.each([
    ['Latin', 'ÀÉ Straße', 'àé sTRAßE'],
    ['Greek', 'ΟΔΥΣΣΕΥΣ', 'οδυσσευσ'],
    ['Cyrillic', 'МОСКВА', 'москва'],
    ['full width', 'ＡＢＣ', 'ａｂｃ'],
    ['a dotted I', 'İstanbul', 'iSTANBUL'],
  ])('%s letters are the same in both cases', (_, upper, lower) => expect(fold(upper)).toBe(fold(lower)));

  test.each([
    ['Cherokee', 'Ꭰ', 'ꭰ'],
    ['Georgian', 'Ა', 'ა'],
    ['Deseret', '𐐀', '𐐨'],
    ['the end of a Greek word', 'Σ', 'ς'],
  ])('%s letters are not, as the servers do not know them', (_, upper, lower) =>
    expect(fold(upper)).not.toBe(fold(lower)),
  );
});

/** An id of WeCom and the same with a blank after it, which MySQL's `=` and its keys take for one. */
describe('blanks at the end of ids', () => {
  beforeEach(async () => {
    token = await app.login();
    const { id } = await buildEnterprise(dataSource, { uniacid: UNIACID });
    tenant = { uniacid: UNIACID, enterpriseId: id };
    await buildRight(dataSource, { ...tenant, userid: 'Li ' });
    await app.send(`/business/${UNIACID}/admin/manageBusiness`, { token, json: { id } });
  });

  const ask = async (route: string, json: object = {}) => (await app.send(`${PLUGIN}/${route}`, { token, json })).body;

  /** The ids of the follows found, and their total, which is counted in another way. */
  async function find(search: object, route = 'getList'): Promise<[ids: number[], total: number]> {
    const { data } = await ask(route, { search });
    return [data.data.map(({ id }: Follow) => id), data.total];
  }

  test("an employee's follows are not another's", async () => {
    const plain = await buildFollow(dataSource, { ...tenant, userid: 'Li' });
    const blank = await buildFollow(dataSource, { ...tenant, userid: 'Li ' });
    await buildFollow(dataSource, { ...tenant, userid: 'Li |' });
    expect(await find({ employee_member: 'Li' })).toEqual([[plain.id], 1]);
    expect(await find({ employee_member: 'Li', status: 1 })).toEqual([[plain.id], 1]);
    expect(await find({}, 'myCustomerList')).toEqual([[blank.id], 1]);
  });

  test('a row shows and is found by its own contact only', async () => {
    const contact = await buildContact(dataSource, {
      ...tenant,
      externalUserid: 'wm ',
      name: 'Anna Karenina',
      memberUid: 5,
    });
    const follow = await buildFollow(dataSource, {
      ...tenant,
      userid: 'Wu',
      contact: { ...contact, externalUserid: 'wm' },
    });
    const { data } = await ask('getList');
    expect(data.data.map((row: any) => row.has_one_customer)).toEqual([null]);
    expect((await ask('getDetails', { external_userid: 'wm', userid: 'Wu' })).data.has_one_customer).toBeNull();
    for (const search of [
      { customer: 'Anna Karenina' },
      { customer: 'nn' },
      { customer: 'wm' },
      { member: 5 },
      { type: 1 },
    ]) {
      expect(await find(search)).toEqual([[], 0]);
    }
    expect((await app.row(Follow, { id: follow.id }))!.customerPk).toBeNull();
  });

  test('a row shows its own employee and tags only', async () => {
    await buildEmployee(dataSource, { ...tenant, userid: 'Wu ' });
    await buildTag(dataSource, { ...tenant, tagId: 'et ', name: 'blank' });
    const { externalUserid } = await buildFollow(dataSource, { ...tenant, userid: 'Wu', tagId: 'et' });
    const [row] = (await ask('getList')).data.data;
    const details = (await ask('getDetails', { external_userid: externalUserid, userid: 'Wu' })).data;
    for (const shown of [row, details]) expect(shown).toMatchObject({ has_one_employee: null, tag_name: '' });
    expect((await ask('getDetails', { external_userid: externalUserid, userid: 'Wu ' })).data.userid).toBe('Wu'); // trimmed
  });

  test('a way of adding is not another', async () => {
    const plain = await buildFollow(dataSource, { ...tenant, addWay: '1' });
    const blank = await buildFollow(dataSource, { ...tenant, addWay: '1 ' });
    expect(await find({ add_way_type: 1 })).toEqual([[plain.id], 1]);
    expect(await find({ add_way_type: 1, time: [1_600_000_000, ''] })).toEqual([[plain.id], 1]);
    expect(await find({ status: 1, type: 1 })).toEqual([[blank.id, plain.id], 2]);
  });

  test('employees are sorted by bytes, characters before the blank too', async () => {
    for (const userid of ['Li!', 'Li', 'Li\t', 'Li\0', 'li', 'Lé', 'L'])
      await buildEmployee(dataSource, { ...tenant, userid });
    const { employee } = (await ask('getList')).data;
    const sorted = ['L', 'Li', 'Li\0', 'Li\t', 'Li!', 'Lé', 'li'];
    expect(employee.map((each: any) => each.user_id)).toEqual(sorted);
  });

  test.each([
    ['wechat_customer.external_userid', { contact: { externalUserid: 'wm ' } }],
    ['wechat_follow.userid', { follow: { userid: 'Li ' } }],
  ])('the writer refuses them: %s', async (column, data) => {
    const saved = app.app.get(FollowWriter).save(tenant, [followData(data)]);
    await expect(saved).rejects.toThrow(`${column} ends in a blank`);
    expect(await find({})).toEqual([[], 0]);
  });
});
