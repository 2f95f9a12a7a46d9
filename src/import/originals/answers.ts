import { z } from 'zod';
import { foreignText, withoutSecrets } from '../../base/foreign-text';
import { SystemFailed } from './errors';
import type { Answer } from './transport';

/* What comes back is checked: an answer in another shape is a failure that names route and field, never an empty list. */

/** A number of rows or pages; PHP writes some as text. */
export const count = z.union(
  [
    z.int().nonnegative(),
    z
      .string()
      .regex(/^\d{1,15}$/)
      .transform(Number),
  ],
  'is not a whole number',
);

const scalar = z.union([z.string(), z.number(), z.null()], 'is neither text, number nor null');

/** A row with all of the fields; what else it has stays in it. */
export const rowOf = (fields: readonly string[]) =>
  z.looseObject(Object.fromEntries(fields.map((field) => [field, scalar])));

/** A row as it came, with the fields of its kind. */
export type WireRow = Record<string, unknown>;

/** A family's envelope, read: whether the answer is a success, and what it carries. */
type Envelope = z.ZodType<{ isGood: boolean; msg: string; payload: unknown }>;

const whole = z.int('is not a whole number');
const message = z.string('is not text');

/** Family A (CONTRACT 1.1). */
export const MIX: Envelope = z
  .object({ code: whole, msg: message, result: z.unknown() })
  .transform(({ code, msg, result }) => ({ isGood: code === 200, msg, payload: result }));

/** Family B (CONTRACT 2.1). */
export const BUSINESS: Envelope = z
  .object({ result: whole, msg: message, data: z.unknown() })
  .transform(({ result, msg, data }) => ({ isGood: result === 1, msg, payload: data }));

/** Whose answer is read. */
interface Asked {
  /** The system's URL. */
  base: string;
  route: string;
  /** Sent with questions: the answer's sentence might repeat them. */
  secrets: ReadonlySet<string>;
}

/** What a successful answer carries, in its shape. @throws SystemFailed for anything else */
export function payloadOf<T>(
  { base, route, secrets }: Asked,
  envelope: Envelope,
  shape: z.ZodType<T>,
  { status, json }: Answer,
): T {
  const fail = (reason: string): never => {
    throw new SystemFailed(base, route, reason);
  };
  if (json === undefined) return fail(`HTTP ${status} without JSON; is the URL right?`);
  const { isGood, msg, payload } = read(envelope, json, fail);
  if (!isGood) return fail(`refused: ${sentence(msg, secrets)}`);
  if (status !== 200) return fail(`HTTP ${status}`);
  return read(shape, payload, fail);
}

function read<T>(shape: z.ZodType<T>, value: unknown, fail: (reason: string) => never): T {
  const { success, data, error } = shape.safeParse(value);
  if (success) return data;
  const { path, message } = error.issues[0]!;
  return fail(`an answer in another shape: ${path.join('.') || 'the answer'} ${message}`);
}

/** Sentences have some twenty characters. */
const MAX_SENTENCE = 200;

/** What a system said, without secrets and what looks like a token. */
function sentence(said: string, secrets: Iterable<string>): string {
  return foreignText(withoutSecrets(said, secrets).replace(/[\w-]{24,}/g, '…'), MAX_SENTENCE);
}
