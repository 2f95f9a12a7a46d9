import type { DataSource } from 'typeorm';
import { inTransaction } from '../../../src/database/transaction';
import { Enterprise } from '../../../src/enterprise/entities/enterprise.entity';
import type { Tenant } from '../../../src/enterprise/tenant';
import { Contact } from '../../../src/wechat-customers/entities/contact.entity';
import { FollowHistory } from '../../../src/wechat-customers/entities/follow-history.entity';
import { Follow } from '../../../src/wechat-customers/entities/follow.entity';
import { reindex } from '../../../src/wechat-customers/search-index/reindex';
import { readRevision } from '../../../src/wechat-customers/search-index/revisions';
import { Ending, endFollows } from '../../../src/wechat-customers/write/end-follows';
import { SeenFollow, Source } from '../../../src/wechat-customers/write/seen';
import { storeFollows } from '../../../src/wechat-customers/write/store-follows';
import { TestApp } from '../../app';
import { buildEnterprise, buildRight } from '../../factories';

/** A stored row's time of change that no writer of the test writes. */
export const LONG_AGO = '2020-01-01 00:00:00';

/** 2023-11-15 06:13:20 in UTC+8. */
export const ADDED = 1_700_000_000;

interface Overrides {
  contact?: Partial<SeenFollow['contact']>;
  follow?: Partial<SeenFollow['follow']>;
}

/** Anna follows 王小明, with the remark 北京采购. */
export const seen = ({ contact, follow }: Overrides = {}): SeenFollow => ({
  contact: {
    externalUserid: 'wm1',
    name: '王小明',
    avatar: 'https://example.com/a.png',
    externalType: 1,
    gender: 1,
    unionid: 'u1',
    position: '经理',
    corpName: '甲',
    corpFullName: '甲公司',
    externalProfile: '{"a":1}',
    ...contact,
  },
  follow: {
    userid: 'Anna',
    remark: '北京采购',
    description: '说明',
    createtime: ADDED,
    customerCreateTime: ADDED,
    remarkCorpName: '乙',
    remarkMobiles: '["13800000000"]',
    operUserid: 'Anna',
    tagId: '',
    addWay: '1',
    state: 's',
    ...follow,
  },
});

/** Enterprises of a test's own, and what the writers do in them. */
export class World {
  private constructor(
    readonly app: TestApp,
    readonly token: string,
    private uniacid: number,
  ) {}

  static async start(uniacid: number): Promise<World> {
    const app = await TestApp.start({ settings: { DATABASE_POOL_SIZE: '20' } });
    return new World(app, await app.login(), uniacid);
  }

  get dataSource(): DataSource {
    return this.app.dataSource;
  }

  /** A new enterprise, chosen by the signed-in user. */
  async open(uniacid = ++this.uniacid): Promise<Tenant> {
    const { id } = await buildEnterprise(this.dataSource, { uniacid });
    await buildRight(this.dataSource, { uniacid, enterpriseId: id });
    await this.app.send(`/business/${uniacid}/admin/manageBusiness`, { token: this.token, json: { id } });
    return { uniacid, enterpriseId: id };
  }

  revision(tenant: Tenant): Promise<number> {
    return readRevision(this.dataSource.manager, tenant);
  }

  async listsRevision({ uniacid, enterpriseId }: Tenant): Promise<number> {
    return (await this.app.row(Enterprise, { uniacid, id: enterpriseId }))!.listsRevision;
  }

  /** As a sync stores what it asked for just now. */
  async sync(tenant: Tenant, page: SeenFollow[], asked?: number) {
    return this.store(tenant, page, { cause: 'sync', asked: asked ?? (await this.revision(tenant)) });
  }

  /** As an event stores what it asked for just now. */
  async event(tenant: Tenant, page: SeenFollow[], eventTime: number, { isAdd = false, asked = -1 } = {}) {
    const revision = asked < 0 ? await this.revision(tenant) : asked;
    return this.store(tenant, page, { cause: 'event', asked: revision, eventTime, isAdd });
  }

