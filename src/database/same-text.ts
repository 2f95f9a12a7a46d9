import { And, Equal, FindOperator, Raw } from 'typeorm';

/*
 * Equality of texts by bytes (CONTRACT 1.3). MySQL's and MariaDB's `=` ignores blanks at the end, but for an equal number
 * of bytes. Comparing the texts as well keeps the index in use.
 */

/**
 * SQL for "two texts are equal by bytes". With `?` for a text, bind it twice.
 * @param a an SQL expression of our own, never text from a request, as is `b`
 */
export function sameTextSql(a: string, b = '?'): string {
  return `${a} = ${b} AND OCTET_LENGTH(${a}) = OCTET_LENGTH(${b})`;
}

/** The same for the `where` of TypeORM's `find`. */
export function sameText(text: string): FindOperator<string> {
  const sameLength = Raw<string>((column) => `OCTET_LENGTH(${column}) = ${Buffer.byteLength(text)}`);
  return And(Equal(text), sameLength) as FindOperator<string>;
}
