import { DataSource, DataSourceOptions } from 'typeorm';
import { DatabaseNotReady } from './errors';
import { harden } from './harden';

/**
 * Opens the database with every patch of `harden.ts` applied.
 * @throws DatabaseNotReady
 */
export async function connect(options: DataSourceOptions): Promise<DataSource> {
  const dataSource = new DataSource(options);
  try {
    await dataSource.initialize();
    await harden(dataSource);
  } catch (error) {
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
