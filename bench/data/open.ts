import type { DataSource } from 'typeorm';
import { readEnv } from '../../src/config/env';
import { connect } from '../../src/database/connect';
import { dataSourceOptions } from '../../src/schema/data-source';

/** The database of bench:data and bench:filters unless an option names another. */
export const DEFAULT_DATABASE = process.env.DATABASE_URL || 'sqlite:bench-data/bench.sqlite';

/** Opens a database as the program does, but without its check of the tables. @param url as DATABASE_URL */
export function openDatabase(url: string, connections = 10): Promise<DataSource> {
  return connect(dataSourceOptions(readEnv({ DATABASE_URL: url, DATABASE_POOL_SIZE: String(connections) })));
}
