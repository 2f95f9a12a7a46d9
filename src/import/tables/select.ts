import { raw } from 'mysql2';
import type { TableMap } from './map';

/** As mysql2 sends it: `??` stands for a name, `?` for a value. */
interface Query {
  sql: string;
  values: unknown[];
}

/** A part of the rows: those behind a key, or those up to it. The key is texts. */
export interface Part {
  from: '>' | '<=';
  key: string[];
}

/**
 * Reads the rows of a map in the order of its key. The values of a row: those of its columns, then those of the joined
 * table's, then the first column of the join, null without a joined row, then the key.
 * @param isNumber of the columns of the key
 */
export function selectSql(map: TableMap, part: Part | undefined, isNumber: boolean[]): Query {
  const { columns, join, key } = map;
  const selected = [
    ...Object.keys(columns).map((column) => ['main', column]),
    ...Object.keys(join?.columns ?? {}).map((column) => ['joined', column]),
    ...(join ? [['joined', Object.keys(join.on)[0]]] : []),
    ...key.map((column) => ['main', column]),
  ];
  const keys = key.map((column) => ['main', column]);
  const from = fromSql(map);
  const sql = [
    `SELECT ${selected.map(() => '??.??').join(', ')} ${from.sql}`,
    part && `AND (${keys.map(() => '??.??').join(', ')}) ${part.from} (${keys.map(() => '?').join(', ')})`,
    `ORDER BY ${keys.map(() => '??.??').join(', ')}`,
  ];
  return {
    sql: sql.filter(Boolean).join(' '),
    values: [
      ...selected.flat(),
      ...from.values,
      ...(part ? [...keys.flat(), ...part.key.map((value, n) => (isNumber[n] ? number(value) : value))] : []),
      ...keys.flat(),
    ],
  };
}

/** Counts the rows, and how many of them their key tells apart. */
export function countSql(map: TableMap): Query {
  const from = fromSql(map);
  const keys = map.key.map((column) => ['main', column]);
  return {
    sql: `SELECT COUNT(*) AS allRows, COUNT(DISTINCT ${keys.map(() => '??.??').join(', ')}) AS allKeys ${from.sql}`,
    values: [...keys.flat(), ...from.values],
  };
}

function fromSql({ table, join, where }: TableMap): Query {
  const main = equal('main', where);
  if (!join) return { sql: `FROM ?? AS main WHERE TRUE ${main.sql}`, values: [table, ...main.values] };
  const on = Object.entries(join.on).flatMap(([joined, column]) => ['joined', joined, 'main', column]);
  const joined = equal('joined', join.where);
  return {
    sql: `FROM ?? AS main LEFT JOIN ?? AS joined ON ${Object.keys(join.on)
      .map(() => '??.?? = ??.??')
      .join(' AND ')} ${joined.sql} WHERE TRUE ${main.sql}`,
    values: [table, join.table, ...on, ...joined.values, ...main.values],
  };
}

function equal(table: string, where: TableMap['where']): Query {
  const conditions = Object.entries(where);
  return {
    sql: conditions.map(() => 'AND ??.?? <=> ?').join(' '),
    values: conditions.flatMap(([column, value]) => [table, column, value]),
  };
}

/** Compared as a text, a number would be rounded, and found by no index. */
function number(digits: string) {
  if (!/^-?\d+$/.test(digits)) throw new TypeError('no number');
  return raw(digits);
}
