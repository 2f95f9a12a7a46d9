import { OperatorError } from '../../base/operator-error';
import { sha256 } from '../../base/secrets';
import type { Batch, Came, Source } from '../source';
import type { TableMap } from './map';
import type { Original, Value } from './original';
import { countSql, Part, selectSql } from './select';

/** Bounds a batch: rows of one transaction, and characters, as a row may have texts of 64 KB. */
const MAX_ROWS = 500;
const MAX_CHARACTERS = 2 * 1024 * 1024;

/** The rows of a kind in an original's tables. */
export class TableSource implements Source {
  readonly name: string;

  private constructor(
    private readonly original: Original,
    private readonly map: TableMap,
    readonly total: number,
    /** Of the columns of the key. */
    private readonly isNumber: boolean[],
  ) {
    // Another map reads other rows, or in another order, which are not those of the checkpoint.
    this.name = `tables:${original.name}.${map.table}#${sha256(JSON.stringify(map)).slice(0, 8)}`;
  }

  /** @throws OperatorError for a table, a column or a key that is not as the map says */
  static async open(original: Original, map: TableMap): Promise<TableSource> {
    const types = await assertColumns(original, map.table, [
      ...map.key,
      ...Object.keys(map.columns),
      ...Object.keys(map.where),
      ...Object.values(map.join?.on ?? {}),
    ]);
    const { join } = map;
    if (join) {
      const columns = [join.on, join.columns, join.where].flatMap((part) => Object.keys(part));
      await assertColumns(original, join.table, columns);
    }
    const total = await countRows(original, map);
    const isNumber = map.key.map((column) => /^(tiny|small|medium|big)?int/i.test(types.get(column.toLowerCase())!));
    return new TableSource(original, map, total, isNumber);
  }

  before(after: string): AsyncIterable<Batch> {
    return this.read({ from: '<=', key: JSON.parse(after) as string[] });
  }

  /** @param after JSON of a key */
  batches(after?: string): AsyncIterable<Batch> {
    return this.read(after === undefined ? undefined : { from: '>', key: JSON.parse(after) as string[] });
  }

  private async *read(part?: Part): AsyncGenerator<Batch> {
    const { sql, values } = selectSql(this.map, part, this.isNumber);
    let rows: Came[] = [];
    let characters = 0;
    let next = '';
    for await (const row of this.original.stream(sql, values)) {
      const key = row.slice(-this.map.key.length);
      if (key.some((value) => typeof value !== 'string'))
        throw new OperatorError(`${this.map.table}: its key is binary`);
      const came = this.came(row, key);
      rows.push(came);
      characters += came.text.length;
      next = JSON.stringify(key);
      if (rows.length < MAX_ROWS && characters < MAX_CHARACTERS) continue;
      yield { rows, next };
      [rows, characters] = [[], 0];
    }
    if (rows.length > 0) yield { rows, next };
  }

  private came(values: Value[], key: Value[]): Came {
    const { table, key: keyColumns, columns, constants, join } = this.map;
    const own = Object.values(columns);
    const beside = Object.values(join?.columns ?? {});
    const isJoined = join !== undefined && values[own.length + beside.length] !== null;
    const named = [...own, ...(isJoined ? beside : [])].map((field, n) => [field, values[n]!] as const);
    const row = { ...constants, ...Object.fromEntries(named) };
    const where = `${table} ${keyColumns.map((column, n) => `${column}=${String(key[n])}`).join(' ')}`;
    return { row, where, text: JSON.stringify(row) };
  }
}

/** @throws OperatorError unless the key tells all rows apart, without which some could be passed over */
async function countRows(original: Original, map: TableMap): Promise<number> {
  const { sql, values } = countSql(map);
  const [count] = await original.rows<{ allRows: number; allKeys: number }>(sql, values);
  const { allRows, allKeys } = count!;
  if (allRows === allKeys) return allRows;
  const beside = map.join ? `, or ${map.join.table} has several rows for one` : '';
  throw new OperatorError(`${map.table}: ${map.key.join(', ')} is null or the same in several rows${beside}`);
}

/** @returns the types of the columns by their names in lower case. @throws OperatorError */
async function assertColumns(original: Original, table: string, columns: string[]): Promise<Map<string, string>> {
  const types = await original.columnsOf(table);
  const missing = columns.find((column) => !types.has(column.toLowerCase()));
  if (missing !== undefined) throw new OperatorError(`table ${table} of the original has no column ${missing}`);
  return types;
}
