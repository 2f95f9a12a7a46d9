import type { SqlValue } from './sql';

/** The conditions of a WHERE clause, all of which hold, with `?` for every value; never text from a request in the SQL. */
export class Where {
  private readonly conditions: string[] = [];
  readonly values: SqlValue[] = [];

  and(condition: string, ...values: SqlValue[]): this {
    this.conditions.push(condition);
    this.values.push(...values);
    return this;
  }

  /** `WHERE …`, or nothing when there is no condition. */
  get sql(): string {
    return this.conditions.length > 0 ? `WHERE ${this.conditions.join(' AND ')}` : '';
  }
}

/**
 * The values of `LIMIT ? OFFSET ?`, as text: in a prepared statement MySQL takes the numbers of this driver for floating
 * point and refuses them there.
 */
export function limitValues(limit: number, offset: number): SqlValue[] {
  return [String(limit), String(offset)];
}

/** `?, ?, ?` for a list of values. */
export function placeholders(values: readonly unknown[]): string {
  return values.map(() => '?').join(', ');
}
