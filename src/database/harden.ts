import type { DataSource, DataSourceOptions } from 'typeorm';
import type { Env } from '../config/env';
import { boundedMysql } from './mysql/bounded-pool';
import { seeAllWrites } from './mysql/galera';
import { prepareSqliteForServing } from './options';
import { makeExclusive } from './sqlite/exclusive-connection';
import { repeatStatements } from './transaction';

/* Every patch of TypeORM and its pool, in the order of application. */

/**
 * Bounds every wait of a request; called before the database is opened, for serving only. TypeORM builds its pool while
 * it opens, so the pool must be bounded from the start. Commands and migrations may take their time and go without.
 */
export function boundWaits(options: DataSourceOptions, env: Env): DataSourceOptions {
  if (options.type === 'better-sqlite3') return { ...options, prepareDatabase: prepareSqliteForServing };
  return { ...options, driver: boundedMysql(env.DATABASE_STATEMENT_TIMEOUT_MS) };
}

/** Patches a database that is open and not yet in use. */
export async function harden(dataSource: DataSource): Promise<void> {
  if (dataSource.options.type === 'better-sqlite3') {
    // Before the retries: each try queues for the connection again, and the pauses between tries block no other
    // request.
    makeExclusive(dataSource);
  } else {
    // Before the retries: it asks a server that has just answered, so a failure here is a failure to open.
    await seeAllWrites(dataSource);
  }
  // Last, hence outermost: a retry repeats the whole statement with all patches below.
  repeatStatements(dataSource);
}
