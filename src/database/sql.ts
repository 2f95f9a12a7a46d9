import type { Database, Statement as PreparedStatement } from 'better-sqlite3';
import { LRUCache } from 'lru-cache';
import type { Pool, PoolConnection, QueryOptions } from 'mysql2';
import { DataSource, QueryFailedError } from 'typeorm';
import { inOnePiece } from '../base/fair-share';
import { textLength } from '../base/text-length';
import { Dialect, dialectOf } from './dialect';
import { isUnfitServer, TooManyBytes } from './errors';
import { cutOff } from './mysql/bounded-pool';
import { transactionOn } from './mysql/prepared-transaction';
import { exclusively } from './sqlite/exclusive-connection';
import { repeated } from './transaction';

/** A value that can be bound to a `?`. */
export type SqlValue = string | number | null;

/** A statement and the values of its `?`. */
export interface Statement {
  sql: string;
  values: SqlValue[];
  /** Has a list of any length: in a transaction it goes as text, because each length would be prepared for itself. */
  hasList?: boolean;
}

/** What runs in a transaction of {@link Sql}. */
export interface PreparedTransaction {
  rows<Row>(statement: Statement): Promise<Row[]>;
  /** @returns the number of rows changed */
  change(statement: Statement): Promise<number>;
}

/**
 * Prepared statements on TypeORM's own connections, for the most frequent requests; everything else goes through TypeORM
 * as usual. Rows are plain objects with their keys in the order of the SELECT list: where a column carries its wire
 * name, the row is the reply. Compared with `findOne` and `getMany` on MariaDB, this saves about half the processor
 * time of a request, which went into building SQL text and hydrating entities.
 * A failing statement throws TypeORM's QueryFailedError, as everywhere. `rows` and `joinedRows` are not for use inside a
 * transaction of TypeORM's.
 */
export abstract class Sql {
  constructor(readonly dialect: Dialect) {}

  static of(dataSource: DataSource): Sql {
    return dataSource.options.type === 'better-sqlite3'
      ? new SqliteSql(dataSource)
      : new MysqlSql(dialectOf(dataSource), (dataSource.driver as unknown as { pool: Pool }).pool);
  }

  /**
   * @param maxLength of all texts together, in characters; reading ends there, so that no more is ever held
   * @throws TooManyBytes
   */
  abstract rows<Row>(statement: Statement, maxLength?: number): Promise<Row[]>;

  /** Each row as one object per table, `{ wechat_follow: {…}, wechat_customer: {…} }`; tables must not be aliased. */
  abstract joinedRows<Row>(statement: Statement, maxLength?: number): Promise<Row[]>;

  /** As {@link inTransaction}, on the primary: `work` may run several times. */
  abstract transaction<Result>(work: (transaction: PreparedTransaction) => Promise<Result>): Promise<Result>;
}

/** Collects rows up to a number of characters. */
class BoundedRows {
  readonly rows: unknown[] = [];
  private length = 0;

  constructor(private readonly maxLength: number) {}

  /** @returns false once there are too many; then it lets go of the rows */
  add(row: object): boolean {
    this.rows.push(row);
    this.length += textLength(row);
    const isWithin = this.length <= this.maxLength;
    if (!isWithin) this.rows.length = 0;
    return isWithin;
  }
}

/** Injection token of the {@link Sql} that reads lists: from a replica where there is one. */
export const LIST_SQL = Symbol('ListSql');

/** Bounds the prepared statements kept; combinations of filters give a few hundred texts. */
const MAX_STATEMENTS = 500;

/** {@link Sql} on the connections of a mysql2 pool. */
export class MysqlSql extends Sql {
  constructor(
    dialect: Dialect,
    private readonly pool: Pool,
  ) {
    super(dialect);
  }

  rows<Row>(statement: Statement, maxLength?: number): Promise<Row[]> {
    return this.execute(statement, false, maxLength) as Promise<Row[]>;
  }

  joinedRows<Row>(statement: Statement, maxLength?: number): Promise<Row[]> {
    return this.execute(statement, true, maxLength) as Promise<Row[]>;
  }

  transaction<Result>(work: (transaction: PreparedTransaction) => Promise<Result>): Promise<Result> {
    return repeated(() => transactionOn(this.pool, work));
  }

