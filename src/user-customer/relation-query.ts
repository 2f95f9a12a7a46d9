import { wallClock } from '../base/time';
import type { Dialect } from '../database/dialect';
import type { Statement } from '../database/sql';
import { limitValues, placeholders, Where } from '../database/where';
import type { Column } from './list/condition';
import { ListFilter, narrow } from './list/list-filter';
import type { List } from './list/list-pages';

/** Which relations a list shows; all that is given holds at once. */
export interface RelationFilter extends ListFilter {
  userId?: number;
}

/** A relation's columns in the order of the contract: a row read with them is the reply. */
export const RELATION_COLUMNS = {
  user_id: { sql: 'user_id', holds: 'number' },
  customer_id: { sql: 'customer_id', holds: 'number' },
  template: { sql: 'template', holds: 'text' },
  script: { sql: 'script', holds: 'text' },
  reference: { sql: 'reference', holds: 'text' },
  created: { sql: 'created', holds: 'time' },
  is_available: { sql: 'is_available', holds: 'number' },
  boss_sync: { sql: 'boss_sync', holds: 'number' },
} satisfies Record<string, Column>;

const COLUMNS = Object.keys(RELATION_COLUMNS).join(', ');

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

/**
 * Adds a relation; no row if the customer is gone. Locks the customer, so that it is deleted before the relation is
 * there, or after: then the delete sees the relation (`customers.ts`).
 */
export function insertRelation(
  { userId, customerId, template, script, reference }: NewRelation,
  { forUpdate }: Dialect,
): Statement {
  return {
    sql: `INSERT INTO user_customer (user_id, customer_id, template, script, reference, created)
      SELECT ?, customer_id, ?, ?, ?, ? FROM customer WHERE customer_id = ? ${forUpdate}`,
    values: [userId, template, script, reference, wallClock(), customerId],
  };
}

interface NewRelation extends EditableValues {
  userId: number;
  customerId: number;
}

/** A list of relations, newest first. */
export function relationList(filter: RelationFilter, dialect: Dialect): List {
  const where = new Where();
  if (filter.userId !== undefined) where.and('user_id = ?', filter.userId);
  narrow(where, filter, RELATION_COLUMNS.created, dialect);
  const order = listOrder(filter);
  const count = `SELECT COUNT(*) AS total FROM user_customer ${where.sql}`;
  const near = `user_customer ${where.sql} ${order} LIMIT ? OFFSET ?`;
  const far = `(SELECT user_id, customer_id FROM user_customer ${where.sql} ${order} LIMIT ? OFFSET ?) AS page
    JOIN user_customer USING (user_id, customer_id) ${order}`;
  return {
    page: (limit, offset) => ({
      sql: `SELECT ${COLUMNS}, (${count}) AS total FROM ${offset < DEFERRED_FROM ? near : far}`,
      values: [...where.values, ...where.values, ...limitValues(limit, offset)],
    }),
    top: (limit) => ({ sql: `SELECT ${COLUMNS} FROM ${near}`, values: [...where.values, ...limitValues(limit, 0)] }),
    total: () => ({ sql: count, values: where.values }),
  };
}

/**
 * Newest first, rows without a time last (both engines sort null below any text), then by ids. A column that is equal
 * in all rows is left out: MariaDB would sort 50,000 rows for it (35 ms) instead of reading 20 from the index (1 ms).
 */
function listOrder({ userId, conditions }: RelationFilter): string {
  const isFixed = (name: string) =>
    (name === 'user_id' && userId !== undefined) ||
    conditions.some(({ column, operator }) => column.sql === name && operator === '=');
  const columns = ['created', 'customer_id', 'user_id'].filter((name) => !isFixed(name));
  return columns.length > 0 ? `ORDER BY ${columns.map((name) => `${name} DESC`).join(', ')}` : '';
}
