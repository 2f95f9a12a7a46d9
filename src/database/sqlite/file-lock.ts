import { closeSync, mkdirSync, openSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { Env } from '../../config/env';
import { DatabaseNotReady } from '../errors';

/** Held until the process ends. */
let lock: Sqlite.Database | undefined;

/**
 * SQLite serves one process: what one keeps in memory would not hear of another's changes. So the first locks a file
 * beside the database, and the kernel unlocks it when the process ends, however it ends. The command line does not ask
 * for the lock, and works beside a server.
 * @throws DatabaseNotReady in the second process
 */
export function lockSqliteFile({ DATABASE_URL }: Env): void {
  const file = /^sqlite:(?!:memory:)(.+)$/.exec(DATABASE_URL)?.[1];
  if (!file) return;
  try {
    lock = new Sqlite(`${realPath(file)}.lock`, { timeout: 0 });
    lock.pragma('journal_mode = MEMORY'); // no further file
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

/** The file behind a link, as SQLite sees it. A file that is yet to be is made, or a link to it would lead nowhere. */
function realPath(file: string): string {
  mkdirSync(dirname(file), { recursive: true });
  closeSync(openSync(file, 'a', 0o600)); // it holds the accounts
  return realpathSync(file);
}
