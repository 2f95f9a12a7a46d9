import type { EntityMetadata } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata';
import { OperatorError } from '../base/operator-error';

/** A value that its column cannot store unchanged, or not beside others. */
export class Unstorable extends OperatorError {}

/** The length of a TEXT. */
export const MAX_TEXT_BYTES = 65_535;

/** The greatest number by type of column; for bigint, the greatest that is exact in JavaScript. */
export const GREATEST: Record<string, number> = { tinyint: 127, integer: 2 ** 31 - 1, bigint: Number.MAX_SAFE_INTEGER };

/**
 * Makes both engines refuse the same values: half a surrogate pair, which each engine would replace by another
 * character, a blank at the end of a key, which MySQL takes for the key without it, and what SQLite would keep: a text
 * longer than its column, a number beyond its column's.
 * @param row properties of the entity
 * @throws Unstorable naming the column, never the value
 */
export function assertStorable({ tableName, columns, indices }: EntityMetadata, row: object): void {
  const keys = indices.filter(({ isUnique }) => isUnique).flatMap(({ columns: ofKey }) => ofKey);
  for (const column of columns) {
    const value = (row as Record<string, unknown>)[column.propertyName];
    const fault = faultOf(column, value, keys.includes(column));
    if (fault) throw new Unstorable(`${tableName}.${column.databaseName} ${fault}`);
  }
}

function faultOf({ type, length }: ColumnMetadata, value: unknown, isKey: boolean): string | undefined {
  if (typeof value === 'number') {
    const greatest = GREATEST[String(type)] ?? Infinity;
    const isWithin = Number.isInteger(value) && Math.abs(value) <= greatest;
    return isWithin || greatest === Infinity ? undefined : `takes whole numbers up to ${greatest}`;
  }
  if (typeof value !== 'string') return undefined;
  if (!value.isWellFormed()) return 'has half a character';
  if (isKey && value.endsWith(' ')) return 'ends in a blank';
  const isText = type === 'text';
  const isTooLong = isText ? Buffer.byteLength(value) > MAX_TEXT_BYTES : [...value].length > Number(length);
  return isTooLong ? `takes at most ${isText ? '65535 bytes' : `${length} characters`}` : undefined;
}
