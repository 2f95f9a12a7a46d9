import { Invalid } from '../../http/input/invalid';

/** The columns that a condition may name, and whether each holds numbers or text. */
const KEYS = {
  user_id: 'number',
  customer_id: 'number',
  template: 'text',
  script: 'text',
  reference: 'text',
  created: 'text',
  is_available: 'number',
  boss_sync: 'number',
} as const;

const OPERATORS = ['=', '>', '<', '>=', '<=', '!=', '<>', 'LIKE', 'like'] as const;

const MAX_TRIPLES = 20;

/**
 * Longest text to search for, as in family B: searching each row for half a text of 64 KB keeps the database busy for
 * seconds.
 */
const MAX_SEARCHED = 255;

/** One `[key, operator, value]` of the parameter `condition`, checked. */
export interface Condition {
  key: keyof typeof KEYS;
  operator: Exclude<(typeof OPERATORS)[number], 'like'>;
  value: string | number;
}

/**
 * Parses `condition` (CONTRACT 1.3): a JSON array or its text. Nothing is skipped: a dropped filter would widen the
 * answer.
 * @throws Invalid
 */
export function parseCondition(raw: unknown): Condition[] {
  const triples = typeof raw === 'string' && raw !== '' ? parseJson(raw) : raw;
  if (triples === undefined || triples === null || triples === '') return [];
  if (!Array.isArray(triples)) throw new Invalid('必须是 [[查询值, 运算符, 查询内容], …]');
  if (triples.length > MAX_TRIPLES) throw new Invalid(`不能超过${MAX_TRIPLES}个条件`);
  return triples.map(parseTriple);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Invalid('不是合法的 JSON');
  }
}

function parseTriple(triple: unknown): Condition {
  if (!Array.isArray(triple) || triple.length !== 3) throw new Invalid('的每个条件必须是 [查询值, 运算符, 查询内容]');
  const [key, operator, value] = triple as unknown[];
  if (typeof key !== 'string' || !Object.hasOwn(KEYS, key)) throw new Invalid('的查询值不支持');
  if (!(OPERATORS as readonly unknown[]).includes(operator)) throw new Invalid('的运算符不支持');
  if (typeof value !== 'string' && typeof value !== 'number') throw new Invalid('的查询内容必须是字符串或数字');
  const column = key as Condition['key'];
  if (operator === 'LIKE' || operator === 'like') return { key: column, operator: 'LIKE', value: toSearched(value) };
  return {
    key: column,
    operator: operator as Condition['operator'],
    value: KEYS[column] === 'number' ? toNumber(value, column) : toText(value),
  };
}

function toText(value: string | number): string {
  const text = String(value);
  if (!text.isWellFormed()) throw new Invalid('的查询内容含有非法字符');
  return text;
}

function toSearched(value: string | number): string {
  // The client sends no %, or one on each side.
  const text = toText(value).replace(/^%/, '').replace(/%$/, '');
  if ([...text].length > MAX_SEARCHED) throw new Invalid(`的 LIKE 查询内容不能超过${MAX_SEARCHED}个字符`);
  return text;
}

/** A text compared with a number column would mean 0 on one engine and match nothing on the other. */
function toNumber(value: string | number, key: string): number {
  const number = typeof value === 'number' || /^-?\d{1,16}(\.\d{1,6})?$/.test(value) ? Number(value) : Number.NaN;
  if (!Number.isFinite(number) || Math.abs(number) > Number.MAX_SAFE_INTEGER) {
    throw new Invalid(`的 ${key} 只能与数字比较`);
  }
  return number;
}
