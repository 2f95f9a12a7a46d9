import type { EntityMetadata } from 'typeorm';

/** A text that its column cannot store unchanged. */
class Unstorable extends Error {}

const MAX_TEXT_BYTES = 65_535;

/**
 * Makes both engines refuse the same texts: half a surrogate pair, which each engine would replace by another
 * character, and a text longer than its column, which SQLite would keep.
 * @param row properties of the entity
 * @throws Unstorable naming the column, never the text
 */
export function assertStorable({ tableName, columns }: EntityMetadata, row: object): void {
  for (const { propertyName, databaseName, type, length } of columns) {
    const value = (row as Record<string, unknown>)[propertyName];
    if (typeof value !== 'string') continue;
    const name = `${tableName}.${databaseName}`;
    if (!value.isWellFormed()) throw new Unstorable(`${name} has half a character`);
    const isTooLong = type === 'text' ? Buffer.byteLength(value) > MAX_TEXT_BYTES : [...value].length > Number(length);
    if (isTooLong)
      throw new Unstorable(`${name} takes at most ${type === 'text' ? '65535 bytes' : `${length} characters`}`);
  }
}
