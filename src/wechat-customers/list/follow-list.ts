import { Inject, Injectable } from '@nestjs/common';
import { sha256 } from '../../base/secrets';
import type { ManagedEnterprise, Tenant } from '../../enterprise/tenant';
import { columnList, Sql, Statement } from '../../database/sql';
import { LIST_SQL } from '../../database/mysql/replica-reads';
import { FilterKeys, FollowFilter, FollowQuery } from './page-sql';
import { RevisionCache } from './kept/revision-cache';
import { CUSTOMER_COLUMNS, CustomerReply, FOLLOW_COLUMNS, FollowReply } from './rows.reply';
import { countedTotal, newestUpTo, occurringIn } from './total-sql';

/** A relation and its customer, whose columns are all null when there is none. */
export interface FollowRow {
  wechat_follow: Omit<FollowReply, 'tag_name' | 'has_one_customer' | 'has_one_employee'>;
  wechat_customer: CustomerReply | { id: null };
}

/** Up to this number of relations are read and sorted at once; more of them are met soon enough in list order. */
const RARE = 3000;
const MAX_EXTENTS = 5000;

/** How many relations pass a filter, and where in the list they may begin. */
interface Extent extends Pick<FilterKeys, 'newestId' | 'occurring'> {
  total: number;
}

const COLUMNS = [columnList(FOLLOW_COLUMNS, 'wechat_follow'), columnList(CUSTOMER_COLUMNS, 'wechat_customer')].join(
  ', ',
);

/** Finds the relations of an enterprise that pass a filter, id descending. */
@Injectable()
export class FollowList {
  private readonly extents = new RevisionCache<Extent>('extents', MAX_EXTENTS);

  constructor(@Inject(LIST_SQL) private readonly sql: Sql) {}

  /** @param tagPks keys of the enterprise's tags by their WeCom id */
  async page(
    enterprise: ManagedEnterprise,
    filter: FollowFilter,
    tagPks: FilterKeys['tagPks'],
    limit: number,
    offset: number,
  ): Promise<{ rows: FollowRow[]; total: number }> {
    const contactPk = await this.contactPk(enterprise, filter.customer);
    const { total, ...narrowing } = await this.extent(enterprise, filter, { tagPks, contactPk });
    if (offset >= total) return { rows: [], total };
    const query = this.query(enterprise, filter, { tagPks, contactPk, ...narrowing });
    const ids = query.pageIds(limit, offset, total <= RARE);
    return { rows: await this.sql.joinedRows<FollowRow>(this.rowsOf(ids, enterprise)), total };
  }

  /** Kept until a relation of the enterprise changes. */
  private extent(enterprise: ManagedEnterprise, filter: FollowFilter, keys: FilterKeys): Promise<Extent> {
    const { uniacid, enterpriseId, followsRevision } = enterprise;
    // Hashed: what is kept must not grow with what a client writes.
    const key = sha256(JSON.stringify([uniacid, enterpriseId, filter, keys.contactPk]));
    return this.extents.get(key, followsRevision, async () => {
      const [row] = await this.sql.rows<{ total: number | string }>(this.total(enterprise, filter, keys));
      const total = Number(row!.total); // a sum comes as text
      const query = this.query(enterprise, filter, keys);
      const { to } = filter;
      const isScan = to !== undefined && query.readsFrom('ix_follow_scan', total <= RARE);
      const isDim = query.readsFrom('ix_follow_dim', total <= RARE);
      return {
        total,
        newestId: isScan ? await this.newestId(enterprise, to) : undefined,
        occurring: isDim ? await this.occurring(enterprise, filter) : undefined,
      };
    });
  }

  /** Relations without some tags are all but those with one of them: in one statement, so that both are of one moment. */
  private total(tenant: Tenant, filter: FollowFilter, keys: FilterKeys): Statement {
    if (filter.tagsMode === 'exclude' && filter.tagIds.length > 0) {
      const all = this.total(tenant, { ...filter, tagIds: [] }, keys);
      const worn = this.total(tenant, { ...filter, tagsMode: 'any' }, keys);
      return { sql: `SELECT (${all.sql}) - (${worn.sql}) AS total`, values: [...all.values, ...worn.values] };
    }
    return countedTotal(this.sql.dialect, tenant, filter, keys) ?? this.query(tenant, filter, keys).total();
  }

  private async newestId(tenant: Tenant, to: number): Promise<number> {
    const [row] = await this.sql.rows<{ newestId: number }>(newestUpTo(tenant, to));
    return row!.newestId;
  }

  private async occurring(tenant: Tenant, filter: FollowFilter): Promise<Extent['occurring']> {
    const rows = await this.sql.rows<{ status: number; add_way: string }>(occurringIn(tenant, filter));
    return {
      statuses: [...new Set(rows.map(({ status }) => status))],
      addWays: [...new Set(rows.map(({ add_way }) => add_way))],
    };
  }

  private query(tenant: Tenant, filter: FollowFilter, keys: FilterKeys): FollowQuery {
    return new FollowQuery(this.sql.dialect, tenant, filter, keys);
  }

  /** Joined by key and tenant, so that even a wrong key can never show another tenant's customer. */
  private rowsOf(ids: Statement, { uniacid, enterpriseId }: Tenant): Statement {
    return {
      sql: `SELECT ${COLUMNS} FROM (${ids.sql}) AS page
        ${this.sql.dialect.joinInOrder} wechat_follow ON wechat_follow.id = page.id
          AND wechat_follow.uniacid = ? AND wechat_follow.crop_id = ? AND wechat_follow.deleted_at IS NULL
        LEFT JOIN wechat_customer ON wechat_customer.id = wechat_follow.customer_pk
          AND wechat_customer.uniacid = wechat_follow.uniacid AND wechat_customer.crop_id = wechat_follow.crop_id
          AND wechat_customer.deleted_at IS NULL
        ORDER BY wechat_follow.id DESC`,
      values: [...ids.values, uniacid, enterpriseId],
    };
  }

  /** The customer that `customer` names by its external_userid, if there is one. */
  private async contactPk(
    { uniacid, enterpriseId }: Tenant,
    customer: string | undefined,
  ): Promise<number | undefined> {
    if (customer === undefined) return undefined;
    const [row] = await this.sql.rows<{ id: number }>({ sql: CONTACT, values: [uniacid, enterpriseId, customer] });
    return row?.id;
  }
}

const CONTACT = `SELECT id FROM wechat_customer
  WHERE uniacid = ? AND crop_id = ? AND external_userid = ? AND deleted_at IS NULL`;
