import type { Dialect } from '../../database/dialect';
import type { Statement } from '../../database/sql';
import { Where } from '../../database/where';
import type { Tenant } from '../../enterprise/tenant';
import { ALL_PERIODS, periodOf, periodSubset, SubsetRange } from '../search-index/counters';
import type { FollowFilter } from './filter';
import { allIds } from './page-sql';
import { Summand } from './plan';

/*
 * Writes the SQL of totals and of bounds from the counters, and decides nothing.
 */

/** The total of a filter, in the column `total`: one statement, so that all summands see the same moment. */
export function totalOf(dialect: Dialect, tenant: Tenant, filter: FollowFilter, summands: Summand[]): Statement {
  const parts = summands.map(({ of }) => {
    if ('counters' in of) return counted(tenant, filter, of.counters);
    if ('follows' in of) return followsBetween(dialect, tenant, filter, of.follows);
    const { sql, values } = allIds(dialect, tenant, of.lookups);
    return { sql: `SELECT COUNT(*) FROM (${sql}) AS found`, values };
  });
  const sum = parts.map(({ sql }, n) => `${n === 0 ? '' : summands[n]!.isNegative ? ' - ' : ' + '}(${sql})`).join('');
  return { sql: `SELECT ${sum} AS total`, values: parts.flatMap(({ values }) => values) };
}

/** The highest id that a follow up to `to` (unix seconds) can have, in the column `newestId`. */
export function newestUpTo({ uniacid, enterpriseId }: Tenant, to: number): Statement {
  return {
    sql: `SELECT COALESCE(MAX(newest_id), 0) AS newestId FROM wechat_follow_count
      WHERE uniacid = ? AND crop_id = ? AND subset >= ? AND subset <= ?`,
    values: [uniacid, enterpriseId, ALL_PERIODS.first, periodSubset(periodOf(to))],
  };
}

/** The pairs of status and way of adding that occur among follows of the filter's status, way of adding and type. */
export function occurringIn(tenant: Tenant, filter: FollowFilter): Statement {
  const where = dimensions(tenant, filter).and('subset >= ? AND subset <= ?', ALL_PERIODS.first, ALL_PERIODS.last);
  return {
    sql: `SELECT DISTINCT status, add_way FROM wechat_follow_count ${where.sql} AND n > 0`,
    values: where.values,
  };
}

function counted(tenant: Tenant, filter: FollowFilter, { first, last }: SubsetRange): Statement {
  const where = dimensions(tenant, filter).and('subset >= ? AND subset <= ?', first, last);
  return { sql: `SELECT COALESCE(SUM(n), 0) FROM wechat_follow_count ${where.sql}`, values: where.values };
}

function followsBetween(
  dialect: Dialect,
  tenant: Tenant,
  filter: FollowFilter,
  { from, to }: { from?: number; to?: number },
): Statement {
  const where = dimensions(tenant, filter).and('deleted_at IS NULL');
  if (from !== undefined) where.and('createtime >= ?', from);
  if (to !== undefined) where.and('createtime <= ?', to);
  return {
    sql: `SELECT COUNT(*) FROM wechat_follow ${dialect.useIndex('ix_follow_time')} ${where.sql}`,
    values: where.values,
  };
}

/** The filter on the columns that counters and follows have in common. */
function dimensions({ uniacid, enterpriseId }: Tenant, { status, addWay, externalType }: FollowFilter): Where {
  const where = new Where().and('uniacid = ? AND crop_id = ?', uniacid, enterpriseId);
  if (status !== undefined) where.and('status = ?', status);
  if (addWay !== undefined) where.andSame('add_way', addWay);
  if (externalType !== undefined) where.and('external_type = ?', externalType);
  return where;
}
