import { rebuildFollowIndex } from '../../../src/wechat-customers/search-index/rebuild';
import { reindex } from '../../../src/wechat-customers/search-index/reindex';
import { stateOfLists } from '../../../src/start/lists-check';
import { whyReindex } from '../../../src/wechat-customers/search-index/sample';
import type { Tag } from '../../../src/wechat-customers/entities/tag.entity';
import { FollowWriter } from '../../../src/wechat-customers/write/follow-writer';
import { TestApp } from '../../app';
import { buildEmployee, buildEnterprise, buildRight, buildTag, followData } from '../../factories';

const UNIACID = 9800;
const ROUTE = `/business/${UNIACID}/plugin/WechatCustomers`;
const FOLLOWS = 30;
const SHIFT = 1_000_000;

/** SQL that changes rows behind the product's back; `{t}` stands for the tenant's condition on `uniacid` and `crop_id`. */
const DAMAGES: Record<string, string[]> = {
  'contacts loaded again with other keys': [`UPDATE wechat_customer SET id = id + ${SHIFT} WHERE {t}`],
  'contacts loaded again with each other’s keys': [
    `UPDATE wechat_customer SET id = ${SHIFT} - id WHERE {t}`,
    `UPDATE wechat_customer SET id = id - (SELECT shift FROM (SELECT ${SHIFT} - MIN(follow.customer_pk)
       - MAX(follow.customer_pk) AS shift FROM wechat_follow follow WHERE {t}) AS keyed) WHERE {t}`,
  ],
  'contacts exchanged': [
    "UPDATE wechat_customer SET external_userid = CONCAT('x', external_userid) WHERE {t}",
    "UPDATE wechat_customer SET external_userid = CONCAT('wm', 9 - SUBSTR(external_userid, 4)) WHERE {t}",
  ],
  'contacts given other names, types and members': [
    "UPDATE wechat_customer SET name = CONCAT(name, '二'), external_type = 3 - external_type, uid = uid + 1 WHERE {t}",
  ],
  'half of the contacts removed': ["DELETE FROM wechat_customer WHERE {t} AND external_userid < 'wm5'"],
  'half of the contacts deleted': [
    "UPDATE wechat_customer SET deleted_at = '2024-01-01 00:00:00' WHERE {t} AND external_userid < 'wm5'",
  ],
  'follows loaded again with other keys': [`UPDATE wechat_follow SET id = id + ${SHIFT} WHERE {t}`],
  'follows loaded again with each other’s keys': [
    `UPDATE wechat_follow SET id = ${SHIFT} - id WHERE {t}`,
    `UPDATE wechat_follow SET id = id - (SELECT shift FROM (SELECT ${SHIFT} - MIN(term.follow_id) - MAX(term.follow_id)
       AS shift FROM wechat_follow_term term WHERE {t}) AS keyed) WHERE {t}`,
  ],
  'half of the follows removed': ["DELETE FROM wechat_follow WHERE {t} AND external_userid < 'wm5'"],
  'half of the follows deleted': [
    "UPDATE wechat_follow SET deleted_at = '2024-01-01 00:00:00' WHERE {t} AND external_userid < 'wm5'",
  ],
  'deleted follows brought back': ['UPDATE wechat_follow SET deleted_at = NULL WHERE {t}'],
  'a deleted follow with another contact': [
    "UPDATE wechat_follow SET external_userid = 'wm99' WHERE {t} AND deleted_at IS NOT NULL AND external_userid = 'wm1'",
  ],
  'follows given other remarks, owners, times and ways': [
    "UPDATE wechat_follow SET remark = CONCAT(remark, '三'), userid = 'Dora', createtime = 1500000000, add_way = '16', status = -1 WHERE {t} AND userid = 'Anna'",
  ],
  'follows lost': ["UPDATE wechat_follow SET status = -1 WHERE {t} AND external_userid > 'wm6'"],
  'follows handed over': [
    "UPDATE wechat_follow SET userid = 'Dora' WHERE {t} AND external_userid > 'wm6' AND userid = 'Anna'",
  ],
  'follows moved to another enterprise': ["UPDATE wechat_follow SET crop_id = 1 WHERE {t} AND userid = 'Anna'"],
  'follows given owners and ways that end in a blank': [
    "UPDATE wechat_follow SET userid = CONCAT(userid, ' '), add_way = CONCAT(add_way, ' ') WHERE {t} AND external_userid < 'wm5'",
  ],
  'follows given contacts that end in a blank': [
    "UPDATE wechat_follow SET external_userid = CONCAT(external_userid, ' ') WHERE {t} AND userid = 'Anna'",
  ],
  'contacts given ids that end in a blank': [
    "UPDATE wechat_customer SET external_userid = CONCAT(external_userid, ' ') WHERE {t} AND external_userid < 'wm5'",
  ],
  'all follows removed': ['DELETE FROM wechat_follow WHERE {t}'],
  'employees removed': ['DELETE FROM wechat_employee WHERE uniacid = 9800'],
  'a tag removed': ["DELETE FROM wechat_tag WHERE {t} AND tag_id = 'etA'"],
  'a tag deleted': ["UPDATE wechat_tag SET deleted_at = '2024-01-01 00:00:00' WHERE {t} AND tag_id = 'etB'"],
  'tags loaded again with each other’s keys': [
    "UPDATE wechat_tag SET tag_id = 'etX' WHERE {t} AND tag_id = 'etA'",
    "UPDATE wechat_tag SET tag_id = 'etA' WHERE {t} AND tag_id = 'etB'",
    "UPDATE wechat_tag SET tag_id = 'etB' WHERE {t} AND tag_id = 'etX'",
  ],
  'tags taken off': ["UPDATE wechat_follow SET tag_id = '' WHERE {t}"],
  'terms lost': ['DELETE FROM wechat_follow_term WHERE {t}'],
  'half of the terms lost': ['DELETE FROM wechat_follow_term WHERE {t} AND follow_id % 2 = 0'],
  'terms of another enterprise': ['UPDATE wechat_follow_term SET crop_id = 1 WHERE {t} AND follow_id % 2 = 0'],
  'tag links lost': ['DELETE FROM wechat_follow_tag'],
  'counters lost': ['DELETE FROM wechat_follow_count WHERE {t}'],
  'counters too high': ['UPDATE wechat_follow_count SET n = n + 5, newest_id = newest_id + 7 WHERE {t}'],
  'copies overwritten': ['UPDATE wechat_follow SET customer_pk = 1, customer_uid = 2, external_type = 1 WHERE {t}'],
  'copies lost': ['UPDATE wechat_follow SET customer_pk = NULL, customer_uid = NULL WHERE {t}'],
};

