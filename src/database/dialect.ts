import type { DataSource } from 'typeorm';

/** The SQL that the two kinds of engine write differently. */
export interface Dialect {
  /** After a table's name: read the table through this index only. */
  useIndex(name: string): string;
  /** A join that reads its tables in the order written. */
  joinInOrder: string;
  /** After an INSERT: if a row with the key exists, add to its column `sum` and raise its column `max` instead. */
  mergeOnConflict(key: string, sum: string, max: string): string;
  /** After a SELECT: lock its rows until the transaction ends. */
  forUpdate: string;
  /** A text column as its bytes, to compare with a text: every character counts, at the end too. */
  bytesOf(column: string): string;
}

/** MySQL, MariaDB, Galera and TiDB. */
const mysql: Dialect = {
  useIndex: (name) => `FORCE INDEX (${name})`,
  joinInOrder: 'STRAIGHT_JOIN',
  mergeOnConflict: (_key, sum, max) =>
    `ON DUPLICATE KEY UPDATE ${sum} = ${sum} + VALUES(${sum}), ${max} = GREATEST(${max}, VALUES(${max}))`,
  forUpdate: 'FOR UPDATE',
  bytesOf: (column) => `CAST(${column} AS BINARY)`, // utf8mb4_bin takes 'a ' for 'a'
};

const sqlite: Dialect = {
  useIndex: (name) => `INDEXED BY ${name}`,
  joinInOrder: 'CROSS JOIN',
  mergeOnConflict: (key, sum, max) =>
    `ON CONFLICT (${key}) DO UPDATE SET ${sum} = ${sum} + excluded.${sum}, ${max} = MAX(${max}, excluded.${max})`,
  forUpdate: '', // a transaction holds the only connection
  bytesOf: (column) => column,
};

export function dialectOf({ options }: DataSource): Dialect {
  return options.type === 'better-sqlite3' ? sqlite : mysql;
}
