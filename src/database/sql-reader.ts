import type { Database, Statement as PreparedStatement } from 'better-sqlite3';
import type { Pool } from 'mysql2';
import { DataSource, QueryFailedError } from 'typeorm';
import { Dialect, dialectOf } from './dialect';
import { laneForReads } from './sqlite-lane';

/** What can be bound to a `?`. */
export type SqlValue = string | number | null;

/** A SELECT and the values of its `?`. */
export interface Statement {
  sql: string;
  values: SqlValue[];
}

/**
 * Reads rows as plain objects, their keys in the order of the SELECT list: where a column carries its wire name, the row
 * is the reply. It is for the hot reads; everything else goes through TypeORM as usual.
 *
 * It runs prepared statements on TypeORM's own connections. Measured against `findOne` and `getMany` on MariaDB this is
 * half the CPU time of a request (docs/performance.md), which went into building SQL text and hydrating entities.
 * A statement that fails throws TypeORM's QueryFailedError, as everywhere.
 */
export abstract class SqlReader {
  constructor(readonly dialect: Dialect) {}

  static of(dataSource: DataSource): SqlReader {
    return dataSource.options.type === 'better-sqlite3' ? new SqliteReader(dataSource) : new MysqlReader(dataSource);
  }

  abstract rows<Row>(statement: Statement): Promise<Row[]>;

  /** Each row as one object per table, `{ wechat_follow: {…}, wechat_customer: {…} }`; tables must not be aliased. */
  abstract joinedRows<Row>(statement: Statement): Promise<Row[]>;
}

class MysqlReader extends SqlReader {
  private readonly pool: Pool;

  constructor(dataSource: DataSource) {
    super(dialectOf(dataSource));
    this.pool = (dataSource.driver as unknown as { pool: Pool }).pool;
  }

  rows<Row>(statement: Statement): Promise<Row[]> {
    return this.execute({ ...statement });
  }

  joinedRows<Row>(statement: Statement): Promise<Row[]> {
    return this.execute({ ...statement, nestTables: true });
  }

  private execute<Row>(options: Statement & { nestTables?: boolean }): Promise<Row[]> {
    return new Promise((resolve, reject) => {
      this.pool.execute(options, (error, rows) => {
        if (error) reject(new QueryFailedError(options.sql, options.values, error));
        else resolve(rows as Row[]);
      });
    });
  }
}

class SqliteReader extends SqlReader {
  private readonly database: Database;
  private readonly read: ReturnType<typeof laneForReads>;
  private readonly statements = new Map<string, PreparedStatement>();

  constructor(dataSource: DataSource) {
    super(dialectOf(dataSource));
    this.database = (dataSource.driver as unknown as { databaseConnection: Database }).databaseConnection;
    this.read = laneForReads(dataSource);
  }

  rows<Row>({ sql, values }: Statement): Promise<Row[]> {
    return this.run(sql, (statement) => statement.all(...values) as Row[]);
  }

  joinedRows<Row>({ sql, values }: Statement): Promise<Row[]> {
    return this.read(
      () =>
        this.prepare(sql)
          .expand(true)
          .all(...values) as Row[],
    );
  }

  private run<Row>(sql: string, read: (statement: PreparedStatement) => Row[]): Promise<Row[]> {
    return this.read(() => {
      try {
        return read(this.prepare(sql));
      } catch (error) {
        throw new QueryFailedError(sql, [], error as Error);
      }
    });
  }

  private prepare(sql: string): PreparedStatement {
    const known = this.statements.get(sql);
    if (known) return known;
    if (this.statements.size >= MAX_STATEMENTS) this.statements.clear();
    const statement = this.database.prepare(sql);
    this.statements.set(sql, statement);
    return statement;
  }
}

/** Filters combine to at most some hundred texts; more than this would mean that text from a request got into one. */
const MAX_STATEMENTS = 500;

/** Columns for a SELECT list, quoted as both engines understand it: `order` is a word of SQL. */
export function columnList(columns: readonly string[], table?: string): string {
  return columns.map((column) => (table ? `${table}.\`${column}\`` : `\`${column}\``)).join(', ');
}
