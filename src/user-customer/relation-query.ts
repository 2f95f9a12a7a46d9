import type { SelectQueryBuilder } from 'typeorm';
import { containsSql } from '../database/contains';
import type { Condition } from './condition';
import type { UserCustomer } from './entities/user-customer.entity';

/** Which relations a list shows; everything given holds at once. */
export interface RelationFilter {
  userId?: number;
  conditions: Condition[];
  /** Wall clock in UTC+8, inclusive. */
  startTime?: string;
  /** Wall clock in UTC+8, inclusive. */
  endTime?: string;
}

/** Adds the filter to a query whose alias is `relation`. */
export function filterRelations(query: SelectQueryBuilder<UserCustomer>, filter: RelationFilter) {
  const { userId, conditions, startTime, endTime } = filter;
  if (userId !== undefined) query.andWhere('relation.user_id = :userId', { userId });
  if (startTime !== undefined) query.andWhere('relation.created >= :startTime', { startTime });
  if (endTime !== undefined) query.andWhere('relation.created <= :endTime', { endTime });
  conditions.forEach((condition, index) => addCondition(query, condition, `condition${index}`));
  return query;
}

/** Key and operator come from fixed lists (`condition.ts`), so only the value is foreign, and it is bound. */
function addCondition(query: SelectQueryBuilder<UserCustomer>, { key, operator, value }: Condition, name: string) {
  if (operator === 'LIKE') {
    // The client sends no %, or one on each side.
    const text = String(value).replace(/^%/, '').replace(/%$/, '');
    query.andWhere(containsSql(`relation.${key}`, name), { [name]: text });
  } else {
    query.andWhere(`relation.${key} ${operator} :${name}`, { [name]: value });
  }
}

/** Newest first, rows without a time last (both engines sort null below any text), then by ids. */
export function inListOrder(query: SelectQueryBuilder<UserCustomer>) {
  return query
    .orderBy('relation.created', 'DESC')
    .addOrderBy('relation.customer_id', 'DESC')
    .addOrderBy('relation.user_id', 'DESC');
}
