import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from './contenders';
import { startMariadb } from './mariadb';

/** An empty database of the benchmark's own. */
export interface NewDatabase {
  /** The value for DATABASE_URL. */
  url: string;
  /** Of its server; SQLite has none. */
  pid?: number;
  /** Removes it. */
  stop(): Promise<void>;
}

export async function newDatabase(engine: Engine): Promise<NewDatabase> {
  if (engine === 'mariadb') return startMariadb();
  const directory = mkdtempSync(join(tmpdir(), 'customer-hub-bench-'));
  return {
    url: `sqlite:${join(directory, 'bench.sqlite')}`,
    stop: async () => rmSync(directory, { recursive: true }),
  };
}
