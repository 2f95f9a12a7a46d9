import type { DataSource, DataSourceOptions } from 'typeorm';
import type { Env } from '../config/env';
import { boundedMysql } from './mysql/bounded-pool';
import { seeAllWrites } from './mysql/galera';
import { prepareSqliteForServing } from './options';
import { makeExclusive } from './sqlite/exclusive-connection';
import { repeatStatements } from './transaction';

/*
 * Every patch of TypeORM and its pool, in the order in which they are applied.
 */

/**
 * Before the database is opened, for serving only: no request waits for ever. TypeORM builds its pool while it opens, so the
 * pool must be a bounded one from the start. Commands and migrations take their time and go without.
 */
export function boundWaits(options: DataSourceOptions, env: Env): DataSourceOptions {
  if (options.type === 'better-sqlite3') return { ...options, prepareDatabase: prepareSqliteForServing };
  return { ...options, driver: boundedMysql(env.DATABASE_STATEMENT_TIMEOUT_MS) };
}

/** Once the database is open, before its first use. */
export async function harden(dataSource: DataSource): Promise<void> {
  if (dataSource.options.type === 'better-sqlite3') {
    // Before the repeats: each try then waits for its turn again, and the pauses between tries hold nobody up.
    makeExclusive(dataSource);
  } else {
    // Before the repeats: it asks a server that has just answered, and a failure here is a failure to open.
    await seeAllWrites(dataSource);
  }
  // Last, so that it is the outermost: what it runs again is the whole of the statement with all patches below.
  repeatStatements(dataSource);
}
