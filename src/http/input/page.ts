import { BadParameter } from '../output/errors';

/** The page size, or the default if absent. @throws BadParameter above `max`, instead of a silent cut */
export function pageSize(name: string, given: number | undefined, byDefault: number, max: number): number {
  const size = given ?? byDefault;
  if (size > max) throw new BadParameter([`${name} 不能大于${max}`]);
  return size;
}

/** The number of rows before a page (counted from 1), capped at a number that SQL accepts. */
export function pageOffset(page: number, size: number): number {
  return Math.min((page - 1) * size, Number.MAX_SAFE_INTEGER);
}
