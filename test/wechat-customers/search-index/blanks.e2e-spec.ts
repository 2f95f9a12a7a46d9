import { EnterpriseRight } from '../../../src/enterprise/entities/enterprise-right.entity';
import { stateOfLists } from '../../../src/start/lists-check';
import type { Contact } from '../../../src/wechat-customers/entities/contact.entity';
import { Follow } from '../../../src/wechat-customers/entities/follow.entity';
import { findDangling, toLine } from '../../../src/wechat-customers/search-index/dangling';
import { reindex } from '../../../src/wechat-customers/search-index/reindex';
import { whyReindex } from '../../../src/wechat-customers/search-index/sample';
import { TestApp } from '../../app';
import { buildContact, buildEmployee, buildEnterprise, buildFollow, buildRight, buildUser } from '../../factories';

/** Ids that SQL loads with a blank at the end, which `=`, keys and caches of MySQL and MariaDB ignore. */
describe('ids with a blank at the end', () => {
  const tenant = { uniacid: 7, enterpriseId: 70 };
  let app: TestApp;
  let contact: Contact;

  beforeAll(async () => {
    app = await TestApp.start({ demo: false });
    await buildEnterprise(app.dataSource, { id: 70, uniacid: 7 });
    for (const userid of ['Anna', 'Bert', 'Cleo']) await buildEmployee(app.dataSource, { ...tenant, userid });
    contact = await buildContact(app.dataSource, { ...tenant, externalUserid: 'wm1', memberUid: 5 });
  });

  afterAll(() => app.stop());

  afterEach(() => app.dataSource.query('DELETE FROM wechat_follow'));

  const follow = (columns: Partial<Follow>) =>
    buildFollow(app.dataSource, { ...tenant, contact, userid: 'Anna', ...columns });

  /** What dangles, as `reindex` prints it. */
  const dangling = async () => (await findDangling(app.dataSource.manager)).map(toLine);

  /** Nothing is left to derive anew, and a start says so. */
  async function expectDerived(): Promise<void> {
    await reindex(app.dataSource);
    expect(await reindex(app.dataSource)).toMatchObject({ mended: 0, gone: 0, miscounted: 0 });
    expect(await stateOfLists(app.dataSource)).toBe('ok');
    expect(await whyReindex(app.dataSource.manager)).toBeUndefined();
  }

  test.each([
    ['before', ['wm1 ', 'wm1']],
    ['after', ['wm1', 'wm1 ']],
  ])('a follow of `wm1 ` read %s one of `wm1` has no contact', async (_order, externalUserids) => {
    for (const [n, externalUserid] of externalUserids.entries()) await follow({ externalUserid, userid: `Owner${n}` });
    await expectDerived();
    const rows = await app.dataSource.manager.find(Follow, { order: { id: 'ASC' } });
    expect(
      rows.map(({ externalUserid, customerPk, customerUid, externalType }) => [
        externalUserid,
        [customerPk, customerUid, externalType],
      ]),
    ).toEqual(externalUserids.map((each) => [each, each === 'wm1' ? [contact.id, 5, 1] : [null, null, -1]]));
  });

  test('owners and ways that differ in blanks and bars at the end are counted apart, and found right', async () => {
    const owners = ['Anna', 'Anna ', 'Anna |', 'Anna ||', 'Anna|'];
    for (const [n, userid] of owners.entries()) {
      await follow({ userid, externalUserid: `wm${n}`, addWay: ['1', '1 ', '?'][n % 3] });
    }
    await expectDerived();
    await app.dataSource.query("UPDATE wechat_follow_count SET n = n + 1 WHERE subset = 'owner:Anna |'");
    expect(await whyReindex(app.dataSource.manager)).toBe('the totals of enterprise 70 are wrong');
    await expectDerived();
    await app.dataSource.query(
      "UPDATE wechat_follow_count SET n = n + 1 WHERE subset LIKE 'period%' AND add_way = '?'",
    );
    expect(await whyReindex(app.dataSource.manager)).toBe('the totals of enterprise 70 are wrong');
    await expectDerived();
  });

  test('a row is not the one that is named with a blank more or less', async () => {
    const { userId } = await buildUser(app.dataSource);
    await buildRight(app.dataSource, { ...tenant, userId, userid: 'Anna ' });
    const lonely = await buildContact(app.dataSource, { ...tenant, externalUserid: 'wm2 ' });
    await follow({});
    const noContact = [
      await follow({ userid: 'Bert', externalUserid: 'wm1 ' }),
      await follow({ externalUserid: 'wm2' }),
    ];
    const noEmployee = await follow({ userid: 'Cleo ' });
    await expectDerived();
    expect(await dangling()).toEqual([
      `follows without their contact: 2 (${noContact.map(({ id }) => id).join(', ')})`,
      `follows without their employee: 1 (${noEmployee.id})`,
      `contacts without a follow: 1 (${lonely.id})`,
      `rights bound to an employee who does not exist: 1 (${userId}/70)`,
    ]);
    await app.dataSource.manager.delete(EnterpriseRight, { userId });
  });
});
