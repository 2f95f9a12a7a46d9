import { realpathSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import type { Env } from '../../config/env';
import { DatabaseNotReady } from '../errors';
import { createPrivately } from './private-file';

/** Held until the process ends. */
let lock: Sqlite.Database | undefined;

/**
 * SQLite serves one process: what one process caches would miss another's changes. The first locks a file beside the
 * database, and the kernel releases the lock when the process ends, however it ends. The command line does not take the
 * lock and works beside a server.
 * @throws DatabaseNotReady in the second process
 */
export function lockSqliteFile({ DATABASE_URL }: Env): void {
  const file = /^sqlite:(?!:memory:)(.+)$/.exec(DATABASE_URL)?.[1];
  if (!file) return;
  try {
    lock = new Sqlite(`${realPath(file)}.lock`, { timeout: 0 });
    lock.pragma('journal_mode = MEMORY'); // no journal file
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    const { code, name } = error as { code?: string; name: string };
    throw new DatabaseNotReady(
      code === 'SQLITE_BUSY'
        ? 'the SQLite file of DATABASE_URL is served by another process already'
        : `the database of DATABASE_URL cannot be opened (${code ?? name})`,
    );
  }
}

/** Resolves a link, as SQLite does. A missing file is created first, because a link to it could not be resolved. */
function realPath(file: string): string {
  createPrivately(file);
  return realpathSync(file);
}
