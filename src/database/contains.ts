/** The character that makes the next one literal in a LIKE pattern; a backslash would depend on the server's sql_mode. */
const ESCAPE = '!';

/**
 * SQL for "the column contains the text", whatever wildcards the text has, upper and lower case alike on both engines.
 * @param column an SQL expression of ours, never text from a request
 * @param parameter the name of the bound parameter that holds {@link containsPattern}
 */
export function containsSql(column: string, parameter: string): string {
  return `LOWER(${column}) LIKE :${parameter} ESCAPE '${ESCAPE}'`;
}

/** The bound value for {@link containsSql}. */
export function containsPattern(text: string): string {
  return `%${text.toLowerCase().replace(/[!%_]/g, (wildcard) => ESCAPE + wildcard)}%`;
}
