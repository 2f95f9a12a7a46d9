import { BadParameter } from '../output/errors';
import { assertBounded } from './json-bounds';
import type { PhpParams } from './php-params';

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
