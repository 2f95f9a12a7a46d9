import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';

/** Opens SQLite files for TypeORM: for serving, for every command and for TypeORM's own command line. */
export class PrivateSqlite extends Sqlite {
  constructor(file: string, options?: Sqlite.Options) {
    if (file !== ':memory:') createPrivately(file);
    super(file, options);
  }
}

/**
 * Creates a missing file, or the missing one that a link names, for its owner alone, because it holds the accounts: SQLite
 * itself would let everyone read it. A file that is there keeps its mode.
 * @throws the file system's error
 */
export function createPrivately(file: string): void {
  if (existsSync(file)) return;
  mkdirSync(dirname(file), { recursive: true });
  closeSync(openSync(file, 'a', 0o600));
}
