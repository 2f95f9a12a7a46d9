import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { DataSource } from 'typeorm';
import type { Engine } from './contenders';

/** Figures by what they count: statements, bytes to the database, bytes of answers. */
export type Work = Record<string, number>;

/** Counts what a program asks of its database. */
export interface Meter {
  /** What the program must be started with. */
  settings: Record<string, string>;
  /** What was asked so far, by anyone. */
  read(): Promise<Work>;
  /** Removes what the meter left behind. */
  remove(): void;
}

export function meterOf(engine: Engine, dataSource: DataSource): Meter {
  return engine === 'mariadb' ? mariadbMeter(dataSource) : sqliteMeter();
}

const STATUS = "SHOW GLOBAL STATUS WHERE Variable_name IN ('Questions', 'Bytes_received')";

/** The server itself counts, BEGIN and COMMIT included; it counts its own reading, too. */
function mariadbMeter(dataSource: DataSource): Meter {
  const read = async () => {
    const rows = await dataSource.query<{ Variable_name: string; Value: string }[]>(STATUS);
    const values = new Map(rows.map(({ Variable_name, Value }) => [Variable_name, Number(Value)]));
    return { statements: values.get('Questions')!, databaseBytes: values.get('Bytes_received')! };
  };
  // On one connection every statement is prepared once; on several, whenever another one happens to be taken.
  return { settings: { DATABASE_POOL_SIZE: '1' }, read, remove: () => undefined };
}

/** SQLite has no server: the program counts what it executes itself. */
function sqliteMeter(): Meter {
  const directory = mkdtempSync(join(tmpdir(), 'customer-hub-bench-'));
  const file = join(directory, 'statements');
  const preload = resolve(__dirname, 'count-sqlite.js');
  return {
    settings: { NODE_OPTIONS: `--require "${preload}"`, STATEMENTS_FILE: file },
    read: async () => ({ statements: Number(readFileSync(file, 'utf8')) }),
    remove: () => rmSync(directory, { recursive: true }),
  };
}
