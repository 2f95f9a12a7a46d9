import { BadParameter } from '../output/errors';

/** The size of a page: the default when absent. @throws BadParameter above the limit, never a silent cut */
export function pageSize(name: string, given: number | undefined, byDefault: number, max: number): number {
  const size = given ?? byDefault;
  if (size > max) throw new BadParameter([`${name} 不能大于${max}`]);
  return size;
}

/** How many rows come before a page (counted from 1); far past the end it stays a number that SQL understands. */
export function pageOffset(page: number, size: number): number {
  return Math.min((page - 1) * size, Number.MAX_SAFE_INTEGER);
}
