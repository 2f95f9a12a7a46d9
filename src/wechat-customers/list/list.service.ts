import { Inject, Injectable } from '@nestjs/common';
import { sha256 } from '../../base/secrets';
import { ENV, Env } from '../../config/env';
import { sameTextSql } from '../../database/same-text';
import { LIST_SQL, Sql } from '../../database/sql';
import type { ManagedEnterprise } from '../../enterprise/tenant';
import { pageOffset, pageSize } from '../../http/input/page';
import { listUrl, PageLocation } from '../../http/input/page-location.decorator';
import { boundedPage, PageBounds, PageTooLarge } from '../../http/output/large-page';
import type { FollowReply } from '../rows.reply';
import { NAMELESS_WAY } from '../search-index/counters';
import { FollowFilter, inScope, ResolvedFilter, toFollowFilter } from './filter';
import { RevisionCache } from '../kept/revision-cache';
import { TagsAndEmployeesStore } from '../kept/tags-and-employees';
import { FollowListDto, toPageQuery } from './list.dto';
import { FollowListReply, toFollowListReply } from './list.reply';
import { pageIds, pageRows } from './page-sql';
import { narrow, Narrowing, narrowingFor, planPage, planTotal } from './plan';
import { newestUpTo, occurringIn, totalOf } from './total-sql';
import type { View } from './views';

/** The results cached for a filter until a follow of the enterprise changes. */
interface Extent extends Pick<ResolvedFilter, 'externalUserid'> {
  total: number;
  narrowing: Narrowing;
}

/** Bounds the filters cached, about 200 bytes each: 1 MB in all. */
const MAX_EXTENTS = 5000;

const SMALLER = '减小 per_page';

/** The failure of every list, for its documentation. */
export const PAGE_FAILURE = new PageTooLarge(SMALLER);

const CONTACT_EXISTS = `SELECT 1 FROM wechat_customer
  WHERE uniacid = ? AND crop_id = ? AND ${sameTextSql('external_userid')} AND deleted_at IS NULL`;

/** Lists the follows of an enterprise with their contacts and employees, newest first (CONTRACT 2.3). */
@Injectable()
export class ListService {
  private readonly extents = new RevisionCache<Extent>('extents', MAX_EXTENTS);

  constructor(
    @Inject(LIST_SQL) private readonly sql: Sql,
    private readonly tagsAndEmployees: TagsAndEmployeesStore,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /**
   * A page of a view's follows that pass the search, with all tags and employees of the enterprise (CONTRACT 2.3, 2.4).
   * @throws BadParameter for a `per_page` above the limit; PageTooLarge for too many bytes
   */
  async getList<Row, Reply extends FollowReply>(
    dto: FollowListDto,
    enterprise: ManagedEnterprise,
    location: PageLocation,
    view: View<Row, Reply>,
  ): Promise<FollowListReply<Reply>> {
    const { BUSINESS_PAGE_SIZE, BUSINESS_PAGE_SIZE_MAX, BUSINESS_IS_BINDING, PUBLIC_URL } = this.env;
    const perPage = pageSize('per_page', dto.per_page, BUSINESS_PAGE_SIZE, BUSINESS_PAGE_SIZE_MAX);
    const lists = await this.tagsAndEmployees.of(enterprise);
    const filter = inScope(toFollowFilter(dto.search, lists.tagPks), view.scope(enterprise));
    const path = listUrl(location, PUBLIC_URL);
    return boundedPage(perPage, SMALLER, async ({ read, encode }) => {
      const found = await this.page(view, enterprise, filter, perPage, pageOffset(dto.page, perPage), read);
      const page = { ...found, current: dto.page, perPage, path, query: toPageQuery(dto) };
      const reply = toFollowListReply(page, lists, view.toReply, BUSINESS_IS_BINDING);
      return { ...reply, data: await encode(reply.data) };
    });
  }

  /**
   * A page of the follows that match a filter, id descending, read as a view shows them, and their total.
   * @throws TooManyBytes
   */
  async page<Row>(
    { columns }: View<Row, FollowReply>,
    enterprise: ManagedEnterprise,
    filter: FollowFilter,
    limit: number,
    offset: number,
    read: PageBounds['read'] = (rows) => rows(),
  ): Promise<{ rows: Row[]; total: number }> {
    const { externalUserid, total, narrowing } = await this.extent(enterprise, filter);
    if (offset >= total) return { rows: [], total };
    const { dialect } = this.sql;
    const plan = narrow(planPage({ ...filter, externalUserid }, total), narrowing);
    const ids = pageIds(dialect, enterprise, plan, limit, offset);
    const page = pageRows(dialect, enterprise, ids, columns);
    return { rows: await read((maxLength) => this.sql.joinedRows<Row>(page, maxLength)), total };
  }

  private extent(enterprise: ManagedEnterprise, given: FollowFilter): Promise<Extent> {
    const { uniacid, enterpriseId, followsRevision } = enterprise;
    // Hashed, so that a key has the same size however long the client's texts are.
    const key = sha256(JSON.stringify([uniacid, enterpriseId, given]));
    return this.extents.get(key, followsRevision, async () => {
      const externalUserid = await this.externalUserid(enterprise, given.customer);
      const filter = { ...given, externalUserid };
      const statement = totalOf(this.sql.dialect, enterprise, filter, planTotal(filter));
      const [row] = await this.sql.rows<{ total: number | string }>(statement);
      const total = Number(row!.total); // MySQL returns a SUM as text
      return { externalUserid, total, narrowing: await this.narrowing(enterprise, filter, total) };
    });
  }

  private async narrowing(enterprise: ManagedEnterprise, filter: ResolvedFilter, total: number): Promise<Narrowing> {
    const needed = narrowingFor(planPage(filter, total), filter);
    const narrowing: Narrowing = {};
    if (needed.newestId) {
      const [row] = await this.sql.rows<{ newestId: number }>(newestUpTo(enterprise, filter.to!));
      narrowing.newestId = row!.newestId;
    }
    if (needed.occurring) {
      const rows = await this.sql.rows<{ status: number; add_way: string }>(occurringIn(enterprise, filter));
      const statuses = new Set(rows.map(({ status }) => status));
      const addWays = new Set(rows.map(({ add_way }) => add_way));
      narrowing.occurring = { statuses: [...statuses], addWays: addWays.has(NAMELESS_WAY) ? [] : [...addWays] };
    }
    return narrowing;
  }

  /** `customer`, if it is the external_userid of a contact: otherwise no row can show one with it. */
  private async externalUserid(
    { uniacid, enterpriseId }: ManagedEnterprise,
    customer?: string,
  ): Promise<string | undefined> {
    if (customer === undefined) return undefined;
    const [row] = await this.sql.rows({ sql: CONTACT_EXISTS, values: [uniacid, enterpriseId, customer, customer] });
    return row ? customer : undefined;
  }
}
