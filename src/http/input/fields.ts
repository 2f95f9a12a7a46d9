import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptions } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ValidateBy } from 'class-validator';
import { rememberDocumentation } from '../openapi/nested-query';
import { Invalid } from './invalid';

/**
 * One request parameter: how it is read, and what the documentation says of it.
 *
 * A parser gets the raw value (`undefined` when absent; a form sends text, JSON anything) and returns what the service
 * works with, or throws {@link Invalid} with the sentence for the client, without the parameter's name.
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
    ValidateBy({
      name: 'field',
      validator: {
        // An absent parameter never reaches the transformer, so what is required is found missing here.
        validate: (value) => !((value === undefined ? read(value) : value) instanceof Invalid),
        defaultMessage: (args) => {
          const value: unknown = args?.value === undefined ? read(undefined) : args.value;
          return (value as Invalid).message;
        },
      },
    }),
    ApiProperty(documentation),
    (dto: object, name: string | symbol) => rememberDocumentation(dto, String(name), documentation),
  );
}

const isEmpty = (raw: unknown) => raw === undefined || raw === null || raw === '';

/** Makes a parser accept an absent or empty value as `undefined`. */
export function optional<T>(parse: (raw: unknown) => T): (raw: unknown) => T | undefined {
  return (raw) => (isEmpty(raw) ? undefined : parse(raw));
}

/** Makes a parser refuse an absent or empty value. */
export function required<T>(parse: (raw: unknown) => T): (raw: unknown) => T {
  return (raw) => {
    if (isEmpty(raw)) throw new Invalid('不能为空');
    return parse(raw);
  };
}

/** A whole number from 0 to 2^53-1, as digits or a JSON number: ids (CONTRACT 1.3). */
export function digits(raw: unknown): number {
  return wholeNumber(raw, /^\d{1,16}$/, 0, '必须是数字');
}

/** A whole number, with an optional minus sign. */
export function integer(raw: unknown): number {
  return wholeNumber(raw, /^-?\d{1,16}$/, Number.MIN_SAFE_INTEGER, '必须是数字');
}

/** A page number or page size: a whole number above 0. */
export function positive(raw: unknown): number {
  return wholeNumber(raw, /^\d{1,16}$/, 1, '必须是大于0的整数');
}

function wholeNumber(raw: unknown, form: RegExp, min: number, complaint: string): number {
  const value = typeof raw === 'string' && form.test(raw) ? Number(raw) : raw;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < min) throw new Invalid(complaint);
  return value + 0; // -0 becomes 0
}

/** Text of at most `max` characters, what fits a VARCHAR; stored and given back as it is. */
export function text(max: number): (raw: unknown) => string {
  return (raw) => {
    const value = storable(raw);
    // A character beyond 16 bits has a length of 2 but counts as one.
    if (value.length > max && [...value].length > max) throw new Invalid(`不能超过${max}个字符`);
    return value;
  };
}

/** Text of at most 65535 bytes of UTF-8, what fits a TEXT; stored and given back as it is. */
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

/** Text to search for: trimmed, a JSON number counts as its digits. */
export function searchText(raw: unknown): string | undefined {
  const value = typeof raw === 'number' ? String(raw) : raw;
  return text(255)(value).trim() || undefined;
}

/** One of a few words. */
export function oneOf<T extends string>(...words: T[]): (raw: unknown) => T {
  return (raw) => {
    if (!words.includes(raw as T)) throw new Invalid(`必须是 ${words.join('、')} 之一`);
    return raw as T;
  };
}
