import { list, parseJson } from '../../http/input/fields';
import { Invalid } from '../../http/input/invalid';
import { startOf } from '../../http/input/time-range';

/** A column that a condition may name. */
export interface Column {
  /** Its name in SQL; never text from a request. */
  sql: string;
  /** Decides which values it is compared with, and how. Times are text in the form of {@link startOf}. */
  holds: 'number' | 'text' | 'time';
}

/** The columns that the conditions of a list may name, by their names on the wire. */
export type Columns = Readonly<Record<string, Column>>;

const OPERATORS = ['=', '>', '<', '>=', '<=', '!=', '<>', 'LIKE', 'like'] as const;

/** Bounds the SQL of a list (CONTRACT 1.3): two bounds for each of a relation's eight columns, and room. */
const MAX_TRIPLES = 20;

/**
 * Longest text to search for, as in family B: searching each row for half a text of 64 KB keeps the database busy for
 * seconds.
 */
const MAX_SEARCHED = 255;

/** One `[key, operator, value]` of the parameter `condition`, checked. */
export interface Condition {
  column: Column;
  operator: Exclude<(typeof OPERATORS)[number], 'like'>;
  value: string | number;
}

/**
 * Makes the parser of a list's `condition` (CONTRACT 1.3): a JSON array or its text. Nothing is skipped: a dropped
 * filter would widen the answer. The parser throws {@link Invalid}.
 */
export function conditionOn(columns: Columns): (raw: unknown) => Condition[] {
  return (raw) => {
    const triples = typeof raw === 'string' && raw !== '' ? parseJson(raw) : raw;
    if (triples === undefined || triples === null || triples === '') return [];
    const conditions = list((triple) => parseTriple(triple, columns), NO_LIST)(triples);
    if (conditions.length === 0 && !Array.isArray(triples)) throw new Invalid(NO_LIST); // {}
    if (conditions.length > MAX_TRIPLES) throw new Invalid(`不能超过${MAX_TRIPLES}个条件`);
    return conditions;
  };
}

const NO_LIST = '必须是 [[查询值, 运算符, 查询内容], …]';
const NO_TRIPLE = '的每个条件必须是 [查询值, 运算符, 查询内容]';

function parseTriple(triple: unknown, columns: Columns): Condition {
  const parts = list((part) => part, NO_TRIPLE)(triple);
  if (parts.length !== 3) throw new Invalid(NO_TRIPLE);
  const [key, operator, value] = parts;
  if (typeof key !== 'string' || !Object.hasOwn(columns, key)) throw new Invalid('的查询值不支持');
  if (!(OPERATORS as readonly unknown[]).includes(operator)) throw new Invalid('的运算符不支持');
  if (typeof value !== 'string' && typeof value !== 'number') throw new Invalid('的查询内容必须是字符串或数字');
  const column = columns[key]!;
  if (operator === 'LIKE' || operator === 'like') {
    return { column, operator: 'LIKE', value: toSearched(value, key, column) };
  }
  return { column, operator: operator as Condition['operator'], value: toCompared(value, key, column) };
}

function toCompared(value: string | number, key: string, { holds }: Column): string | number {
  if (holds === 'number') return toNumber(value, key);
  return holds === 'time' ? toTime(value, key) : toText(value);
}

/** A JSON number beyond 2^53 no longer has the digits that the client wrote. */
function toText(value: string | number): string {
  if (typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER) {
    throw new Invalid('的查询内容超出数字范围，请用字符串');
  }
  const text = String(value);
  if (!text.isWellFormed()) throw new Invalid('的查询内容含有非法字符');
  return text;
}

/** A time is searched as the text given, a date alone as a part of it: the rows of that day. */
function toSearched(value: string | number, key: string, { holds }: Column): string {
  // The client sends no %, or one on each side.
  const text = toText(value).replace(/^%/, '').replace(/%$/, '');
  if ([...text].length > MAX_SEARCHED) throw new Invalid(`的 LIKE 查询内容不能超过${MAX_SEARCHED}个字符`);
  if (holds !== 'time') return text;
  toTime(text, key);
  return text.trim();
}

/** Any other text would be compared letter by letter: `2024-1-5` comes after every day of December. */
function toTime(value: string | number, key: string): string {
  try {
    return startOf(value);
  } catch (error) {
    throw error instanceof Invalid ? new Invalid(`的 ${key} ${error.message}`) : error;
  }
}

/** A text compared with a number column would mean 0 on one engine and match nothing on the other. */
function toNumber(value: string | number, key: string): number {
  const number = typeof value === 'number' || /^-?\d{1,16}(\.\d{1,6})?$/.test(value) ? Number(value) : Number.NaN;
  if (!Number.isFinite(number) || Math.abs(number) > Number.MAX_SAFE_INTEGER) {
    throw new Invalid(`的 ${key} 只能与数字比较`);
  }
  return number;
}
