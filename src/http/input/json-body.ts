import { BadParameter } from '../output/errors';
import { PhpParams, tooMany } from './php-params';

/** Bounds the depth of JSON before it is parsed: 200 KB of brackets would block the process for a second. */
const JSON_DEPTH = 32;

/** Bounds the names in a JSON body: as many parameters as a form may have. */
const MAX_NAMES = 1100;

/** Bounds the items of lists and objects in a JSON body: multi_delete's 1000 ids, with room for duplicates. */
const MAX_ITEMS = 10_000;

/**
 * The parameters of a JSON body. Blanks alone are no parameters, and so are PHP's empty array `[]` (CONTRACT 1.1) and
 * `null`. The last of equal names counts, as in PHP.
 * @throws BadParameter for broken JSON, anything but an object, too many parameters or too deep nesting
 */
export function parseJson(text: string): PhpParams {
  if (text.trim() === '') return {};
  assertBounded(text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new BadParameter(['请求体不是合法的 JSON']);
  }
  if (value === null || (Array.isArray(value) && value.length === 0)) return {};
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new BadParameter(['请求体必须是 JSON 对象']);
  }
  return value as PhpParams;
}

/** Bounds JSON before it is parsed, because parsed names and items cost far more than their bytes. */
function assertBounded(text: string): void {
  let depth = 0;
  let names = 0;
  let items = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (inString) {
      if (char === '\\') i++;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === ':') names++;
    else if (char === ',') items++;
    else if (char === '[' || char === '{') {
      if (++depth > JSON_DEPTH) throw new BadParameter([`JSON 嵌套不能超过 ${JSON_DEPTH} 层`]);
    } else if (char === ']' || char === '}') depth--;
  }
  if (names > MAX_NAMES || items > MAX_ITEMS) throw tooMany();
}
