import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { Env } from '../config/env';
import { connect } from '../database/connect';
import { boundWaits } from '../database/harden';
import { assertTransactional } from '../database/mysql/engines';
import { dataSourceOptions } from '../schema/data-source';
import { fillDemoData } from '../schema/demo/fill';
import { assertMigrated, assertNoPublicPassword, assertWritable, isTry } from './start-checks';

/**
 * Opens the database for serving. An empty SQLite file is migrated and, on a trial run or with DEMO_DATA=true, filled
 * with demo data; any other database must be migrated already.
 * @throws DatabaseNotReady
 */
export async function openDatabase(env: Env): Promise<DataSource> {
  const options = boundWaits(dataSourceOptions(env), env);
  const dataSource = await connect(options);
  try {
    await assertWritable(dataSource);
    if (options.type === 'better-sqlite3' && (await isEmpty(dataSource))) {
      await dataSource.runMigrations();
      if (env.DEMO_DATA ?? isTry(env)) {
        await fillDemoData(dataSource);
        new Logger('Database').log('empty database: tables and demo data created');
      }
    }
    await assertMigrated(dataSource);
    await assertTransactional(dataSource);
    await assertNoPublicPassword(dataSource, env);
    return dataSource;
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
}

/** TypeORM creates its migrations table as soon as it is asked about migrations, so that table does not count. */
async function isEmpty(dataSource: DataSource): Promise<boolean> {
  const tables = await dataSource.query<unknown[]>(
    "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name NOT IN ('migrations', 'sqlite_sequence') LIMIT 1",
  );
  return tables.length === 0;
}
