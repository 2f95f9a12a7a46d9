import type { DataSourceOptions } from 'typeorm';
import type { Env } from '../config/env';
import { connectionOptions } from '../database/options';
import { entities } from './entities';
import { migrations } from './migrations';

/** What TypeORM needs to open the database of `DATABASE_URL`, with every table and migration of the product. */
export function dataSourceOptions(env: Env): DataSourceOptions {
  return { ...connectionOptions(env), entities, migrations, migrationsTransactionMode: 'each' };
}
