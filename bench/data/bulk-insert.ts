import type { Database } from 'better-sqlite3';
import type { DataSource } from 'typeorm';

const ROWS_PER_STATEMENT = 1_500;

type Value = string | number | null;

/**
 * Collects rows of one table and inserts them in batches of {@link ROWS_PER_STATEMENT}, each in its own transaction.
 */
export class BulkInsert<Column extends string> {
  inserted = 0;
  private waiting: Value[][] = [];
  private readonly insert: (rows: Value[][]) => Promise<unknown>;

  /** @param columns all columns that the rows name; the table's other columns get their defaults */
  constructor(
    dataSource: DataSource,
    readonly table: string,
    private readonly columns: readonly Column[],
  ) {
    const escape = (name: string) => dataSource.driver.escape(name);
    const head = `INSERT INTO ${escape(table)} (${columns.map(escape).join(', ')}) VALUES`;
    this.insert =
      dataSource.options.type === 'better-sqlite3'
        ? sqliteInsert(dataSource, `${head} (${columns.map(() => '?').join(', ')})`)
        : (rows) => dataSource.query(`${head} ?`, [rows]);
  }

  async add(row: Record<Column, Value>): Promise<void> {
    this.waiting.push(this.columns.map((column) => row[column]));
    if (this.waiting.length === ROWS_PER_STATEMENT) await this.flush();
  }

  /** Inserts the rows still waiting. */
  async flush(): Promise<void> {
    if (this.waiting.length === 0) return;
    const rows = this.waiting;
    this.waiting = [];
    await this.insert(rows);
    this.inserted += rows.length;
  }
}

/** Runs one prepared statement row by row: SQLite gains nothing from statements of many rows. */
function sqliteInsert(dataSource: DataSource, sql: string): (rows: Value[][]) => Promise<void> {
  const { databaseConnection } = dataSource.driver as unknown as { databaseConnection: Database };
  const statement = databaseConnection.prepare(sql);
  const insertAll = databaseConnection.transaction((rows: Value[][]) => {
    for (const row of rows) statement.run(row);
  });
  return async (rows) => insertAll(rows);
}
