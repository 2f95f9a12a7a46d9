import { parse } from 'qs';
import { BadParameter } from '../output/errors';

/** Parameters as PHP would see them: `search[time][]=1` nested, the last of duplicate scalars wins (CONTRACT 2.1). */
export type PhpParams = Record<string, unknown>;

/** Room for multi_delete's 1000 ids and its other parameters. */
const LIMITS = { depth: 10, arrayLimit: 1000, parameterLimit: 1100 };

/**
 * Reads a query string or an urlencoded body.
 * @throws BadParameter when it has too many parameters or nests too deep
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
      allowSparse: true, // search[time][1]=… alone is the end, not the start, of a range
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

/** Bounds the lists that names ask for, gaps included: `a[999]` is a list of 1000, and a body may have 1000 such names. */
class ListLengths {
  private readonly lengths = new Map<string, number>();
  private room = 4 * LIMITS.arrayLimit;

  /** @throws BadParameter when the name is too deep, or all lists together are too long */
  add(name: string): void {
    if (name.split('[', LIMITS.depth + 2).length > LIMITS.depth + 1) throw tooMany();
    for (const found of name.matchAll(/\[(\d{1,4})\]/g)) {
      const list = name.slice(0, found.index);
      const index = Number(found[1]);
      const length = index < LIMITS.arrayLimit ? index + 1 : 0; // qs refuses a larger index
      const longer = length - (this.lengths.get(list) ?? 0);
      if (longer <= 0) continue;
      this.lengths.set(list, length);
      this.room -= longer;
      if (this.room < 0) throw tooMany();
    }
  }
}

/** More parameters, or deeper ones, than any request needs. */
export const tooMany = () => new BadParameter(['参数过多或嵌套过深']);

/** A name ends at the first `=`, as in PHP; qs would end it at `]=`, and `script=a[0]=1` would be lost. */
function withoutEqualsInValues(text: string): string {
  if (!text.includes(']=')) return text;
  return text.replace(/(^|&)([^&=]*=)([^&]*)/g, (_pair, start: string, name: string, value: string) => {
    return start + name + value.replaceAll('=', '%3D');
  });
}

/** @throws BadParameter for percent-encoded bytes of another character set; a lone % stands for itself */
function decodeUtf8(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' ').replace(/%(?![0-9a-f]{2})/gi, '%25'));
  } catch {
    throw new BadParameter(['参数必须是 UTF-8 编码']);
  }
}

/** The same for pairs that are already decoded (multipart fields). */
export function nestPhpParams(pairs: [string, string][]): PhpParams {
  return parsePhpParams(new URLSearchParams(pairs).toString());
}

const unreadable = Symbol('unreadable query string');

/**
 * The query string parser given to Fastify. Its router calls it outside any error handler, so it must not throw: the
 * failure of an unreadable query is kept and thrown by {@link assertReadable}.
 */
export function parseQueryString(text: string): PhpParams {
  try {
    return parsePhpParams(text);
  } catch (error) {
    return Object.defineProperty({}, unreadable, { value: error });
  }
}

/** @throws BadParameter when the query string of a request could not be read */
export function assertReadable(query: unknown): void {
  const error = (query as { [unreadable]?: BadParameter } | undefined)?.[unreadable];
  if (error) throw error;
}

function withoutGaps(value: unknown): unknown {
  if (Array.isArray(value)) return Array.from(value, withoutGaps);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutGaps(inner)]));
}
