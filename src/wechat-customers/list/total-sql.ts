import type { Dialect } from '../../database/dialect';
import type { SqlValue, Statement } from '../../database/sql';
import { Where } from '../../database/where';
import type { Tenant } from '../../enterprise/tenant';
import {
  ownerSubset,
  PERIOD_SECONDS,
  periodOf,
  periodSubset,
  tagSubset,
  UNBOUND_SUBSET,
  UNTAGGED_SUBSET,
} from '../search-index/counters';
import type { FilterKeys, FollowFilter } from './page-sql';

/** Subsets of the counters, from the first to the last in the order of their names. */
interface SubsetRange {
  first: string;
  last: string;
}

const ALL_PERIODS: SubsetRange = { first: 'period:', last: 'period;' };

/**
 * The total of a filter from the counters, in the column `total`: for one owner, one tag, unbound customers, a time range or
 * none of these, each with status, way of adding and type. Counting 600,000 rows takes 100 ms, adding up counters one.
 * @returns undefined for any other filter, whose rows have to be counted
 */
export function countedTotal(
  dialect: Dialect,
  tenant: Tenant,
  filter: FollowFilter,
  keys: FilterKeys,
): Statement | undefined {
  const { remark, customer, owner, member, from, to, tagIds, tagsMode } = filter;
  const isTagged = tagIds.length > 0 || tagsMode === 'none';
  const isTimed = from !== undefined || to !== undefined;
  const narrowings = [remark, customer, owner, member].filter((given) => given !== undefined).length;
  if (narrowings + Number(isTagged) + Number(isTimed) > 1) return undefined;
  if (isTimed) return timedTotal(dialect, tenant, filter);
  const subset = subsetOf(filter, keys.tagPks);
  return subset && addUp([countersIn(tenant, filter, subset)]);
}

/** The highest id that a relation up to `to` (unix seconds) may have, in the column `newestId`. */
export function newestUpTo({ uniacid, enterpriseId }: Tenant, to: number): Statement {
  return {
    sql: `SELECT COALESCE(MAX(newest_id), 0) AS newestId FROM wechat_follow_count
      WHERE uniacid = ? AND crop_id = ? AND subset >= ? AND subset <= ?`,
    values: [uniacid, enterpriseId, ALL_PERIODS.first, periodSubset(periodOf(to))],
  };
}

/** The statuses and ways of adding of the relations that pass a filter on columns, a row for each pair. */
export function occurringIn(tenant: Tenant, filter: FollowFilter): Statement {
  const where = whereOf(tenant, filter).and('subset >= ? AND subset <= ?', ALL_PERIODS.first, ALL_PERIODS.last);
  return {
    sql: `SELECT DISTINCT status, add_way FROM wechat_follow_count ${where.sql} AND n > 0`,
    values: where.values,
  };
}

function subsetOf(
  { owner, member, remark, customer, tagIds, tagsMode }: FollowFilter,
  tagPks: FilterKeys['tagPks'],
): SubsetRange | undefined {
  if (remark !== undefined || customer !== undefined) return undefined;
  if (owner !== undefined) return only(ownerSubset(owner));
  if (member !== undefined) return member === 0 ? only(UNBOUND_SUBSET) : undefined;
  if (tagsMode === 'none') return only(UNTAGGED_SUBSET);
  if (tagIds.length === 0) return ALL_PERIODS;
  const pk = tagPks.get(tagIds[0]!);
  return tagIds.length === 1 && tagsMode !== 'exclude' && pk !== undefined ? only(tagSubset(pk)) : undefined;
}

const only = (subset: string): SubsetRange => ({ first: subset, last: subset });

/** Whole periods from the counters, and the rows before and after them. */
function timedTotal(dialect: Dialect, tenant: Tenant, filter: FollowFilter): Statement {
  const { from = -Infinity, to = Infinity } = filter;
  const first = Math.ceil(from / PERIOD_SECONDS);
  const last = Math.floor((to + 1) / PERIOD_SECONDS) - 1;
  if (first > last) return addUp([rowsBetween(dialect, tenant, filter, from, to)]);
  const range = {
    first: Number.isFinite(first) ? periodSubset(first) : ALL_PERIODS.first,
    last: Number.isFinite(last) ? periodSubset(last) : ALL_PERIODS.last,
  };
  return addUp([
    countersIn(tenant, filter, range),
    ...(Number.isFinite(from) ? [rowsBetween(dialect, tenant, filter, from, first * PERIOD_SECONDS - 1)] : []),
    ...(Number.isFinite(to) ? [rowsBetween(dialect, tenant, filter, (last + 1) * PERIOD_SECONDS, to)] : []),
  ]);
}

function addUp(parts: Statement[]): Statement {
  return {
    sql: `SELECT ${parts.map(({ sql }) => `(${sql})`).join(' + ')} AS total`,
    values: parts.flatMap(({ values }) => values),
  };
}

function countersIn(tenant: Tenant, filter: FollowFilter, { first, last }: SubsetRange): Statement {
  const where = whereOf(tenant, filter).and('subset >= ? AND subset <= ?', first, last);
  return { sql: `SELECT COALESCE(SUM(n), 0) FROM wechat_follow_count ${where.sql}`, values: where.values };
}

function rowsBetween(dialect: Dialect, tenant: Tenant, filter: FollowFilter, from: number, to: number): Statement {
  const where = whereOf(tenant, filter).and('deleted_at IS NULL');
  if (Number.isFinite(from)) where.and('createtime >= ?', from);
  if (Number.isFinite(to)) where.and('createtime <= ?', to);
  return {
    sql: `SELECT COUNT(*) FROM wechat_follow ${dialect.useIndex('ix_follow_time')} ${where.sql}`,
    values: where.values,
  };
}

/** The columns that counters and relations have in common. */
function whereOf({ uniacid, enterpriseId }: Tenant, { status, addWay, externalType }: FollowFilter): Where {
  const where = new Where().and('uniacid = ? AND crop_id = ?', uniacid, enterpriseId);
  const columns: [string, SqlValue | undefined][] = [
    ['status', status],
    ['add_way', addWay === undefined ? undefined : String(addWay)],
    ['external_type', externalType],
  ];
  for (const [column, value] of columns) if (value !== undefined) where.and(`${column} = ?`, value);
  return where;
}
