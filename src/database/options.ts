import type { Database } from 'better-sqlite3';
import type { PoolOptions } from 'mysql2';
import type { DataSourceOptions } from 'typeorm';
import { sha256 } from '../base/secrets';
import type { Env } from '../config/env';
import { fold } from './fold';
import { patientMysql } from './mysql/bounded-pool';
import { PrivateSqlite } from './sqlite/private-file';

/** How to reach the database of `DATABASE_URL`; its tables are not known here (`schema/data-source.ts`). */
export function connectionOptions(env: Env): DataSourceOptions {
  const { DATABASE_URL, DATABASE_POOL_SIZE } = env;
  const common = {
    synchronize: false,
    logging: false,
  } as const;
  if (DATABASE_URL.startsWith('sqlite:')) {
    return {
      ...common,
      type: 'better-sqlite3',
      database: DATABASE_URL.slice('sqlite:'.length),
      driver: PrivateSqlite,
      prepareDatabase: prepareSqlite,
    };
  }
  return {
    ...common,
    // With `mysql` on a MariaDB server, comparing entities with tables finds differences that do not exist.
    type: DATABASE_URL.startsWith('mariadb:') ? 'mariadb' : 'mysql',
    ...serverOf(DATABASE_URL, env),
    driver: patientMysql,
    poolSize: DATABASE_POOL_SIZE,
    bigNumberStrings: false, // counts and ids are numbers; the contract keeps them below 2^53
    trace: false, // a stack trace for every query costs 5 % of a request and is never shown
    extra: waitingLimits(DATABASE_POOL_SIZE),
  };
}

/** Options with which mysql2 reads a replica as TypeORM's connections read the primary. */
export function replicaOptions(env: Env, url: string): PoolOptions {
  const { DATABASE_POOL_SIZE } = env;
  const { username: user, ...server } = serverOf(url, env);
  return {
    ...server,
    user,
    connectionLimit: DATABASE_POOL_SIZE,
    supportBigNumbers: true,
    bigNumberStrings: false,
    trace: false,
    ...waitingLimits(DATABASE_POOL_SIZE),
  };
}

/** The server that a URL names. Parsed here, because TypeORM would drop the encryption and decode only some parts. */
function serverOf(url: string, { DATABASE_TLS }: Env) {
  const { hostname, port, username, password, pathname } = new URL(url);
  return {
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(port || 3306),
    username: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: decodeURIComponent(pathname.slice(1)),
    charset: 'utf8mb4',
    ...(DATABASE_TLS && { ssl: { verifyIdentity: true, minVersion: 'TLSv1.2' } }),
  };
}

const waitingLimits = (poolSize: number) => ({
  queueLimit: poolSize * 50, // by default any number of requests may queue for a connection
  maxPreparedStatements: 200, // per connection; a MySQL server holds 16,382 in all
});

/**
 * Waiting for another process's lock blocks this whole process, so the wait is short and retried (`transaction.ts`).
 */
export function prepareSqliteForServing(database: Database): void {
  prepareSqlite(database);
  database.pragma('busy_timeout = 100');
}

function prepareSqlite(database: Database): void {
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = NORMAL');
  database.pragma('busy_timeout = 5000');
  // SQLite's own LOWER knows ASCII only; this one knows the letters that the LOWER of MySQL and MariaDB does.
  database.function('lower', { deterministic: true }, (value: string | number | null) =>
    value === null ? null : fold(String(value)),
  );
  // MySQL's, of which 256 bits are used.
  database.function('sha2', { deterministic: true }, (text: string | null, _bits: number) =>
    text === null ? null : sha256(text),
  );
}
