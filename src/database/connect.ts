import { DataSource, DataSourceOptions } from 'typeorm';
import { DatabaseNotReady } from './errors';
import { harden } from './harden';

/**
 * A database that is not open yet, whatever it is called. TypeORM writes database and table as `database.table` and
 * takes that apart at the first dot, so a database called `a.b` would be two names. All our tables are in the database
 * of the connection, which needs no naming.
 */
export function newDataSource(options: DataSourceOptions): DataSource {
  const dataSource = new DataSource(options);
  if (options.type !== 'better-sqlite3') dataSource.driver.buildTableName = (table) => table;
  return dataSource;
}

/**
 * Opens the database with every patch of `harden.ts` applied.
 * @throws DatabaseNotReady
 */
export async function connect(options: DataSourceOptions): Promise<DataSource> {
  const dataSource = newDataSource(options);
  try {
    await dataSource.initialize();
    await harden(dataSource);
  } catch (error) {
    if (error instanceof DatabaseNotReady) throw error;
    const { code } = error as { code?: string };
    throw new DatabaseNotReady(`the database of DATABASE_URL cannot be opened (${code ?? (error as Error).name})`);
  }
  return dataSource;
}

/**
 * Runs one command's work on the database, then closes the database. Features receive this function as an argument,
 * because only later rooms know all tables.
 * @param done printed when the work is done
 */
export type InDatabase = (work: (database: DataSource) => Promise<void>, done?: string) => Promise<void>;
