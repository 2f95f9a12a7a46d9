/**
 * SQL for "the column contains the text", every character literal, upper and lower case alike. Not LIKE: SQLite's pattern
 * ends at a NUL, so what follows one would be ignored and widen the answer. The engine folds both sides, so they fold alike.
 * The text is the one value it binds.
 * @param column an SQL expression of ours, never text from a request
 */
export function containsSql(column: string): string {
  return `INSTR(LOWER(${column}), LOWER(?)) > 0`;
}

/** Upper and lower case alike; sigma first, as JavaScript writes it otherwise at the end of a word. */
export function fold(text: string): string {
  return text.replaceAll('Σ', 'σ').toLowerCase();
}
