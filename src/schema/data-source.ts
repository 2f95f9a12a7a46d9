import type { DataSourceOptions } from 'typeorm';
import type { Env } from '../config/env';
import { connectionOptions } from '../database/options';
import { entities } from './entities';
import { migrations } from './migrations';

/** TypeORM's options for the database of `DATABASE_URL`, with all entities and migrations. */
export function dataSourceOptions(env: Env): DataSourceOptions {
  return { ...connectionOptions(env), entities, migrations, migrationsTransactionMode: 'each' };
}
