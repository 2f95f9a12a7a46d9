/**
 * SQL for "the column contains the text", every character literal, upper and lower case alike. Not LIKE: SQLite's pattern
 * ends at a NUL, so what follows one would be ignored and widen the answer. The engine folds both sides, so they fold alike.
 * @param column an SQL expression of ours, never text from a request
 * @param parameter the name of the bound parameter that holds the text
 */
export function containsSql(column: string, parameter: string): string {
  return `INSTR(LOWER(${column}), LOWER(:${parameter})) > 0`;
}
