import { fold } from './fold';

/**
 * SQL for "the column contains the text", every character literal, case ignored; bind the text as {@link fold} returns
 * it. Not LIKE: SQLite ends a pattern at a NUL, which would drop the rest of the text and widen the answer. The text is
 * not folded by the server: a bound value has the collation of the connection, which may know other letters.
 * @param column an SQL expression of our own, never text from a request
 */
export function containsSql(column: string): string {
  return `INSTR(LOWER(${column}), ?) > 0`;
}

/** Whether a text contains another, every character literal, case ignored. */
export function contains(text: string, part: string): boolean {
  return fold(text).includes(fold(part));
}
