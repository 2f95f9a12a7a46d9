import type { Dialect } from '../../database/dialect';
import type { Statement } from '../../database/sql';
import { limitValues, Where } from '../../database/where';
import type { Column, Columns } from '../list/condition';
import { ListFilter, narrow } from '../list/list-filter';
import type { List } from '../list/list-pages';

/** Which customers a list shows; all that is given holds at once. */
export interface CustomerFilter extends ListFilter {
  /** The user who follows them; all customers without one. */
  followedBy?: number;
}

/** The texts of a customer that may be empty, by the names of their columns, which they also have on the wire. */
export const FREE_TEXTS = [
  'description',
  'exp_id',
  'province',
  'city',
  'address',
  'phone',
  'contact',
  'mobile',
  'email',
  'template',
  'script',
  'reference',
] as const;

const CREATED: Column = { sql: 'customer.created', holds: 'time' };

/** What a condition may name: all but the secret, which could be guessed letter by letter. */
export const CUSTOMER_COLUMNS: Columns = {
  customer_id: { sql: 'customer.customer_id', holds: 'number' },
  customer_name: { sql: 'customer.name', holds: 'text' },
  ...Object.fromEntries(FREE_TEXTS.map((name): [string, Column] => [name, { sql: `customer.${name}`, holds: 'text' }])),
  created: CREATED,
};

/** The columns by the entity's names: a row read with them is a Customer. */
const PROPERTIES = ['customer_id AS customerId', 'name', 'secret', 'exp_id AS expId', 'created']
  .concat(FREE_TEXTS.filter((name) => name !== 'exp_id'))
  .map((column) => `customer.${column}`)
  .join(', ');

/**
 * A list of customers, newest first, those without a time last. The few that a user follows are found by their
 * relations: the database would otherwise be free to read all customers in the order of the list.
 */
export function customerList(filter: CustomerFilter, dialect: Dialect): List {
  const { followedBy } = filter;
  const where = new Where();
  if (followedBy !== undefined) where.and('user_customer.user_id = ?', followedBy);
  narrow(where, filter, CREATED, dialect);
  const followed = `user_customer ${dialect.joinInOrder} customer ON customer.customer_id = user_customer.customer_id`;
  const source = `${followedBy === undefined ? 'customer' : followed} ${where.sql}`;
  const count = `SELECT COUNT(*) AS total FROM ${source}`;
  const page = `FROM ${source} ORDER BY customer.created DESC, customer.customer_id DESC LIMIT ? OFFSET ?`;
  return {
    page: (limit, offset) => ({
      sql: `SELECT ${PROPERTIES}, (${count}) AS total ${page}`,
      values: [...where.values, ...where.values, ...limitValues(limit, offset)],
    }),
    top: (limit) => ({ sql: `SELECT ${PROPERTIES} ${page}`, values: [...where.values, ...limitValues(limit, 0)] }),
    total: () => ({ sql: count, values: where.values }),
  };
}

/** Locks a customer that a transaction is about to delete; no row if it does not exist. */
export function lockedCustomer(customerId: number, { forUpdate }: Dialect): Statement {
  return { sql: `SELECT customer_id FROM customer WHERE customer_id = ? ${forUpdate}`, values: [customerId] };
}

/** A user who follows the customer now: a locking read sees what was committed since the transaction began. */
export function lockedFollower(customerId: number, { forUpdate }: Dialect): Statement {
  return {
    sql: `SELECT user_id FROM user_customer WHERE customer_id = ? LIMIT 1 ${forUpdate}`,
    values: [customerId],
  };
}
