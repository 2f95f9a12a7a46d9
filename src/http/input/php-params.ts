import { BadParameter } from '../output/errors';

/**
 * Parameters as PHP reads them (CONTRACT 2.1). A value is text, a JavaScript array where PHP's array has the keys
 * 0 … n-1 (in the order of the keys, whatever their order in the request), and otherwise an object by key:
 * `a[]=x&a[]=y` is `['x', 'y']`, `a[1]=y` is `{ 1: 'y' }`. Objects have no prototype, so `__proto__` is a key like any.
 */
export type PhpParams = Record<string, unknown>;

/** Enough for the 1000 ids of multi_delete and its other parameters. */
export const MAX_PARAMETERS = 1100;

/** Bounds the brackets of a name, and with them the recursion; parameters have two (`search[time][]`). */
const MAX_DEPTH = 10;

/** The failure for more parameters, or deeper nesting, than any valid request has. */
export const tooMany = () => new BadParameter(['参数过多或嵌套过深']);

/** The failure for a name of which PHP would drop a part, or which it would drop with its value. */
const unreadableName = () => new BadParameter(['参数名不正确']);

/**
 * Reads a query string or a urlencoded body.
 * @throws BadParameter for too many parameters, too deep nesting, a name that PHP would not read whole, or bytes that
 * are not UTF-8
 */
export function parsePhpParams(text: string): PhpParams {
  const params = new PhpArray();
  let count = 0;
  for (let start = 0, end: number; start < text.length; start = end + 1) {
    end = text.indexOf('&', start);
    if (end === -1) end = text.length;
    if (end === start) continue;
    if (++count > MAX_PARAMETERS) throw tooMany();
    const pair = text.slice(start, end);
    const equals = pair.indexOf('=');
    const name = equals === -1 ? pair : pair.slice(0, equals);
    params.set(keysOf(decode(name)), equals === -1 ? '' : decode(pair.slice(equals + 1)));
  }
  return params.toObject();
}

/** As {@link parsePhpParams}, for pairs that are already decoded (multipart fields). @throws BadParameter */
export function nestPhpParams(pairs: [name: string, value: string][]): PhpParams {
  if (pairs.length > MAX_PARAMETERS) throw tooMany();
  const params = new PhpArray();
  for (const [name, value] of pairs) params.set(keysOf(name), value);
  return params.toObject();
}

/** Decodes a name or value; a lone % stands for itself. @throws BadParameter for bytes that are not UTF-8 */
function decode(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced.replace(/%(?![0-9a-f]{2})/gi, '%25'));
  } catch {
    throw new BadParameter(['参数必须是 UTF-8 编码']);
  }
}

/**
 * The keys of a name, outermost first: `search[time][]` is `['search', 'time', '']`, where '' means the next number.
 * Blanks before the name do not count; a blank, a dot and an unmatched `[` become `_` in the outermost key.
 * @throws BadParameter for an empty outermost key, a NUL or text after the last `]`, and for too deep nesting
 */
function keysOf(name: string): string[] {
  if (name.includes('\0')) throw unreadableName();
  const start = name.search(/[^ ]/);
  const open = name.indexOf('[', start);
  if (start === -1 || open === start) throw unreadableName();
  if (open === -1 || !name.includes(']', open)) return [toVariable(name.slice(start))];
  const keys = [toVariable(name.slice(start, open))];
  for (let at = open; at < name.length;) {
    const close = name.indexOf(']', at);
    if (name[at] !== '[' || close === -1) throw unreadableName();
    if (keys.length > MAX_DEPTH) throw tooMany();
    const key = name.slice(at + 1, close);
    keys.push(/^[ \t\n\v\f\r]$/.test(key) ? '' : key);
    at = close + 1;
  }
  return keys;
}

function toVariable(name: string): string {
  return name.replace(/[ .[]/g, '_');
}

/** A key that PHP stores as a number, and from which `[]` counts on: after `[-5]`, PHP 8.2 takes -4. */
const WHOLE = /^(?:0|-?[1-9]\d*)$/;

/** PHP's array: keys in a map, and the number that `[]` takes next. */
class PhpArray {
  private readonly values = new Map<string, PhpArray | string>();
  private next?: number;

  /** Puts a value where its name points: a later text replaces an array, and the other way round. */
  set(keys: string[], value: string): void {
    const outer = keys.slice(0, -1).reduce<PhpArray>((array, key) => array.inner(key), this);
    outer.values.set(outer.take(keys.at(-1)!), value);
  }

  private inner(key: string): PhpArray {
    const taken = this.take(key);
    const found = this.values.get(taken);
    if (found instanceof PhpArray) return found;
    const made = new PhpArray();
    this.values.set(taken, made);
    return made;
  }

  /** The key itself, or the next number. @throws BadParameter if JavaScript no longer counts exactly */
  private take(key: string): string {
    const isNext = key === '';
    if (isNext && !Number.isSafeInteger((this.next ??= 0))) throw unreadableName();
    const taken = isNext ? String(this.next) : key;
    if (WHOLE.test(taken)) this.next = Math.max(this.next ?? -Infinity, Number(taken) + 1);
    return taken;
  }

  toObject(): PhpParams {
    const object = Object.create(null) as PhpParams;
    for (const [key, value] of this.values) object[key] = valueOf(value);
    return object;
  }

  /** The items if the keys are 0 … n-1. */
  toList(): unknown[] | undefined {
    const { size } = this.values;
    if (this.next !== size) return undefined;
    const items = Array.from({ length: size }, (_, index) => this.values.get(String(index)));
    return items.includes(undefined) ? undefined : items.map((item) => valueOf(item!));
  }
}

function valueOf(value: PhpArray | string): unknown {
  return typeof value === 'string' ? value : (value.toList() ?? value.toObject());
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
