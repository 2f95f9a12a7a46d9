import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptions } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ValidateBy } from 'class-validator';
import { rememberDocumentation } from '../openapi/nested-query';
import { Invalid } from './invalid';
import { assertBounded } from './json-bounds';

/** What class-validator keeps with the rule of a {@link Field}. */
export interface FieldContext {
  /** The parser's value, or the {@link Invalid} that it threw. */
  read: (raw: unknown) => unknown;
}

/**
 * Declares a request parameter: its parser and its documentation.
 * @param parse gets the raw value (`undefined` if absent; text from a form, any type from JSON) and returns the value
 * for the service, or throws {@link Invalid}
 */
export function Field(parse: (raw: unknown) => unknown, documentation: ApiPropertyOptions): PropertyDecorator {
  const read = (raw: unknown) => {
    try {
      return parse(raw);
    } catch (error) {
      if (error instanceof Invalid) return error;
      throw error;
    }
  };
  return applyDecorators(
    Transform(({ value }) => read(value), { toClassOnly: true }),
    ValidateBy(
      {
        name: 'field',
        validator: {
          // The transformer skips absent parameters, so a missing required one is found here.
          validate: (value) => !((value === undefined ? read(value) : value) instanceof Invalid),
          defaultMessage: (args) => {
            const value: unknown = args?.value === undefined ? read(undefined) : args.value;
            return (value as Invalid).message;
          },
        },
      },
      { context: { read } satisfies FieldContext },
    ),
    ApiProperty(documentation),
    (dto: object, name: string | symbol) => rememberDocumentation(dto, String(name), documentation),
  );
}

const isEmpty = (raw: unknown) => raw === undefined || raw === null || raw === '';

/** Reads an absent, null or empty value as `undefined`. */
export function optional<T>(parse: (raw: unknown) => T): (raw: unknown) => T | undefined {
  return (raw) => (isEmpty(raw) ? undefined : parse(raw));
}

/** Refuses an absent, null or empty value. */
export function required<T>(parse: (raw: unknown) => T): (raw: unknown) => T {
  return (raw) => {
    if (isEmpty(raw)) throw new Invalid('不能为空');
    return parse(raw);
  };
}

/** An id: a whole number from 0 to 2^53-1, as digits or a JSON number (CONTRACT 1.3). @throws Invalid */
export function digits(raw: unknown): number {
  return wholeNumber(raw, /^\d{1,16}$/, 0, '必须是数字');
}

/** A whole number of at most 2^53-1 either side of 0, as digits or a JSON number. @throws Invalid */
export function integer(raw: unknown): number {
  return wholeNumber(raw, /^-?\d{1,16}$/, Number.MIN_SAFE_INTEGER, '必须是数字');
}

/** A page number or page size: a whole number from 1 to 2^53-1, as digits or a JSON number. @throws Invalid */
export function positive(raw: unknown): number {
  return wholeNumber(raw, /^\d{1,16}$/, 1, '必须是大于0的整数');
}

/** What PHP's FILTER_VALIDATE_INT takes and is at least 1. */
const PAGE_NUMBER = /^[ \t\n\v\r]*\+?([1-9]\d{0,18})[ \t\n\v\r]*$/;

/** The largest number that FILTER_VALIDATE_INT takes, as text, because JavaScript would round it. */
const PHP_INT_MAX = '9223372036854775807';

/**
 * A page number as Laravel reads it: text or a JSON value that PHP takes for a whole number from 1 on (`" 2"`, `"+2"`,
 * `2.0`, `true`); anything else (`"02"`, `"1e1"`, a list …) is page 1 (CONTRACT 2.3).
 * @throws Invalid above 2^53-1, where JavaScript would answer another page
 */
