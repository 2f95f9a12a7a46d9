import type { Database, Statement as PreparedStatement } from 'better-sqlite3';
import { LRUCache } from 'lru-cache';
import type { Pool } from 'mysql2';
import { DataSource, QueryFailedError } from 'typeorm';
import { Dialect, dialectOf } from './dialect';
import { isUnfitServer } from './errors';
import { exclusively } from './sqlite/exclusive-connection';

/** A value that can be bound to a `?`. */
export type SqlValue = string | number | null;

/** A statement and the values of its `?`. */
export interface Statement {
  sql: string;
  values: SqlValue[];
}

/**
 * Prepared statements on TypeORM's own connections, for the most frequent reads; everything else goes through TypeORM
 * as usual. Rows are plain objects with their keys in the order of the SELECT list: where a column carries its wire
 * name, the row is the reply. Compared with `findOne` and `getMany` on MariaDB, this saves about half the processor
 * time of a request, which went into building SQL text and hydrating entities.
 * A failing statement throws TypeORM's QueryFailedError, as everywhere. Not for use inside a transaction.
 */
export abstract class Sql {
  constructor(readonly dialect: Dialect) {}

  static of(dataSource: DataSource): Sql {
    return dataSource.options.type === 'better-sqlite3'
      ? new SqliteSql(dataSource)
      : new MysqlSql(dialectOf(dataSource), (dataSource.driver as unknown as { pool: Pool }).pool);
  }

  abstract rows<Row>(statement: Statement): Promise<Row[]>;

  /** Each row as one object per table, `{ wechat_follow: {…}, wechat_customer: {…} }`; tables must not be aliased. */
  abstract joinedRows<Row>(statement: Statement): Promise<Row[]>;
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

  rows<Row>(statement: Statement): Promise<Row[]> {
    return this.execute(statement, false) as Promise<Row[]>;
  }

  joinedRows<Row>(statement: Statement): Promise<Row[]> {
    return this.execute(statement, true) as Promise<Row[]>;
  }

  /** Uses callbacks, because mysql2's promises capture a stack trace for every query. */
  private execute({ sql, values }: Statement, nestTables: boolean): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const fail = (error: Error) => reject(new QueryFailedError(sql, values, error));
      this.pool.getConnection((noConnection, connection) => {
        if (noConnection) return fail(noConnection);
        try {
          connection.execute({ sql, values, nestTables }, (error, result) => {
            if (error && isUnfitServer(error)) connection.destroy();
            else connection.release();
            if (error) fail(error);
            else resolve(result);
          });
        } catch (error) {
          connection.release();
          fail(error as Error);
        }
      });
    });
  }
}

class SqliteSql extends Sql {
  private readonly database: Database;
  private readonly exclusive: ReturnType<typeof exclusively>;
  private readonly statements = new LRUCache<string, PreparedStatement>({ max: MAX_STATEMENTS });

  constructor(dataSource: DataSource) {
    super(dialectOf(dataSource));
    this.database = (dataSource.driver as unknown as { databaseConnection: Database }).databaseConnection;
    this.exclusive = exclusively(dataSource);
  }

  rows<Row>({ sql, values }: Statement): Promise<Row[]> {
    return this.execute(sql, () => this.prepare(sql).all(...values) as Row[]);
  }

  joinedRows<Row>({ sql, values }: Statement): Promise<Row[]> {
    return this.execute(sql, () => this.prepare(sql, true).all(...values) as Row[]);
  }

  private execute<Result>(sql: string, work: () => Result): Promise<Result> {
    return this.exclusive(() => {
      try {
        return work();
      } catch (error) {
        throw new QueryFailedError(sql, [], error as Error);
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

/** A SELECT list, quoted in the way both engines understand: `order` is a reserved word. */
export function columnList(columns: readonly string[], table?: string): string {
  return columns.map((column) => (table ? `${table}.\`${column}\`` : `\`${column}\``)).join(', ');
}
