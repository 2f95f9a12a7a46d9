import type { Dialect } from '../../database/dialect';
import type { Statement } from '../../database/sql';
import { limitValues, Where } from '../../database/where';
import type { Column } from './condition';

/**
 * From this offset on, the page is found by its keys and the rows are joined afterwards: with a `template` in each row,
 * skipping 20,000 rows takes 10 ms instead of 619 (at 1,000,000 relations). Below this offset the join would cost more.
 */
const DEFERRED_FROM = 1000;

/** What a list reads: the rows of a table that its conditions find. */
interface Source<Row> {
  /** By their names on the wire and in the contract's order: a row read with them is the reply. */
  columns: Record<keyof Row, Column>;
  table: string;
  /** The columns of the table's primary key. */
  key: readonly string[];
  /** A join with the table, if the conditions need one. */
  from?: string;
  where: Where;
  /** `ORDER BY …`, or '' where all rows are equal in what orders the list. */
  order: string;
}

/** The statements of a list of family A (CONTRACT 1.3, 1.4). */
export class List<Row> {
  private readonly columns: string;
  private readonly count: string;
  /** What follows FROM: the page, read in order up to its last row. */
  private readonly near: string;
  /** The same page by its keys. */
  private readonly far: string;

  constructor(
    private readonly source: Source<Row>,
    { joinInOrder }: Dialect,
  ) {
    const { table, key, from = table, where, order } = source;
    const columns = Object.entries<Column>(source.columns);
    this.columns = columns.map(([name, { sql }]) => `${sql} AS ${name}`).join(', ');
    this.count = `SELECT COUNT(*) AS total FROM ${from} ${where.sql}`;
    this.near = `${from} ${where.sql} ${order} LIMIT ? OFFSET ?`;
    this.far = `(SELECT ${key.map((name) => `${table}.${name}`).join(', ')} FROM ${this.near}) AS page
      ${joinInOrder} ${table} ON ${key.map((name) => `${table}.${name} = page.${name}`).join(' AND ')} ${order}`;
  }

  /** The rows from `offset` on, each with the `total` of the whole list, so that one round trip answers both. */
  page(limit: number, offset: number): Statement {
    const { values } = this.source.where;
    return {
      sql: `SELECT ${this.columns}, (${this.count}) AS total FROM ${offset < DEFERRED_FROM ? this.near : this.far}`,
      values: [...values, ...values, ...limitValues(limit, offset)],
    };
  }

  /** The first rows alone. */
  top(limit: number): Statement {
    const { values } = this.source.where;
    return { sql: `SELECT ${this.columns} FROM ${this.near}`, values: [...values, ...limitValues(limit, 0)] };
  }

  /** The total alone, for a page that has no row to carry it. */
  total(): Statement {
    return { sql: this.count, values: this.source.where.values };
  }
}
