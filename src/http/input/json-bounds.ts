import { BadParameter } from '../output/errors';
import { MAX_PARAMETERS, tooMany } from './php-params';

/** Bounds the depth: 200 KB of brackets would block the process for a second. */
const MAX_DEPTH = 32;

/** Bounds the items of lists and objects, and these themselves: multi_delete's 1000 ids, with room for duplicates. */
const MAX_ITEMS = 10_000;

/**
 * Bounds JSON before it is parsed, because parsed names, items and empty lists cost far more than their bytes.
 * @throws BadParameter for too many names or items, or too deep nesting
 */
export function assertBounded(text: string): void {
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
      items++;
      if (++depth > MAX_DEPTH) throw new BadParameter([`JSON 嵌套不能超过 ${MAX_DEPTH} 层`]);
    } else if (char === ']' || char === '}') depth--;
  }
  if (names > MAX_PARAMETERS || items > MAX_ITEMS) throw tooMany();
}
