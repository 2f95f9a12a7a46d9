import type { EntityMetadata } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata';
import { GREATEST, MAX_TEXT_BYTES } from '../../database/storable';

/** Lists in texts lose whole items instead of half of one: by column, how many items are read and written. */
const LISTS: Record<string, { read: (text: string) => string[]; write: (items: string[]) => string }> = {
  tag_id: { read: (text) => text.split(','), write: (items) => items.join(',') },
  remark_mobiles: { read: (text) => JSON.parse(text) as string[], write: (items) => JSON.stringify(items) },
};

/** JSON that does not fit is nothing, as half of it could not be read. */
const NOTHING: Record<string, string> = { external_profile: 'null' };

/**
 * A row as its columns can store it, so that one odd value never fails a page of a hundred: texts are cut at their
 * column's length, half a character becomes U+FFFD, a number that its column does not hold becomes the nearest. WeCom's
 * own ids are left alone: cut, they would be those of others.
 * @param row properties of the entity
 */
export function fitted<Row extends object>({ columns, indices }: EntityMetadata, row: Row): Row {
  const fit = { ...row };
  const keys = indices.filter(({ isUnique }) => isUnique).flatMap(({ columns: ofKey }) => ofKey);
  for (const column of columns) {
    const property = column.propertyName as keyof Row;
    if (!(property in row) || keys.includes(column)) continue;
    fit[property] = fittedValue(column, row[property]) as Row[keyof Row];
  }
  return fit;
}

function fittedValue(column: ColumnMetadata, value: unknown): unknown {
  if (typeof value === 'number') return nearest(value, GREATEST[String(column.type)] ?? Infinity);
  if (typeof value !== 'string') return value;
  const text = value.toWellFormed();
  const isWithin = (candidate: string) => fits(column, candidate);
  if (isWithin(text)) return text;
  const list = LISTS[column.databaseName];
  if (list) return withoutLast(list.read(text), (items) => isWithin(list.write(items)), list.write);
  return NOTHING[column.databaseName] ?? beginningOf(text, column);
}

function nearest(value: number, greatest: number): number {
  if (Number.isNaN(value)) return 0;
  return Math.max(-greatest, Math.min(greatest, Math.trunc(value)));
}

const isBytes = ({ type }: ColumnMetadata) => type === 'text';

/** A VARCHAR counts characters, a TEXT bytes. */
function fits(column: ColumnMetadata, text: string): boolean {
  if (isBytes(column)) return text.length * 3 <= MAX_TEXT_BYTES || Buffer.byteLength(text) <= MAX_TEXT_BYTES;
  return text.length <= Number(column.length) || [...text].length <= Number(column.length);
}

function beginningOf(text: string, column: ColumnMetadata): string {
  if (!isBytes(column)) return [...text].slice(0, Number(column.length)).join('');
  // An incomplete character at the end is left out, as no text has a U+FFFD where it was cut.
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Buffer.from(text).subarray(0, MAX_TEXT_BYTES), {
    stream: true,
  });
}

function withoutLast(
  items: string[],
  isWithin: (items: string[]) => boolean,
  write: (items: string[]) => string,
): string {
  let length = items.length;
  while (length > 0 && !isWithin(items.slice(0, length))) length--;
  return write(items.slice(0, length));
}
