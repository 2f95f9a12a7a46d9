import { z } from 'zod';

/** An API of WeCom. */
export interface Endpoint<Answer> {
  /** Below `/cgi-bin/`: `externalcontact/list`. */
  path: string;
  /** What a successful answer must have; one without it counts as a passing fault. */
  answer: z.ZodType<Answer>;
}

/** What a call sends. */
export interface Params {
  query?: Record<string, string>;
  /** A body makes it a POST. */
  body?: object;
}

/*
 * Kinds of fields that WeCom may leave out, or send in another type than documented: undefined then, because one odd
 * field must not fail a page of a hundred rows.
 */

export const text = z
  .union([z.string(), z.number().transform(String)])
  .optional()
  .catch(undefined);

export const integer = z
  .union([
    z.int(),
    z
      .string()
      .regex(/^-?\d{1,15}$/)
      .transform(Number),
  ])
  .optional()
  .catch(undefined);

export const texts = z
  .array(z.unknown())
  .transform((items) => items.filter((item) => typeof item === 'string'))
  .optional()
  .catch(undefined);

export const integers = z
  .array(z.unknown())
  .transform((items) => items.filter((item) => Number.isInteger(item)) as number[])
  .optional()
  .catch(undefined);

/** Where a list goes on; empty: nowhere. In an odd type it is a fault: taken for empty it would end a list too early. */
export const cursor = z.string().default('');

/** A key, without which a row means nothing: a row left out would look like a follow that is gone. */
export const id = z.string().min(1);