export function pageNumber(raw: unknown): number {
  const given = typeof raw === 'number' || typeof raw === 'boolean' ? String(Number(raw)) : raw;
  const [, page] = (typeof given === 'string' && PAGE_NUMBER.exec(given)) || [];
  if (page === undefined || (page.length === PHP_INT_MAX.length && page > PHP_INT_MAX)) return 1;
  if (!Number.isSafeInteger(Number(page))) throw new Invalid(`不能大于${Number.MAX_SAFE_INTEGER}`);
  return Number(page);
}

function wholeNumber(raw: unknown, form: RegExp, min: number, message: string): number {
  const value = typeof raw === 'string' && form.test(raw) ? Number(raw) : raw;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < min) throw new Invalid(message);
  return value + 0; // -0 becomes 0
}

/** JSON inside a parameter. @throws Invalid; BadParameter beyond the bounds of a body */
export function parseJson(text: string): unknown {
  assertBounded(text);
  try {
    return JSON.parse(text);
  } catch {
    throw new Invalid('不是合法的 JSON');
  }
}

/**
 * The items of a list: of a JSON array, or of any whole numbers as keys, as PHP's arrays have them
 * (`customer_id[91001]=7`), in the order of the keys. The parser throws {@link Invalid}, with the given message for
 * anything else.
 */
export function list<T>(parse: (item: unknown) => T, message: string): (raw: unknown) => T[] {
  return (raw) => {
    if (typeof raw !== 'object' || raw === null) throw new Invalid(message);
    if (!Array.isArray(raw) && Object.keys(raw).some((key) => !/^-?\d+$/.test(key))) throw new Invalid(message);
    return Object.values(raw).map(parse);
  };
}

/** Text of at most `max` characters, as a VARCHAR counts them; kept verbatim. The parser throws {@link Invalid}. */
export function text(max: number): (raw: unknown) => string {
  return (raw) => {
    const value = storable(raw);
    // An emoji has a length of 2 in JavaScript but counts as one character in a VARCHAR.
    if (value.length > max && [...value].length > max) throw new Invalid(`不能超过${max}个字符`);
    return value;
  };
}

/** Text of at most 65535 bytes of UTF-8, the size of a TEXT; kept verbatim. @throws Invalid */
export function longText(raw: unknown): string {
  const value = storable(raw);
  if (Buffer.byteLength(value) > 65_535) throw new Invalid('不能超过65535字节');
  return value;
}

function storable(raw: unknown): string {
  if (typeof raw !== 'string') throw new Invalid('必须是字符串');
  if (!raw.isWellFormed()) throw new Invalid('含有无法保存的字符');
  return raw;
}

/**
 * Text without the blanks that PHP trims. An ideographic space stays, and so does a NUL, which PHP trims as well: a
 * search for either must not become a search for all.
 */
export function trimmed(text: string): string {
  return text.replace(/^[ \t\n\r\v]+|[ \t\n\r\v]+$/g, '');
}

/**
 * Text to search for, trimmed; a JSON number becomes its digits, only spaces become `undefined`.
 * @throws Invalid, also for a number beyond 2^53, whose last digits are no longer the client's
 */
export function searchText(raw: unknown): string | undefined {
  const isExact = typeof raw === 'number' && Math.abs(raw) <= Number.MAX_SAFE_INTEGER;
  const value = isExact ? String(raw) : raw;
  return trimmed(text(255)(value)) || undefined;
}

const YES: unknown[] = [1, '1', true, 'true', 'on'];
const NO: unknown[] = [0, '0', false, 'false'];

/** A yes or no, as forms, their checkboxes and JSON write it: 1 or 0, true or false, on. @throws Invalid */
export function flag(raw: unknown): boolean {
  if (!YES.includes(raw) && !NO.includes(raw)) throw new Invalid('必须是 0 或 1');
  return YES.includes(raw);
}

/** One of the given words, exactly. The parser throws {@link Invalid}. */
export function oneOf<T extends string>(...words: T[]): (raw: unknown) => T {
  return (raw) => {
    if (!words.includes(raw as T)) throw new Invalid(`必须是 ${words.join('、')} 之一`);
    return raw as T;
  };
}
