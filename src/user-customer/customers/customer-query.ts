import type { Dialect } from '../../database/dialect';
import type { Statement } from '../../database/sql';
import { Where } from '../../database/where';
import type { Column, Columns } from '../list/condition';
import { List } from '../list/list';
import { ListFilter, narrow } from '../list/list-filter';
import type { CustomerReply } from './customers.reply';

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

const TEXT_COLUMNS = Object.fromEntries(
  FREE_TEXTS.map((name): [string, Column] => [name, { sql: `customer.${name}`, holds: 'text' }]),
) as Record<(typeof FREE_TEXTS)[number], Column>;

/** What a condition may name, in the contract's order: all but the secret, which could be guessed letter by letter. */
export const CUSTOMER_COLUMNS = {
  customer_id: { sql: 'customer.customer_id', holds: 'number' },
  customer_name: { sql: 'customer.name', holds: 'text' },
  ...TEXT_COLUMNS,
  created: { sql: 'customer.created', holds: 'time' },
} satisfies Columns;

/**
 * A list of customers, newest first, those without a time last. The few that a user follows are found by their
 * relations: the database would otherwise be free to read all customers in the order of the list.
 * @param showsSecret false leaves the codes in the database, because any user who knows one can follow the customer
 */
export function customerList(filter: CustomerFilter, showsSecret: boolean, dialect: Dialect): List<CustomerReply> {
  const { followedBy } = filter;
  const where = new Where();
  if (followedBy !== undefined) where.and('user_customer.user_id = ?', followedBy);
  narrow(where, filter, CUSTOMER_COLUMNS.created, dialect);
  const followed = `user_customer ${dialect.joinInOrder} customer ON customer.customer_id = user_customer.customer_id`;
  const { customer_id, customer_name, description, ...others } = CUSTOMER_COLUMNS;
  const secret: Column = { sql: showsSecret ? 'customer.secret' : "''", holds: 'text' };
  const columns = { customer_id, customer_name, description, secret, ...others };
  const from = followedBy === undefined ? undefined : followed;
  const order = 'ORDER BY customer.created DESC, customer.customer_id DESC';
  return new List({ columns, table: 'customer', key: ['customer_id'], from, where, order }, dialect);
}

/** A customer by the names of the wire. */
export type LockedCustomer = Record<keyof typeof CUSTOMER_COLUMNS | 'secret', string | null>;

/** Reads and locks a customer that a transaction is about to change or delete; no row if it does not exist. */
export function lockedCustomer(customerId: number, { forUpdate }: Dialect): Statement {
  const columns = Object.entries(CUSTOMER_COLUMNS).map(([name, { sql }]) => `${sql} AS ${name}`);
  return {
    sql: `SELECT ${columns.join(', ')}, customer.secret FROM customer WHERE customer_id = ? ${forUpdate}`,
    values: [customerId],
  };
}

/** A user who follows the customer now: a locking read sees what was committed since the transaction began. */
export function lockedFollower(customerId: number, { forUpdate }: Dialect): Statement {
  return {
    sql: `SELECT user_id FROM user_customer WHERE customer_id = ? LIMIT 1 ${forUpdate}`,
    values: [customerId],
  };
}