  private store(tenant: Tenant, page: SeenFollow[], source: Source) {
    return inTransaction(this.dataSource, (manager) => storeFollows(manager, tenant, page, source));
  }

  end(tenant: Tenant, ids: number[], ending: Ending): Promise<number> {
    return inTransaction(this.dataSource, (manager) => endFollows(manager, tenant, ids, ending));
  }

  follows(tenant: Tenant): Promise<Follow[]> {
    return this.dataSource.manager.find(Follow, { where: { ...tenant }, order: { id: 'ASC' }, withDeleted: true });
  }

  async follow(tenant: Tenant, userid = 'Anna', externalUserid = 'wm1'): Promise<Follow> {
    return (await this.follows(tenant)).find((row) => row.userid === userid && row.externalUserid === externalUserid)!;
  }

  contact(tenant: Tenant, externalUserid = 'wm1'): Promise<Contact | null> {
    return this.app.row(Contact, { ...tenant, externalUserid });
  }

  /** `event by`, oldest first. */
  async history(tenant: Tenant, followId: number): Promise<string[]> {
    const rows = await this.dataSource.manager.find(FollowHistory, {
      where: { ...tenant, followId },
      order: { id: 'ASC' },
    });
    return rows.map(({ event, by }) => `${event} ${by}`);
  }

  /** Makes a change of `updated_at` visible. */
  async age(): Promise<void> {
    for (const table of ['wechat_follow', 'wechat_customer', 'wechat_employee', 'wechat_tag']) {
      await this.dataSource.query(`UPDATE ${table} SET updated_at = '${LONG_AGO}'`);
    }
  }

  /** The userids of the follows that a search finds, in order; the total must agree. */
  async find({ uniacid }: Tenant, search: object = {}): Promise<string[]> {
    const path = `/business/${uniacid}/plugin/WechatCustomers/getList`;
    const { body } = await this.app.send(path, { token: this.token, json: { search, per_page: 100 } });
    expect([body.result, body.data.total]).toEqual([1, body.data.data.length]);
    return body.data.data.map(({ userid }: { userid: string }) => userid).sort();
  }

  /** `reindex` after a change by SQL; once more it finds nothing. */
  async expectMended(): Promise<void> {
    await reindex(this.dataSource);
    await this.expectInLine();
  }

  /** What is derived of all follows is what would be derived anew. */
  async expectInLine(): Promise<void> {
    const before = await this.counters();
    expect(await reindex(this.dataSource)).toMatchObject({ mended: 0, gone: 0 });
    expect(await this.counters()).toEqual(before);
  }

  /** Without those that have reached zero. */
  private counters(): Promise<object[]> {
    return this.dataSource.query(
      `SELECT uniacid, crop_id, subset, status, add_way, external_type, n FROM wechat_follow_count WHERE n <> 0
       ORDER BY uniacid, crop_id, subset, status, add_way, external_type`,
    );
  }

  /** All rows of all tables that a writer may change. */
  async everything(): Promise<string> {
    const rows = TABLES.map(([table, order]) => this.dataSource.query(`SELECT * FROM ${table} ORDER BY ${order}`));
    return JSON.stringify(await Promise.all(rows));
  }
}

const TABLES = [
  ['enterprise', 'id'],
  ['enterprise_right', 'uniacid, business_id, user_id'],
  ['wechat_follow', 'id'],
  ['wechat_customer', 'id'],
  ['wechat_employee', 'id'],
  ['wechat_tag', 'id'],
  ['wechat_follow_history', 'id'],
  ['wechat_follow_term', 'uniacid, crop_id, term, follow_id'],
  ['wechat_follow_tag', 'tag_pk, follow_id'],
  ['wechat_follow_count', 'uniacid, crop_id, subset, status, add_way, external_type'],
];
