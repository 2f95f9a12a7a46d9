import type { DataSource } from 'typeorm';

/** What the two kinds of engine write differently in the SQL of ours. */
export interface Dialect {
  /** After a table's name: read it through this index and no other. */
  useIndex(name: string): string;
  /** A join whose tables are read in the order in which they are written. */
  joinInOrder: string;
  /** After an INSERT: where the row exists, add to its column instead. */
  addOnConflict(key: string, column: string): string;
  /** After a SELECT: nobody else changes these rows until the transaction ends. */
  forUpdate: string;
}

/** MySQL, MariaDB, Galera and TiDB. */
const mysql: Dialect = {
  useIndex: (name) => `FORCE INDEX (${name})`,
  joinInOrder: 'STRAIGHT_JOIN',
  addOnConflict: (_key, column) => `ON DUPLICATE KEY UPDATE ${column} = ${column} + VALUES(${column})`,
  forUpdate: 'FOR UPDATE',
};

const sqlite: Dialect = {
  useIndex: (name) => `INDEXED BY ${name}`,
  joinInOrder: 'CROSS JOIN',
  addOnConflict: (key, column) => `ON CONFLICT (${key}) DO UPDATE SET ${column} = ${column} + excluded.${column}`,
  forUpdate: '', // a transaction has the database to itself
};

export function dialectOf({ options }: DataSource): Dialect {
  return options.type === 'better-sqlite3' ? sqlite : mysql;
}
