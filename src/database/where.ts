import { containsSql } from './contains';
import { fold } from './fold';
import { sameTextSql } from './same-text';
import type { SqlValue } from './sql';

/**
 * The conditions of a WHERE clause, joined by AND, with `?` for every value; the SQL never holds text from a request.
 */
export class Where {
  private readonly conditions: string[] = [];
  readonly values: SqlValue[] = [];

  and(condition: string, ...values: SqlValue[]): this {
    this.conditions.push(condition);
    this.values.push(...values);
    return this;
  }

  /** The column equals the text, by bytes. */
  andSame(column: string, text: string): this {
    return this.and(sameTextSql(column), text, text);
  }

  /** The column contains the text, case ignored. */
  andContains(column: string, text: string): this {
    return this.and(containsSql(column), fold(text));
  }

  /** `WHERE …`, or '' without a condition. */
  get sql(): string {
    return this.conditions.length > 0 ? `WHERE ${this.conditions.join(' AND ')}` : '';
  }
}

/**
 * The values of `LIMIT ? OFFSET ?`, as text: mysql2 sends numbers as floating point, which MySQL refuses there in a
 * prepared statement.
 */
export function limitValues(limit: number, offset: number): SqlValue[] {
  return [String(limit), String(offset)];
}

/** `?, ?, ?` for a list of values. */
export function placeholders(values: readonly unknown[]): string {
  return values.map(() => '?').join(', ');
}
