import { Logger } from '@nestjs/common';
import { DataSource, DataSourceOptions } from 'typeorm';
import type { Env } from '../config/env';
import { hasUnindexedFollows } from '../wechat-customers/search-index/change-follows';
import { fillDemoData } from '../schema/demo';
import { seeAllWrites } from '../database/mysql/galera';
import { servingOptions } from '../database/options';
import { makeExclusive } from '../database/sqlite/exclusive-connection';
import {
  assertMigrated,
  assertNoPublicPassword,
  assertSafeSqlMode,
  assertWritable,
  DatabaseNotReady,
  isTry,
} from './start-checks';
import { repeatStatements } from '../database/transaction';

/**
 * Opens the database as every part of the product must: on SQLite with its lane, on Galera up to date, and with statements
 * that are tried again.
 */
export async function connect(options: DataSourceOptions): Promise<DataSource> {
  const dataSource = new DataSource(options);
  try {
    await dataSource.initialize();
    if (options.type !== 'better-sqlite3') await seeAllWrites(dataSource);
  } catch (error) {
    const { code } = error as { code?: string };
    throw new DatabaseNotReady(`the database of DATABASE_URL cannot be opened (${code ?? (error as Error).name})`);
  }
  if (options.type === 'better-sqlite3') makeExclusive(dataSource);
  repeatStatements(dataSource);
  return dataSource;
}

/**
 * Opens the database for serving. An empty SQLite file is migrated and, when somebody tries the product out or DEMO_DATA
 * says so, filled with demo data; any other database must be up to date already.
 * @throws DatabaseNotReady
 */
export async function openDatabase(env: Env): Promise<DataSource> {
  const options = servingOptions(env);
  const dataSource = await connect(options);
  try {
    await assertWritable(dataSource);
    await assertSafeSqlMode(dataSource);
    if (options.type === 'better-sqlite3' && (await isEmpty(dataSource))) {
      await dataSource.runMigrations();
      if (env.DEMO_DATA ?? isTry(env)) {
        await fillDemoData(dataSource);
        new Logger('Database').log('empty database: tables and demo data created');
      }
    }
    await assertMigrated(dataSource);
    await assertNoPublicPassword(dataSource, env);
    if (await hasUnindexedFollows(dataSource.manager)) {
      new Logger('Database').warn('relations were added by SQL, lists do not show them yet: npm run cli -- reindex');
    }
    return dataSource;
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
}

/** TypeORM makes its own table of migrations as soon as it is asked about them. */
async function isEmpty(dataSource: DataSource): Promise<boolean> {
  const tables = await dataSource.query<unknown[]>(
    "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name NOT IN ('migrations', 'sqlite_sequence') LIMIT 1",
  );
  return tables.length === 0;
}
