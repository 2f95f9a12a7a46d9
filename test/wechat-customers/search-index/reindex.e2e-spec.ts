import { Follow } from '../../../src/wechat-customers/entities/follow.entity';
import { FollowData, FollowWriter } from '../../../src/wechat-customers/write/follow-writer';
import { reindex } from '../../../src/wechat-customers/search-index/reindex';
import { TestApp } from '../../app';
import { expectExactlyDerived } from '../../derived-rows';
import { buildEnterprise, buildRight, followData } from '../../factories';

const UNIACID = 9500;
const LIST = `/business/${UNIACID}/plugin/WechatCustomers/getList`;
const CONTACTS = { wm1: '王小明', wm2: '李雷', wm3: '韩梅梅', wm4: '赵敏' };

/** A follow's contact is the one of its own external_userid, whatever SQL did to the contacts. */
describe('reindex after contacts were changed by SQL', () => {
  let app: TestApp;
  let token: string;
  let tenant: { uniacid: number; enterpriseId: number };

  beforeAll(async () => {
    app = await TestApp.start();
    token = await app.login();
  });

  afterAll(() => app.stop());

  const save = (follows: FollowData[]) => app.app.get(FollowWriter).save(tenant, follows);

  const follow = (externalUserid: keyof typeof CONTACTS, userid: string) =>
    followData({
      contact: {
        externalUserid,
        name: CONTACTS[externalUserid],
        memberUid: 70 + Number(externalUserid.at(-1)),
        externalType: externalUserid === 'wm2' ? 2 : 1,
      },
      follow: { userid },
    });

  beforeEach(async () => {
    const { id } = await buildEnterprise(app.dataSource, { uniacid: UNIACID });
    tenant = { uniacid: UNIACID, enterpriseId: id };
    await buildRight(app.dataSource, tenant);
    await app.send(`/business/${UNIACID}/admin/manageBusiness`, { token, json: { id } });
    const externalUserids = Object.keys(CONTACTS) as (keyof typeof CONTACTS)[];
    await save(['Anna', 'Bert'].flatMap((userid) => externalUserids.map((each) => follow(each, userid))));
  });

  const sql = (statement: string, ...values: unknown[]) => app.dataSource.query(statement, values);

  /** Deletes all contacts and inserts those in `ids` again, with these ids. */
  async function insertAgain(ids: Partial<Record<keyof typeof CONTACTS, number>>): Promise<void> {
    const of = 'uniacid = ? AND crop_id = ?';
    await sql(`DELETE FROM wechat_customer WHERE ${of}`, tenant.uniacid, tenant.enterpriseId);
    for (const [externalUserid, id] of Object.entries(ids)) {
      const { contact } = follow(externalUserid as keyof typeof CONTACTS, '');
      await sql(
        `INSERT INTO wechat_customer (id, uniacid, crop_id, external_userid, name, uid, external_type, external_profile)
         VALUES (?, ?, ?, ?, ?, ?, ?, 'null')`,
        ...[id, tenant.uniacid, tenant.enterpriseId, externalUserid],
        ...[contact.name, contact.memberUid, contact.externalType],
      );
    }
  }

  /** The contacts' present keys by external_userid. */
  async function keys(): Promise<Record<string, number>> {
    const rows = await sql(
      'SELECT external_userid, id FROM wechat_customer WHERE uniacid = ? AND crop_id = ?',
      ...[tenant.uniacid, tenant.enterpriseId],
    );
    return Object.fromEntries(rows.map((row: any) => [row.external_userid, row.id]));
  }

  const find = async (search: object = {}) => {
    const { body } = await app.send(LIST, { token, json: { search, per_page: 100 } });
    expect(body.data.total).toBe(body.data.data.length);
    return body.data.data;
  };

  /** Every row shows the contact of its own external_userid, holds its key and is found by its name, id and member. */
  async function expectOwnContacts(): Promise<void> {
    const contactPks = await keys();
    const shown = await find();
    expect(shown).toHaveLength(8);
    for (const { external_userid, has_one_customer } of shown) {
      const pk = contactPks[external_userid];
      const name = CONTACTS[external_userid as keyof typeof CONTACTS];
      if (pk === undefined) expect(has_one_customer).toBeNull();
      else expect(has_one_customer).toMatchObject({ id: pk, external_userid, name });
    }
    const relations = { hasOneCustomer: true };
    for (const row of await app.dataSource.manager.find(Follow, { where: { ...tenant }, relations })) {
      const pk = contactPks[row.externalUserid] ?? null;
      expect([row.customerPk, row.hasOneCustomer?.id ?? null]).toEqual([pk, pk]);
      expect(row.customerUid).toBe(row.hasOneCustomer?.memberUid ?? null);
    }
    for (const externalUserid of Object.keys(CONTACTS) as (keyof typeof CONTACTS)[]) {
      const { contact } = follow(externalUserid, '');
      const found = contactPks[externalUserid] === undefined ? [] : [externalUserid, externalUserid];
      for (const search of [{ customer: contact.name }, { customer: externalUserid }, { member: contact.memberUid }]) {
        const ids = (await find(search)).map((row: any) => row.external_userid);
        expect([search, ids]).toEqual([search, found]);
      }
    }
    await expectExactlyDerived(app.dataSource, tenant);
  }

  const reindexAll = () => reindex(app.dataSource);

  test('contacts deleted and inserted again with other ids', async () => {
    const before = await keys();
    await insertAgain({
      wm1: before.wm1! + 1_000_000,
      wm2: before.wm2! + 1_000_000,
      wm3: before.wm3! + 1_000_000,
      wm4: before.wm4! + 1_000_000,
    });
    await reindexAll();
    await expectOwnContacts();
  });

  test('contacts deleted and inserted again with swapped ids', async () => {
    const before = await keys();
    await insertAgain({ wm1: before.wm2!, wm2: before.wm1!, wm3: before.wm4!, wm4: before.wm3! });
    await reindexAll();
    await expectOwnContacts();
  });

  test('one contact removed, its id given to another', async () => {
    const before = await keys();
    await insertAgain({ wm1: before.wm1!, wm2: before.wm3!, wm4: before.wm4! });
    await reindexAll();
    await expectOwnContacts();
  });

  test('follows saved before reindex keep their own contacts, although ids were swapped', async () => {
    const before = await keys();
    await insertAgain({ wm1: before.wm2!, wm2: before.wm1!, wm3: before.wm3!, wm4: before.wm4! });
    await save([follow('wm1', 'Anna'), follow('wm1', 'Bert'), follow('wm2', 'Anna')]);
    await expectOwnContacts();
  });

  test('a removed contact that is saved again is shown to all employees who follow it', async () => {
    const { wm1, wm2, wm4 } = await keys();
    await insertAgain({ wm1: wm1!, wm2: wm2!, wm4: wm4! });
    await reindexAll();
    await save([follow('wm3', 'Anna')]);
    await expectOwnContacts();
  });
});
