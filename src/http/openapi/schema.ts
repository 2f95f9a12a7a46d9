import { ApiResponseSchemaHost } from '@nestjs/swagger';

/** A schema of OpenAPI 3.1; Nest's own type is that of 3.0, which has no `const`. */
export type Schema = ApiResponseSchemaHost['schema'] & { const?: unknown };

/** A wall-clock time of UTC+8 (CONTRACT 1.3). */
export const TIME = { type: String, pattern: '^\\d{4}-\\d{2}-\\d{2} \\d{2}:\\d{2}:\\d{2}$' };

const INTEGER = { type: 'integer', format: 'int64' };
const DIGITS = { type: 'string', pattern: '^\\d{1,16}$' };

/** An id in a request: a number or its digits (CONTRACT 1.3). */
export const ID = { anyOf: [DIGITS, INTEGER] };

/** Several texts in a request: joined by commas, or a list. */
export const TEXTS = { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] };

/** Several ids in a request: their digits joined by commas, one number, or a list. */
export const IDS = { anyOf: [{ type: 'string' }, INTEGER, { type: 'array', items: ID }] };

/** A list in a request, or the list as JSON text. */
export const jsonOr = (items: Schema) => ({ anyOf: [{ type: 'string' }, { type: 'array', items }] });

/** An object with exactly the given properties. */
export function closedObject(properties: Record<string, Schema>): Schema {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

/** The schema of a value of an envelope: numbers, `[]` and empty text are literal, other text may be any. */
export function schemaLike(value: unknown): Schema {
  if (typeof value === 'number') return { type: 'integer', const: value };
  if (value === '') return { type: 'string', const: '' };
  if (typeof value === 'string') return { type: 'string', example: value };
  if (Array.isArray(value)) return { type: 'array', items: {}, maxItems: 0, example: [] };
  return closedObject(Object.fromEntries(Object.entries(value as object).map(([key, of]) => [key, schemaLike(of)])));
}
