import { sha256 } from '../base/secrets';
import type { Dialect } from '../database/dialect';

/**
 * Bounds what one value takes in an entry, in bytes of JSON: an account that edits texts of 64 KB at its rate limit
 * would otherwise fill a disk.
 */
const WHOLE_BYTES = 1024;

/** Enough of a longer text to recognize it, in characters. */
const BEGINNING = 100;

/** A text too long for an entry: its beginning, and what proves that a copy of it is the same. */
export interface LongText {
  beginning: string;
  /** Of the text in UTF-8. */
  bytes: number;
  sha256: string;
}

/** A text as an entry holds it. */
export function bounded(text: string): string | LongText {
  if (Buffer.byteLength(JSON.stringify(text)) <= WHOLE_BYTES) return text;
  return { beginning: beginningOf(text), bytes: Buffer.byteLength(text), sha256: sha256(text) };
}

/** What {@link boundedColumns} reads; all null for a text that is null. */
export interface BoundedColumns {
  [start: `${string}_start`]: Buffer | null;
  /** Of the whole text. */
  [bytes: `${string}_bytes`]: number | null;
  /** Null for a text that the start holds whole. */
  [digest: `${string}_sha256`]: string | null;
}

/** SELECT list that reads of a text what {@link boundedOf} needs: a long one stays in the database. */
export function boundedColumns(column: string, dialect: Dialect): string {
  return `SUBSTR(${dialect.blobOf(column)}, 1, ${WHOLE_BYTES}) AS ${column}_start,
    OCTET_LENGTH(${column}) AS ${column}_bytes,
    CASE WHEN OCTET_LENGTH(${column}) > ${WHOLE_BYTES} THEN SHA2(${column}, 256) END AS ${column}_sha256`;
}

/** A stored text as an entry holds it, from a row of {@link boundedColumns}; the same as {@link bounded} of the text. */
export function boundedOf(row: BoundedColumns, column: string): string | LongText | null {
  const text = row[`${column}_start`]?.toString();
  if (text === undefined) return null;
  const digest = row[`${column}_sha256`];
  return digest ? { beginning: beginningOf(text), bytes: row[`${column}_bytes`]!, sha256: digest } : bounded(text);
}

/** 100 characters are at most 200 UTF-16 units; a pair cut after them is beyond the hundred. */
function beginningOf(text: string): string {
  return [...text.slice(0, 2 * BEGINNING)].slice(0, BEGINNING).join('');
}
