import type { Dialect } from '../../database/dialect';
import { Where } from '../../database/where';
import { BadParameter } from '../../http/output/errors';
import type { Column, Condition } from './condition';
import type { ListDto } from './list.dto';

/** What every list of family A can be narrowed by; all that is given holds at once. */
export interface ListFilter {
  conditions: Condition[];
  /** Wall clock in UTC+8, inclusive. */
  startTime?: string;
  /** Wall clock in UTC+8, inclusive. */
  endTime?: string;
}

/** @throws BadParameter when the range of time ends before it starts */
export function toListFilter({ condition, start_time: startTime, end_time: endTime }: ListDto): ListFilter {
  if (startTime && endTime && startTime > endTime) throw new BadParameter(['start_time 不能晚于 end_time']);
  return { conditions: condition, startTime, endTime };
}

/** Adds the filter to a WHERE clause. @param created the column that the range of time is about */
export function narrow(where: Where, filter: ListFilter, created: Column, dialect: Dialect): void {
  const { conditions, startTime, endTime } = filter;
  if (startTime !== undefined) where.and(`${created.sql} >= ?`, startTime);
  if (endTime !== undefined) where.and(`${created.sql} <= ?`, endTime);
  for (const { column, operator, value } of conditions) {
    // Column and operator come from fixed lists; only the value comes from the request, and it is bound.
    if (operator === 'LIKE') where.andContains(column.sql, String(value));
    else where.and(`${column.holds === 'text' ? dialect.bytesOf(column.sql) : column.sql} ${operator} ?`, value);
  }
}
