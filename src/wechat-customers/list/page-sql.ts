import type { Dialect } from '../../database/dialect';
import { sameTextSql } from '../../database/same-text';
import { columnList, Statement } from '../../database/sql';
import { limitValues, placeholders, Where } from '../../database/where';
import type { Tenant } from '../../enterprise/tenant';
import { CONTACT_COLUMNS } from '../rows.reply';
import type { ColumnCondition, Comparison, Entry, Lookup } from './plan';

/*
 * Writes the SQL of a plan and decides nothing: `?` for every value. Samples are in sql/.
 */

/** The tables of entries, each with the column of the key and the index by follow. */
const ENTRIES = {
  tag: { table: 'wechat_follow_tag', key: 'tag_pk', byFollow: 'ix_follow_tag_follow' },
  term: { table: 'wechat_follow_term', key: 'term', byFollow: 'ix_follow_term_follow' },
} as const;

/** Up to this many keys cost one check each; with more, one check reads all entries of the follow (about 12). */
const FEW_KEYS = 6;

const COMPARED = { remark: 'wechat_follow.remark', customer: 'wechat_customer.name' } as const;

const NO_FOLLOW: Statement = { sql: 'SELECT id FROM wechat_follow WHERE 1 = 0', values: [] };

/** The ids of one page, descending. Each of several lookups yields as many as the page may need. */
export function pageIds(dialect: Dialect, tenant: Tenant, plan: Lookup[], limit: number, offset: number): Statement {
  const inOrder = 'ORDER BY id DESC LIMIT ? OFFSET ?';
  const page = limitValues(limit, offset);
  const [first, ...others] = plan.map((lookup) => foundBy(dialect, tenant, lookup));
  if (!first) return NO_FOLLOW;
  if (others.length === 0) return { sql: `${first.sql} ${inOrder}`, values: [...first.values, ...page] };
  const upToPage = limitValues(limit + offset, 0);
  const selects = [first, ...others].map(({ sql }, n) => `SELECT id FROM (${sql} ${inOrder}) AS found_${n}`);
  return {
    sql: `${selects.join(' UNION ')} ${inOrder}`,
    values: [...[first, ...others].flatMap(({ values }) => [...values, ...upToPage]), ...page],
  };
}

/** A follow's contact, by WeCom's id: the row shows this one, whatever key is stored. */
const CONTACT = `wechat_customer ON wechat_customer.uniacid = wechat_follow.uniacid
        AND wechat_customer.crop_id = wechat_follow.crop_id
        AND ${sameTextSql('wechat_customer.external_userid', 'wechat_follow.external_userid')}
        AND wechat_customer.deleted_at IS NULL`;

/**
 * The rows of a page with their contacts. The tenant is checked once more, as a lookup by tag alone does not read the
 * follow.
 * @param columns of the follow
 */
export function pageRows(
  dialect: Dialect,
  { uniacid, enterpriseId }: Tenant,
  ids: Statement,
  columns: string[],
): Statement {
  const row = [columnList(columns, 'wechat_follow'), columnList(CONTACT_COLUMNS, 'wechat_customer')].join(', ');
  return {
    sql: `SELECT ${row} FROM (${ids.sql}) AS page
      ${dialect.joinInOrder} wechat_follow ON wechat_follow.id = page.id
        AND wechat_follow.uniacid = ? AND wechat_follow.crop_id = ? AND wechat_follow.deleted_at IS NULL
      LEFT JOIN ${CONTACT}
      ORDER BY wechat_follow.id DESC`,
    values: [...ids.values, uniacid, enterpriseId],
  };
}

/** The ids of all follows of a plan, each once. */
export function allIds(dialect: Dialect, tenant: Tenant, plan: Lookup[]): Statement {
  const selects = plan.map((lookup) => foundBy(dialect, tenant, lookup));
  if (selects.length === 0) return NO_FOLLOW;
  return { sql: selects.map(({ sql }) => sql).join(' UNION '), values: selects.flatMap(({ values }) => values) };
}

