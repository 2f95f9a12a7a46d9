import { Invalid } from '../http/input/invalid';

const YES: unknown[] = [1, '1', true, 'true'];
const NO: unknown[] = [0, '0', false, 'false'];

/** A yes or no, as forms and JSON write it. @throws Invalid */
export function flag(raw: unknown): boolean {
  if (!YES.includes(raw) && !NO.includes(raw)) throw new Invalid('必须是 0 或 1');
  return YES.includes(raw);
}
