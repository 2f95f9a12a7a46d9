import type { DataSource } from 'typeorm';

/** The SQL that the two kinds of engine write differently. */
export interface Dialect {
  /** After a table's name: read the table through this index only. */
  useIndex(name: string): string;
  /** A join that reads its tables in the order written. */
  joinInOrder: string;
  /** After an INSERT: if a row with the key exists, add to its column `sum` and raise its column `max` instead. */
  mergeOnConflict(key: string, sum: string, max: string): string;
  /** Instead of INSERT INTO: rows whose key exists are left out. For numbers only, as MySQL would cut a text. */
  insertIfNew: string;
  /** After an INSERT: if a row with the key exists, set its columns to the values given instead. */
  replaceOnConflict(key: string, columns: readonly string[]): string;
  /** After a list of columns: it is one of `count` tuples of as many values. */
  amongTuples(columns: number, count: number): string;
  /** After a SELECT: lock its rows until the transaction ends. */
  forUpdate: string;
  /** The time in milliseconds since 1970, by a clock that all processes share. */
  clockMs: string;
  /** The isolation of a transaction whose reads all see the same moment; undefined: every transaction's. */
  snapshot?: 'REPEATABLE READ';
  /** A text column as its bytes, to compare with a text or to sort by: every character counts, at the end too. */
  bytesOf(column: string): string;
  /** A text column as a value of bytes, which SUBSTR counts. */
  blobOf(column: string): string;
}

const tuples = (columns: number, count: number) =>
  Array<string>(count)
    .fill(`(${Array(columns).fill('?').join(', ')})`)
    .join(', ');

/** MySQL, MariaDB, Galera and TiDB. */
const mysql: Dialect = {
  useIndex: (name) => `FORCE INDEX (${name})`,
  joinInOrder: 'STRAIGHT_JOIN',
  mergeOnConflict: (_key, sum, max) =>
    `ON DUPLICATE KEY UPDATE ${sum} = ${sum} + VALUES(${sum}), ${max} = GREATEST(${max}, VALUES(${max}))`,
  insertIfNew: 'INSERT IGNORE INTO',
  replaceOnConflict: (_key, columns) =>
    `ON DUPLICATE KEY UPDATE ${columns.map((column) => `\`${column}\` = VALUES(\`${column}\`)`).join(', ')}`,
  amongTuples: (columns, count) => `IN (${tuples(columns, count)})`,
  forUpdate: 'FOR UPDATE',
  clockMs: "TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(3)) DIV 1000", // in no zone, so in no summer time
  snapshot: 'REPEATABLE READ', // the default, which a server may change
  bytesOf: (column) => `CAST(${column} AS BINARY)`, // utf8mb4_bin takes 'a ' for 'a', and puts 'a\\t' before it
  blobOf: (column) => `CAST(${column} AS BINARY)`,
};

const sqlite: Dialect = {
  useIndex: (name) => `INDEXED BY ${name}`,
  joinInOrder: 'CROSS JOIN',
  mergeOnConflict: (key, sum, max) =>
    `ON CONFLICT (${key}) DO UPDATE SET ${sum} = ${sum} + excluded.${sum}, ${max} = MAX(${max}, excluded.${max})`,
  insertIfNew: 'INSERT OR IGNORE INTO',
  clockMs: "CAST(unixepoch('subsec') * 1000 AS INTEGER)",
  replaceOnConflict: (key, columns) =>
    `ON CONFLICT (${key}) DO UPDATE SET ${columns.map((column) => `\`${column}\` = excluded.\`${column}\``).join(', ')}`,
  amongTuples: (columns, count) => `IN (VALUES ${tuples(columns, count)})`,
  forUpdate: '', // a transaction holds the only connection
  bytesOf: (column) => column,
  blobOf: (column) => `CAST(${column} AS BLOB)`,
};

export function dialectOf({ options }: DataSource): Dialect {
  return options.type === 'better-sqlite3' ? sqlite : mysql;
}