  /** Uses callbacks, because mysql2's promises capture a stack trace for every query. */
  private execute({ sql, values }: Statement, nestTables: boolean, maxLength?: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const fail = (error: Error) => reject(new QueryFailedError(sql, values, error));
      this.pool.getConnection((noConnection, connection) => {
        if (noConnection) return fail(noConnection);
        const end = (error: Error | null, result?: unknown) => {
          if (error instanceof TooManyBytes) {
            cutOff(connection); // the rest of the rows is on its way
            return reject(error);
          }
          if (error && isUnfitServer(error)) connection.destroy();
          else connection.release();
          if (error) fail(error);
          else resolve(result);
        };
        try {
          const statement = { sql, values, nestTables };
          if (maxLength === undefined) connection.execute(statement, end);
          else executeBounded(connection, statement, maxLength, end);
        } catch (error) {
          connection.release();
          fail(error as Error);
        }
      });
    });
  }
}

/** Executes a statement row by row. @param end is called once, with TooManyBytes while rows are still coming */
function executeBounded(
  connection: PoolConnection,
  statement: QueryOptions,
  maxLength: number,
  end: (error: Error | null, rows?: unknown[]) => void,
): void {
  const read = new BoundedRows(maxLength);
  let hasEnded = false;
  const endOnce: typeof end = (error, rows) => {
    if (!hasEnded) end(error, rows);
    hasEnded = true;
  };
  connection
    .execute(statement)
    .on('result', (row: object) => {
      if (!hasEnded && !read.add(row)) endOnce(new TooManyBytes());
    })
    .on('error', (error: Error) => endOnce(error))
    .on('end', () => endOnce(null, read.rows));
}

class SqliteSql extends Sql {
  private readonly database: Database;
  private readonly exclusive: ReturnType<typeof exclusively>;
  private readonly statements = new LRUCache<string, PreparedStatement>({ max: MAX_STATEMENTS });

  constructor(private readonly dataSource: DataSource) {
    super(dialectOf(dataSource));
    this.database = (dataSource.driver as unknown as { databaseConnection: Database }).databaseConnection;
    this.exclusive = exclusively(dataSource);
  }

  rows<Row>({ sql, values }: Statement, maxLength?: number): Promise<Row[]> {
    return this.execute(sql, maxLength, () => read(this.prepare(sql), values, maxLength) as Row[]);
  }

  joinedRows<Row>({ sql, values }: Statement, maxLength?: number): Promise<Row[]> {
    return this.execute(sql, maxLength, () => read(this.prepare(sql, true), values, maxLength) as Row[]);
  }

  /** TypeORM begins and ends it, because all that uses the one connection waits for it meanwhile. */
  transaction<Result>(work: (transaction: PreparedTransaction) => Promise<Result>): Promise<Result> {
    const transaction: PreparedTransaction = {
      rows: (statement) => this.rows(statement),
      change: ({ sql, values }) => this.execute(sql, undefined, () => this.prepare(sql).run(...values).changes),
    };
    return repeated(() => this.dataSource.transaction(() => work(transaction)));
  }

  private execute<Result>(sql: string, maxLength: number | undefined, work: () => Result): Promise<Result> {
    return this.exclusive(() => {
      try {
        return maxLength === undefined ? work() : inOnePiece(work);
      } catch (error) {
        throw error instanceof TooManyBytes ? error : new QueryFailedError(sql, [], error as Error);
      }
    });
  }

  private prepare(sql: string, joined = false): PreparedStatement {
    const known = this.statements.get(sql);
    if (known) return known;
    const statement = this.database.prepare(sql);
    if (joined) statement.expand();
    this.statements.set(sql, statement);
    return statement;
  }
}

function read(statement: PreparedStatement, values: SqlValue[], maxLength?: number): unknown[] {
  if (maxLength === undefined) return statement.all(...values);
  const bounded = new BoundedRows(maxLength);
  for (const row of statement.iterate(...values)) if (!bounded.add(row as object)) throw new TooManyBytes();
  return bounded.rows;
}

/** A SELECT list, quoted in the way both engines understand: `order` is a reserved word. */
export function columnList(columns: readonly string[], table?: string): string {
  return columns.map((column) => (table ? `${table}.\`${column}\`` : `\`${column}\``)).join(', ');
}