/** What the product derives after the rows it is derived from were changed by SQL. */
describe('reindex after', () => {
  let app: TestApp;
  let token: string;
  let tenant: { uniacid: number; enterpriseId: number };
  let searches: object[];

  beforeAll(async () => {
    app = await TestApp.start();
    token = await app.login();
  });

  afterAll(() => app.stop());

  beforeEach(async () => {
    await forgetOthers();
    const { id } = await buildEnterprise(app.dataSource, { uniacid: UNIACID });
    tenant = { uniacid: UNIACID, enterpriseId: id };
    await buildRight(app.dataSource, { ...tenant, userid: 'Anna' });
    await app.send(`/business/${UNIACID}/admin/manageBusiness`, { token, json: { id } });
    for (const userid of ['Anna', 'Bert', 'Cleo']) await buildEmployee(app.dataSource, { ...tenant, userid });
    const tags: Tag[] = [];
    for (const tagId of ['etA', 'etB']) tags.push(await buildTag(app.dataSource, { ...tenant, tagId }));
    const follows = Array.from({ length: FOLLOWS }, (_, n) =>
      followData({
        contact: {
          externalUserid: `wm${n % 10}`,
          name: `王小${'明红花'[n % 3]}`,
          memberUid: n % 10,
          externalType: (n % 2) + 1,
        },
        follow: {
          userid: ['Anna', 'Bert', 'Cleo'][Math.floor(n / 10)],
          remark: `回访${n % 4}`,
          status: n % 5 ? 1 : -1,
          createtime: 1_600_000_000 + n * 5_000_000,
        },
        tags: tags.slice(0, n % 3),
      }),
    );
    await app.app.get(FollowWriter).save(tenant, follows);
    await sql("UPDATE wechat_follow SET deleted_at = '2023-01-01 00:00:00' WHERE {t} AND userid = 'Cleo'");
    await rebuildFollowIndex(app.dataSource.manager);
    searches = [
      ...[{}, { member: 3 }, { type: 2 }, { status: -1 }, { employee_member: 'Bert' }],
      ...[{ customer: '王' }, { customer: '小明' }, { customer: '王小花' }, { customer: 'wm4' }, { customer: '二' }],
      ...[{ tags_data: 'etA' }, { tags_data: 'etB', tags_mode: 'exclude' }, { tags_mode: 'none' }],
      ...[{ remark: '三' }, { time: [1_550_000_000, 1_650_000_000] }],
    ];
  });

  /** So that the start's checks speak of this test's enterprise only. */
  async function forgetOthers(): Promise<void> {
    for (const table of ['follow', 'follow_term', 'follow_tag', 'follow_count', 'customer', 'tag', 'employee']) {
      await app.dataSource.query(`DELETE FROM wechat_${table}`);
    }
  }

  const sql = (statement: string) =>
    app.dataSource.query(statement.replaceAll('{t}', `uniacid = ${UNIACID} AND crop_id = ${tenant.enterpriseId}`));

  /** Everything derived in the database, to the last counter. */
  async function derived(): Promise<unknown> {
    const tables = {
      copies: 'SELECT id, customer_pk, customer_uid, external_type FROM wechat_follow ORDER BY id',
      terms: 'SELECT * FROM wechat_follow_term ORDER BY uniacid, crop_id, term, follow_id',
      links: 'SELECT * FROM wechat_follow_tag ORDER BY tag_pk, follow_id',
      counters: 'SELECT * FROM wechat_follow_count ORDER BY uniacid, crop_id, subset, status, add_way, external_type',
    };
    const entries = Object.entries(tables).map(async ([name, query]) => [name, await app.dataSource.query(query)]);
    return Object.fromEntries(await Promise.all(entries));
  }

  /** The bytes of every list and of a follow's details. */
  async function answers(): Promise<string[]> {
    const texts: string[] = [];
    for (const search of searches) {
      texts.push((await app.send(`${ROUTE}/getList`, { token, json: { search, per_page: 100 } })).text);
    }
    for (const route of ['myCustomerList', 'myLossCustomerList', 'getTagList']) {
      texts.push((await app.send(`${ROUTE}/${route}`, { token, json: {} })).text);
    }
    const details = { external_userid: 'wm7', userid: 'Anna' };
    texts.push((await app.send(`${ROUTE}/getDetails`, { token, json: details })).text);
    return texts;
  }

  /** The caches of the process know nothing of SQL. */
  const forgetCached = () =>
    sql(
      `UPDATE enterprise SET follows_revision = follows_revision + 1, lists_revision = lists_revision + 1
       WHERE uniacid = ${UNIACID}`,
    );

  const damage = async (statements: string[]) => {
    const concat = (text: string) =>
      app.dataSource.options.type === 'better-sqlite3'
        ? text.replace(/CONCAT\(([^,]+), ([^)]+\)?)\)/g, '($1 || $2)')
        : text;
    for (const statement of statements) await sql(concat(statement));
    await forgetCached();
  };

  /** Even before `reindex`, a row shows the contact and the employee of its own ids, or none. */
  async function expectNoOtherPerson(): Promise<void> {
    const contacts = await sql('SELECT id, external_userid FROM wechat_customer WHERE {t} AND deleted_at IS NULL');
    for (const search of searches) {
      const { body } = await app.send(`${ROUTE}/getList`, { token, json: { search, per_page: 100 } });
      for (const { external_userid, userid, has_one_customer, has_one_employee } of body.data.data) {
        const own = contacts.find((each: any) => each.external_userid === external_userid);
        expect(has_one_customer?.id).toBe(own?.id);
        expect(has_one_employee?.user_id ?? userid).toBe(userid);
      }
    }
  }

  const noticedAtStart = async () => [await stateOfLists(app.dataSource), await whyReindex(app.dataSource.manager)];

  /** Employees are found by their userid, nothing of them is derived. */
  const HARMLESS = 'employees removed';

  test.each(Object.entries(DAMAGES))('%s: a start notices, and all is as in a fresh fill', async (name, statements) => {
    expect(await noticedAtStart()).toEqual(['ok', undefined]);
    await damage(statements);
    if (name !== HARMLESS) expect((await noticedAtStart())[1]).toEqual(expect.any(String));
    await expectNoOtherPerson();
    await reindex(app.dataSource);
    const mended = { derived: await derived(), answers: await answers() };
    expect(await reindex(app.dataSource)).toMatchObject({ mended: 0, gone: 0, miscounted: 0 });
    expect(await noticedAtStart()).toEqual(['ok', undefined]);
    await rebuildFollowIndex(app.dataSource.manager);
    expect(mended).toEqual({ derived: await derived(), answers: await answers() });
  });
});
