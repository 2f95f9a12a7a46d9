import { parse } from 'qs';
import { BadParameter } from '../output/errors';

/** Parameters as PHP reads them: `search[time][]=1` nests, the last of duplicate scalars wins (CONTRACT 2.1). */
export type PhpParams = Record<string, unknown>;

/** Enough for the 1000 ids of multi_delete and its other parameters. */
const LIMITS = { depth: 10, arrayLimit: 1000, parameterLimit: 1100 };

/**
 * Reads a query string or a urlencoded body.
 * @throws BadParameter for too many parameters, too deep nesting or bytes that are not UTF-8
 */
export function parsePhpParams(text: string): PhpParams {
  if (text === '') return {};
  const lists = new ListLengths();
  try {
    const params = parse(withoutEqualsInValues(text), {
      ...LIMITS,
      strictDepth: true,
      throwOnLimitExceeded: true,
      duplicates: 'last',
      allowSparse: true, // search[time][1]=… alone is the end of a range, not the start
      decoder: (part, _decode, _charset, type) => {
        const decoded = decodeUtf8(part);
        if (type === 'key') lists.add(decoded);
        return decoded;
      },
    });
    return withoutGaps(params) as PhpParams;
  } catch (error) {
    throw error instanceof BadParameter ? error : tooMany();
  }
}

/**
 * Bounds the total length of all lists, gaps included: `a[999]` alone makes a list of 1000, and a body may hold 1000
 * such names.
 */
class ListLengths {
  private readonly lengths = new Map<string, number>();
  private remaining = 4 * LIMITS.arrayLimit;

  /** @throws BadParameter if the name nests too deep or the lists exceed the bound */
  add(name: string): void {
    if (name.split('[', LIMITS.depth + 2).length > LIMITS.depth + 1) throw tooMany();
    for (const found of name.matchAll(/\[(\d{1,4})\]/g)) {
      const list = name.slice(0, found.index);
      const index = Number(found[1]);
      const length = index < LIMITS.arrayLimit ? index + 1 : 0; // qs refuses a larger index
      const added = length - (this.lengths.get(list) ?? 0);
      if (added <= 0) continue;
      this.lengths.set(list, length);
      this.remaining -= added;
      if (this.remaining < 0) throw tooMany();
    }
  }
}

/** The failure for more parameters, or deeper nesting, than any valid request has. */
export const tooMany = () => new BadParameter(['参数过多或嵌套过深']);

/** Encodes `=` in values. PHP ends a name at the first `=`, but qs at `]=`, which would misread `script=a[0]=1`. */
function withoutEqualsInValues(text: string): string {
  if (!text.includes(']=')) return text;
  return text.replace(/(^|&)([^&=]*=)([^&]*)/g, (_pair, start: string, name: string, value: string) => {
    return start + name + value.replaceAll('=', '%3D');
  });
}

/** Decodes a name or value; a lone % stands for itself. @throws BadParameter for bytes that are not UTF-8 */
function decodeUtf8(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' ').replace(/%(?![0-9a-f]{2})/gi, '%25'));
  } catch {
    throw new BadParameter(['参数必须是 UTF-8 编码']);
  }
}

/** As {@link parsePhpParams}, for pairs that are already decoded (multipart fields). @throws BadParameter */
export function nestPhpParams(pairs: [string, string][]): PhpParams {
  return parsePhpParams(new URLSearchParams(pairs).toString());
}

const unreadable = Symbol('unreadable query string');

/**
 * Fastify's query string parser. The router calls it outside any error handler, so it must not throw: it keeps the
 * failure of an unreadable query for {@link assertReadable}.
 */
export function parseQueryString(text: string): PhpParams {
  try {
    return parsePhpParams(text);
  } catch (error) {
    return Object.defineProperty({}, unreadable, { value: error });
  }
}

/** @throws BadParameter if {@link parseQueryString} could not read the query */
export function assertReadable(query: unknown): void {
  const error = (query as { [unreadable]?: BadParameter } | undefined)?.[unreadable];
  if (error) throw error;
}

function withoutGaps(value: unknown): unknown {
  if (Array.isArray(value)) return Array.from(value, withoutGaps);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutGaps(inner)]));
}
