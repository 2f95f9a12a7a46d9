import type { DataSource } from 'typeorm';

/** What the two kinds of engine write differently in the SQL of ours. */
export interface Dialect {
  /** After a table's name: read it through this index and no other. */
  useIndex(name: string): string;
  /** A join whose tables are read in the order in which they are written. */
  joinInOrder: string;
  /** After an INSERT: where a row with the key exists, add to its column `sum` and raise its column `max` instead. */
  mergeOnConflict(key: string, sum: string, max: string): string;
  /** After a SELECT: nobody else changes these rows until the transaction ends. */
  forUpdate: string;
}

/** MySQL, MariaDB, Galera and TiDB. */
const mysql: Dialect = {
  useIndex: (name) => `FORCE INDEX (${name})`,
  joinInOrder: 'STRAIGHT_JOIN',
  mergeOnConflict: (_key, sum, max) =>
    `ON DUPLICATE KEY UPDATE ${sum} = ${sum} + VALUES(${sum}), ${max} = GREATEST(${max}, VALUES(${max}))`,
  forUpdate: 'FOR UPDATE',
};

const sqlite: Dialect = {
  useIndex: (name) => `INDEXED BY ${name}`,
  joinInOrder: 'CROSS JOIN',
  mergeOnConflict: (key, sum, max) =>
    `ON CONFLICT (${key}) DO UPDATE SET ${sum} = ${sum} + excluded.${sum}, ${max} = MAX(${max}, excluded.${max})`,
  forUpdate: '', // a transaction has the database to itself
};

export function dialectOf({ options }: DataSource): Dialect {
  return options.type === 'better-sqlite3' ? sqlite : mysql;
}
