import type { Search, Tenant } from './by-hand';
import { CUSTOMER, EMPLOYEE, FOLLOW, select } from './columns';

/** A WHERE over `f` (wechat_follow) and `c` (wechat_customer), with its parameters. */
export interface FollowFilter {
  where: string;
  parameters: (string | number)[];
  /** True when the total has to join the customers too. */
  needsCustomer: boolean;
}

/** Straightforward SQL for the filters of getList, none of them optimized. */
export function followFilter({ uniacid, enterpriseId }: Tenant, search: Search): FollowFilter {
  const where = ['f.uniacid = ?', 'f.crop_id = ?', 'f.deleted_at IS NULL'];
  const parameters: (string | number)[] = [uniacid, enterpriseId];
  const add = (sql: string, ...values: (string | number)[]) => {
    where.push(sql);
    parameters.push(...values);
  };
  const { status, employee_member: owner, tags_data: tagId, time, customer, remark } = search;
  if (status) add('f.status = ?', Number(status));
  if (owner) add('f.userid = ?', owner);
  if (time) add('f.createtime BETWEEN ? AND ?', Number(time[0]), Number(time[1]));
  if (remark) add('INSTR(LOWER(f.remark), LOWER(?)) > 0', remark);
  if (customer) add('(c.external_userid = ? OR INSTR(LOWER(c.name), LOWER(?)) > 0)', customer, customer);
  if (tagId) {
    add(
      'f.id IN (SELECT l.follow_id FROM wechat_follow_tag l JOIN wechat_tag t ON t.id = l.tag_pk ' +
        'WHERE t.uniacid = ? AND t.crop_id = ? AND t.tag_id = ?)',
      uniacid,
      enterpriseId,
      tagId,
    );
  }
  return { where: where.join(' AND '), parameters, needsCustomer: Boolean(customer) };
}

export const JOIN_CUSTOMER =
  'LEFT JOIN wechat_customer c ON c.id = f.customer_pk AND c.uniacid = f.uniacid AND c.crop_id = f.crop_id ' +
  'AND c.deleted_at IS NULL';

const JOIN_EMPLOYEE =
  'LEFT JOIN wechat_employee e ON e.uniacid = f.uniacid AND e.business_id = f.crop_id AND e.user_id = f.userid ' +
  'AND e.deleted_at IS NULL';

/** The row of the list with its joins, in the order of `toFollowRow`. */
export const FOLLOW_SQL =
  `SELECT ${select('f', FOLLOW)}, ${select('c', CUSTOMER)}, ${select('e', EMPLOYEE)} ` +
  `FROM wechat_follow f ${JOIN_CUSTOMER} ${JOIN_EMPLOYEE}`;
