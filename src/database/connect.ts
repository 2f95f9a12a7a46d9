import { DataSource, DataSourceOptions } from 'typeorm';
import { DatabaseNotReady } from './errors';
import { harden } from './harden';

/**
 * Opens the database as every part of the product must.
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
 * Runs the work of one command in the database and closes it afterwards. Features get this function handed in, because
 * only rooms to their right know all tables.
 * @param done printed when the work is done
 */
export type InDatabase = (work: (database: DataSource) => Promise<void>, done?: string) => Promise<void>;
