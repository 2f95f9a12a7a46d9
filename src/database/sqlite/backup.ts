import { closeSync, existsSync, openSync, renameSync, rmSync } from 'node:fs';
import Database from 'better-sqlite3';
import type { DataSourceOptions } from 'typeorm';
import { OperatorError, reasonOf } from '../../base/operator-error';

/** Copies all pages in one step: a copy in several steps starts over whenever another process writes in between. */
const EVERY_PAGE = 0x7fffffff;

/**
 * Copies the SQLite database, as of one moment, to a new file while the program keeps reading and writing. The file
 * gets its name only when it is complete and sound.
 * @throws OperatorError
 */
export async function backup(options: DataSourceOptions, file: string): Promise<void> {
  if (options.type !== 'better-sqlite3') {
    throw new OperatorError('backup copies SQLite; for MySQL and MariaDB see docs/operations.md (mariadb-dump)');
  }
  if (existsSync(file)) throw new OperatorError(`${file} exists`);
  const unfinished = `${file}.part`;
  rmSync(unfinished, { force: true });
  const database = open(options.database);
  try {
    closeSync(openSync(unfinished, 'wx', 0o600)); // private, because it holds the accounts
    await database.backup(unfinished, { progress: () => EVERY_PAGE });
    assertSound(unfinished);
    renameSync(unfinished, file);
  } catch (error) {
    throw error instanceof OperatorError ? error : new OperatorError(`${file} cannot be written (${reasonOf(error)})`);
  } finally {
    database.close();
    rmSync(unfinished, { force: true });
  }
}

function open(file: string): Database.Database {
  try {
    return new Database(file, { readonly: true, fileMustExist: true });
  } catch {
    throw new OperatorError('the database of DATABASE_URL cannot be opened');
  }
}

function assertSound(file: string): void {
  const copy = new Database(file);
  copy.pragma('journal_mode = DELETE'); // a single file without -wal and -shm beside it
  const verdict = copy.pragma('integrity_check', { simple: true });
  copy.close();
  if (verdict !== 'ok')
    throw new OperatorError('the copy is damaged, and so probably is the database: integrity_check');
}
