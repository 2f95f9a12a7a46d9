import type { Database } from 'better-sqlite3';
import type { DataSource } from 'typeorm';
import { exclusively } from './sqlite/exclusive-connection';

/** Why a database that answers accepts no writes. */
export type NotWritable = 'read-only' | 'no quorum' | 'busy';

/**
 * Finds out whether the database accepts writes. `SELECT 1` would not tell: a replica and a Galera node without quorum
 * answer it too.
 * @throws the driver's error when the database does not answer
 */
export function whyNotWritable(dataSource: DataSource): Promise<NotWritable | undefined> {
  return dataSource.options.type === 'better-sqlite3' ? writeSqlite(dataSource) : askMysql(dataSource);
}

/**
 * Rewrites the stored number: one page goes to the write-ahead log. A full disk shows only when the log has to grow.
 */
function writeSqlite(dataSource: DataSource): Promise<NotWritable | undefined> {
  const { databaseConnection: database } = dataSource.driver as unknown as { databaseConnection: Database };
  return exclusively(dataSource)(() => {
    try {
      database.pragma(`user_version = ${Number(database.pragma('user_version', { simple: true }))}`);
      return undefined;
    } catch (error) {
      const { code = '' } = error as { code?: string };
      if (code.startsWith('SQLITE_READONLY')) return 'read-only';
      if (code.startsWith('SQLITE_BUSY')) return 'busy'; // another process holds the write lock
      throw error;
    }
  });
}

/** The read-only switches of MySQL, MariaDB and TiDB, and whether Galera is in use; each server knows only some. */
const SWITCHES =
  "'read_only', 'super_read_only', 'innodb_read_only', 'tidb_restricted_read_only', 'tidb_super_read_only', 'wsrep_on'";

type Shown = { Variable_name: string; Value: string }[];

/**
 * Asks instead of writing: an account with SUPER may write to a read-only server, and a replica must stay unchanged.
 */
async function askMysql(dataSource: DataSource): Promise<NotWritable | undefined> {
  const on = await dataSource.query<Shown>(
    `SHOW GLOBAL VARIABLES WHERE Variable_name IN (${SWITCHES}) AND Value NOT IN ('OFF', '0')`,
  );
  if (on.some(({ Variable_name: name }) => name !== 'wsrep_on')) return 'read-only';
  if (on.length === 0) return undefined;
  const good = await dataSource.query<Shown>(
    `SHOW GLOBAL STATUS WHERE Variable_name = 'wsrep_ready' AND Value = 'ON'
       OR Variable_name = 'wsrep_cluster_status' AND Value = 'Primary'`,
  );
  return good.length === 2 ? undefined : 'no quorum';
}
