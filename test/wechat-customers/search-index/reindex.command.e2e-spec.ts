import type { DataSource } from 'typeorm';
import { Session } from '../../../src/auth/entities/session.entity';
import { EnterpriseChoice } from '../../../src/enterprise/entities/enterprise-choice.entity';
import { EnterpriseRight } from '../../../src/enterprise/entities/enterprise-right.entity';
import { Follow } from '../../../src/wechat-customers/entities/follow.entity';
import { TestApp } from '../../app';
import { runCli } from '../../cli';
import {
  buildContact,
  buildEmployee,
  buildEnterprise,
  buildFollow,
  buildRight,
  buildTag,
  buildUser,
  buildUserCustomer,
} from '../../factories';

/** The command, while an app runs on the same database. */
describe('reindex', () => {
  const tenant = { uniacid: 7, enterpriseId: 70 };
  let app: TestApp;
  let dataSource: DataSource;
  let userId: number;
  let token: string;

  beforeAll(async () => {
    app = await TestApp.start({ demo: false });
    ({ dataSource } = app);
    const user = await buildUser(dataSource);
    ({ userId } = user);
    await buildEnterprise(dataSource, { id: 70, uniacid: 7 });
    await buildRight(dataSource, { ...tenant, userId });
    token = await app.manage(70, 7, user.username, 'password');
    await buildEmployee(dataSource, { ...tenant, userid: 'Anna' });
  });

  afterAll(() => app.stop());

  const reindex = () => runCli(app.databaseUrl, 'reindex');
  const printed = (...lines: string[]) => ({ code: 0, stdout: lines.map((line) => `${line}\n`).join(''), stderr: '' });

  test('rows changed by SQL are found by their new values, not by the old', async () => {
    const tag = await buildTag(dataSource, tenant);
    const { id } = await buildFollow(dataSource, { ...tenant, userid: 'Anna', remark: '旧备注', status: 1 });
    const path = '/business/7/plugin/WechatCustomers/getList';
    const found = async (search: object) => (await app.send(path, { json: { search }, token })).body.data.count;
    expect(await found({ remark: '旧' })).toBe(1);
    const changes = "remark = '新备注', status = -1, tag_id = ?";
    await dataSource.query(`UPDATE wechat_follow SET ${changes} WHERE id = ?`, [tag.tagId, id]);
    expect(await reindex()).toEqual(
      printed('1 follows checked, 1 derived anew', 'counters of 1 enterprises corrected'),
    );
    expect(await found({ remark: '旧' })).toBe(0);
    expect(await found({ remark: '新备' })).toBe(1);
    expect(await found({ status: 1 })).toBe(0);
    expect(await found({ status: -1, tags_data: tag.tagId })).toBe(1);
  });

  test('a second run finds nothing to do', async () => {
    expect(await reindex()).toEqual(printed('1 follows checked, 0 derived anew'));
  });

  test('the search rows of a removed follow are deleted', async () => {
    const { id, externalUserid } = await buildFollow(dataSource, { ...tenant, userid: 'Anna' });
    await dataSource.query('DELETE FROM wechat_follow WHERE id = ?', [id]);
    await dataSource.query('DELETE FROM wechat_customer WHERE external_userid = ?', [externalUserid]);
    expect(await reindex()).toEqual(
      printed(
        '1 follows checked, 0 derived anew',
        'search rows of 1 removed follows deleted',
        'counters of 1 enterprises corrected',
      ),
    );
    expect(await dataSource.query('SELECT * FROM wechat_follow_term WHERE follow_id = ?', [id])).toEqual([]);
  });

  test('what dangles is listed with its count and its first rows', async () => {
    const follow = (columns: Partial<Follow>) => buildFollow(dataSource, { ...tenant, userid: 'Anna', ...columns });
    const lonely = await buildContact(dataSource, tenant);
    const many = [];
    for (let n = 0; n < 6; n++) many.push((await follow({ userid: `Left${n}` })).id);
    const noContact = await follow({});
    await dataSource.query('DELETE FROM wechat_customer WHERE external_userid = ?', [noContact.externalUserid]);
    const { tagId } = await buildTag(dataSource, tenant);
    const tagged = await follow({ tagId: `${tagId},etGone` });
    const stray = { uniacid: 8, enterpriseId: 70 }; // 70 belongs to uniacid 7
    const contact = await buildContact(dataSource, stray);
    const employee = await buildEmployee(dataSource, stray);
    const tag = await buildTag(dataSource, stray);
    const { id } = await buildFollow(dataSource, { ...stray, contact, employee });
    await buildRight(dataSource, { ...stray, userId });
    await buildRight(dataSource, { ...tenant, userId: 1, userid: 'Nobody' });
    await dataSource.manager.insert(EnterpriseChoice, { userId: 2, uniacid: 7, enterpriseId: 70 });
    await dataSource.manager.insert(EnterpriseChoice, { userId, uniacid: 9, enterpriseId: 90 });
    const relation = await buildUserCustomer(dataSource, { userId: 3 });
    const expiry = { expiresAt: 1, refreshExpiresAt: 1, keepAlive: 'session' };
    await dataSource.manager.insert(Session, { tokenHash: 'a', refreshHash: 'b', userId: 4, ...expiry });
    expect(await reindex()).toEqual(
      printed(
        '10 follows checked, 1 derived anew', // without its contact
        'counters of 1 enterprises corrected',
        `follows without their contact: 1 (${noContact.id})`,
        `follows without their employee: 6 (${many.slice(0, 5).join(', ')} …)`,
        `contacts without a follow: 1 (${lonely.id})`,
        `follows of an enterprise that does not exist: 1 (${id})`,
        `contacts of an enterprise that does not exist: 1 (${contact.id})`,
        `employees of an enterprise that does not exist: 1 (${employee.id})`,
        `tags of an enterprise that does not exist: 1 (${tag.id})`,
        `rights to an enterprise that does not exist: 1 (${userId}/70)`,
        'rights of an account that does not exist: 1 (1/70)',
        `choices to an enterprise that does not exist: 1 (${userId}/90)`,
        'choices of an account that does not exist: 1 (2/70)',
        'rights bound to an employee who does not exist: 1 (1/70)',
        'relations of an account that does not exist: 1 (3/' + relation.customerId + ')',
        `relations to a customer that does not exist: 1 (3/${relation.customerId})`,
        'sessions of an account that does not exist: 1 (4)',
        `follows with a tag that does not exist: 1 (${tagged.id})`,
      ),
    );
    await dataSource.manager.delete(EnterpriseRight, { userId: 1 });
  });
});
