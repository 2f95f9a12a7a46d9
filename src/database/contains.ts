/**
 * SQL for "the column contains the text", every character literal, case ignored. Not LIKE: SQLite ends a pattern at a
 * NUL, which would drop the rest of the text and widen the answer. The engine lower-cases both sides, so both fold
 * alike. The text is the only bound value.
 * @param column an SQL expression of our own, never text from a request
 */
export function containsSql(column: string): string {
  return `INSTR(LOWER(${column}), LOWER(?)) > 0`;
}

/** Folds case. Sigma comes first, because JavaScript lower-cases it differently at the end of a word. */
export function fold(text: string): string {
  return text.replaceAll('Σ', 'σ').toLowerCase();
}

/** Whether a text contains another, every character literal, case ignored. */
export function contains(text: string, part: string): boolean {
  return fold(text).includes(fold(part));
}