/** The ids of one lookup, in the column `id`. */
function foundBy(dialect: Dialect, tenant: Tenant, lookup: Lookup): Statement {
  const { start, has, hasNoTag, columns, comparisons } = lookup;
  const where = new Where();
  const isIndex = typeof start === 'string';
  const id = isIndex ? 'wechat_follow.id' : 'entry_0.follow_id';
  let from = isIndex ? `wechat_follow ${dialect.useIndex(start)}` : startEntries(where, tenant, start);
  // Only live follows have entries, so starting there the follow's own row is read only for its columns.
  const readsFollow = isIndex || columns.length > 0 || comparisons.length > 0;
  if (readsFollow && !isIndex) from += ` ${dialect.joinInOrder} wechat_follow ON wechat_follow.id = entry_0.follow_id`;
  if (readsFollow) addFollow(where, tenant, columns);
  for (const entry of has) addEntry(where, dialect, tenant, id, entry, '= 1');
  if (hasNoTag.length > 0) addEntry(where, dialect, tenant, id, { table: 'tag', keys: hasNoTag }, 'IS NULL');
  from += addComparisons(where, dialect, comparisons);
  const mayRepeat = !isIndex && start.some(({ keys }) => keys.length > 1);
  return { sql: `SELECT ${mayRepeat ? 'DISTINCT ' : ''}${id} AS id FROM ${from} ${where.sql}`, values: where.values };
}

/** @returns the tables of the entries, joined by follow */
function startEntries(where: Where, tenant: Tenant, entries: Entry[]): string {
  const tables = entries.map((entry, n) => {
    const alias = `entry_${n}`;
    const { sql, values } = entryKey(alias, tenant, entry);
    where.and(sql, ...values);
    const table = `${ENTRIES[entry.table].table} ${alias}`;
    return n === 0 ? table : `${table} ON ${alias}.follow_id = entry_0.follow_id`;
  });
  return tables.join(' JOIN ');
}

/** A tag's key belongs to one tenant; terms are the same numbers in every tenant. */
function entryKey(alias: string, { uniacid, enterpriseId }: Tenant, { table, keys }: Entry): Statement {
  const sql = `${alias}.${ENTRIES[table].key} ${keys.length === 1 ? '= ?' : `IN (${placeholders(keys)})`}`;
  if (table === 'tag') return { sql, values: keys };
  return { sql: `${alias}.uniacid = ? AND ${alias}.crop_id = ? AND ${sql}`, values: [uniacid, enterpriseId, ...keys] };
}

/**
 * Checks for each follow that it has an entry with one of the keys (`= 1`) or none of them (`IS NULL`). Not by EXISTS:
 * MariaDB turns it into a join that first reads all follows of the entries. Not by COALESCE around the checks:
 * prepared statements of MariaDB 10.11 take two of them for equal if only their bound values differ.
 */
function addEntry(where: Where, dialect: Dialect, tenant: Tenant, id: string, entry: Entry, found: '= 1' | 'IS NULL') {
  const { table, byFollow } = ENTRIES[entry.table];
  const check = (keys: number[], index = ''): Statement => {
    const { sql, values } = entryKey('worn', tenant, { table: entry.table, keys });
    const select = `SELECT 1 FROM ${table} worn ${index} WHERE ${sql} AND worn.follow_id = ${id} LIMIT 1`;
    return { sql: `(${select}) ${found}`, values };
  };
  const isMany = entry.keys.length > FEW_KEYS;
  const checks = isMany ? [check(entry.keys, dialect.useIndex(byFollow))] : entry.keys.map((key) => check([key]));
  const all = checks.map(({ sql }) => sql).join(found === '= 1' ? ' OR ' : ' AND ');
  where.and(checks.length === 1 ? all : `(${all})`, ...checks.flatMap(({ values }) => values));
}

/** A live follow of the tenant, with the conditions on its columns. */
function addFollow(where: Where, { uniacid, enterpriseId }: Tenant, columns: ColumnCondition[]): void {
  where.and('wechat_follow.uniacid = ? AND wechat_follow.crop_id = ?', uniacid, enterpriseId);
  where.and('wechat_follow.deleted_at IS NULL');
  for (const condition of columns) {
    const column = `wechat_follow.${condition.column}`;
    if (condition.is === 'in') where.and(`${column} IN (${placeholders(condition.values)})`, ...condition.values);
    else if (condition.is === '=' && typeof condition.value === 'string') where.andSame(column, condition.value);
    else where.and(`${column} ${condition.is} ?`, condition.value);
  }
}

/** @returns the join that the comparisons need */
function addComparisons(where: Where, dialect: Dialect, comparisons: Comparison[]): string {
  for (const { of, text } of comparisons) where.andContains(COMPARED[of], text);
  const isNameCompared = comparisons.some(({ of }) => of === 'customer');
  return isNameCompared ? ` ${dialect.joinInOrder} ${CONTACT}` : '';
}
