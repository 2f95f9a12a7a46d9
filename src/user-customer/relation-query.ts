import { containsSql } from '../database/contains';
import type { Dialect } from '../database/dialect';
import type { SqlValue, Statement } from '../database/sql';
import { limitValues, placeholders, Where } from '../database/where';
import type { Condition } from './list/condition';

/** Which relations a list shows; all that is given holds at once. */
export interface RelationFilter {
  userId?: number;
  conditions: Condition[];
  /** Wall clock in UTC+8, inclusive. */
  startTime?: string;
  /** Wall clock in UTC+8, inclusive. */
  endTime?: string;
}

/** A relation's columns in the order of the contract: a row read with them is the reply. */
const COLUMNS = 'user_id, customer_id, template, script, reference, created, is_available, boss_sync';

/**
 * From this offset on, the page is found by its keys and the rows are joined afterwards: with a `template` in each row,
 * skipping 20,000 rows takes 10 ms instead of 619 (at 1,000,000 relations). Below this offset the join
 * would cost more.
 */
const DEFERRED_FROM = 1000;

/** One relation by its key. */
export function oneRelation(userId: number, customerId: number): Statement {
  return { sql: ONE_RELATION, values: [userId, customerId] };
}

const ONE_RELATION = `SELECT ${COLUMNS} FROM user_customer WHERE user_id = ? AND customer_id = ?`;

/** The values of a relation that an edit can change. */
export interface EditableValues {
  template: string | null;
  script: string | null;
  reference: string;
}

/** Reads and locks the values that a transaction is about to edit. */
export function lockedValues(userId: number, customerId: number, { forUpdate }: Dialect): Statement {
  return {
    sql: `SELECT template, script, reference FROM user_customer WHERE user_id = ? AND customer_id = ? ${forUpdate}`,
    values: [userId, customerId],
  };
}

/** Locks the relations of a user that a transaction is about to delete, without reading their texts. */
export function lockedIds(userId: number, customerIds: number[], { forUpdate }: Dialect): Statement {
  return {
    sql: `SELECT customer_id FROM user_customer WHERE user_id = ? AND customer_id IN (${placeholders(customerIds)}) ${forUpdate}`,
    values: [userId, ...customerIds],
  };
}

/** What `add` needs to know of a user and a customer; no row when the user does not exist. */
export interface KnownPair {
  /** The customer's code; null when the customer does not exist. */
  secret: string | null;
  /** Null when the user does not follow the customer yet. */
  followed: number | null;
  /** Above 0 when no guesses are left. */
  exhausted: number;
}

/** @param exhausted a column that is above 0 when no guesses are left */
export function knownPair(userId: number, customerId: number, exhausted: Statement): Statement {
  return {
    sql: `SELECT customer.secret, user_customer.customer_id AS followed, ${exhausted.sql} AS exhausted FROM user
      LEFT JOIN customer ON customer.customer_id = ?
      LEFT JOIN user_customer ON user_customer.user_id = user.user_id AND user_customer.customer_id = ?
      WHERE user.user_id = ?`,
    values: [...exhausted.values, customerId, customerId, userId],
  };
}

/** @param values user_id, customer_id, template, script, reference, created */
export function insertRelation(values: SqlValue[]): Statement {
  return { sql: INSERT, values };
}

const INSERT =
  'INSERT INTO user_customer (user_id, customer_id, template, script, reference, created) VALUES (?, ?, ?, ?, ?, ?)';

/** A page of relations, newest first; each row carries the list's `total`, so that one round trip answers both. */
export function relationPage(filter: RelationFilter, limit: number, offset: number): Statement {
  const where = toWhere(filter);
  const order = listOrder(filter);
  const total = `(SELECT COUNT(*) FROM user_customer ${where.sql}) AS total`;
  const source =
    offset < DEFERRED_FROM
      ? `user_customer ${where.sql} ${order} LIMIT ? OFFSET ?`
      : `(SELECT user_id, customer_id FROM user_customer ${where.sql} ${order} LIMIT ? OFFSET ?) AS page
         JOIN user_customer USING (user_id, customer_id) ${order}`;
  return {
    sql: `SELECT ${COLUMNS}, ${total} FROM ${source}`,
    values: [...where.values, ...where.values, ...limitValues(limit, offset)],
  };
}

/** The total alone, for a page that has no row to carry it. */
export function relationCount(filter: RelationFilter): Statement {
  const where = toWhere(filter);
  return { sql: `SELECT COUNT(*) AS total FROM user_customer ${where.sql}`, values: where.values };
}

function toWhere({ userId, conditions, startTime, endTime }: RelationFilter): Where {
  const where = new Where();
  if (userId !== undefined) where.and('user_id = ?', userId);
  if (startTime !== undefined) where.and('created >= ?', startTime);
  if (endTime !== undefined) where.and('created <= ?', endTime);
  for (const condition of conditions) addCondition(where, condition);
  return where;
}

/** Key and operator come from fixed lists (`condition.ts`); only the value comes from the request, and it is bound. */
function addCondition(where: Where, { key, operator, value }: Condition): void {
  if (operator === 'LIKE') {
    where.and(containsSql(key), value);
  } else {
    where.and(`${key} ${operator} ?`, value);
  }
}

/**
 * Newest first, rows without a time last (both engines sort null below any text), then by ids. A column that is equal
 * in all rows is left out: MariaDB would sort 50,000 rows for it (35 ms) instead of reading 20 from the index (1 ms).
 */
function listOrder({ userId, conditions }: RelationFilter): string {
  const isFixed = (column: string) =>
    (column === 'user_id' && userId !== undefined) ||
    conditions.some(({ key, operator }) => key === column && operator === '=');
  const columns = ['created', 'customer_id', 'user_id'].filter((column) => !isFixed(column));
  return columns.length > 0 ? `ORDER BY ${columns.map((column) => `${column} DESC`).join(', ')}` : '';
}
