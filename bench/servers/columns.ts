import type { FollowRow } from './by-hand';

/** The columns of each row on the wire, in the contract's order. */

export const RELATION = [
  'user_id',
  'customer_id',
  'template',
  'script',
  'reference',
  'created',
  'is_available',
  'boss_sync',
] as const;

export const FOLLOW = (
  'id uniacid crop_id uid userid external_userid remark description customer_create_time remark_corp_name ' +
  'remark_mobiles oper_userid tag_id createtime add_way state status created_at updated_at deleted_at'
).split(' ');

export const CUSTOMER = (
  'id uniacid crop_id uid external_userid name avatar external_type gender unionid position corp_name ' +
  'corp_full_name external_profile is_member created_at updated_at deleted_at'
).split(' ');

export const EMPLOYEE = (
  'id uniacid business_id uid user_id name mobile position gender telephone email avatar alias status qr_code ' +
  'address open_userid main_department updated_at created_at deleted_at right_type disabled'
).split(' ');

export const TAG =
  'id uniacid crop_id tag_id name create_time order created_at updated_at deleted_at group_id group_name'.split(' ');

/** `alias.column, …` for a SELECT list; backquotes, which both engines accept, because of the column `order`. */
export const select = (alias: string, columns: readonly string[]): string =>
  columns.map((column) => `${alias}.\`${column}\``).join(', ');

/** Names the columns of a row that holds {@link FOLLOW}, {@link CUSTOMER} and {@link EMPLOYEE} by position. */
export function toFollowRow(row: unknown[]): FollowRow {
  const afterFollow = FOLLOW.length;
  const afterCustomer = afterFollow + CUSTOMER.length;
  return {
    follow: named(row, 0, FOLLOW) as FollowRow['follow'],
    customer: row[afterFollow] === null ? null : named(row, afterFollow, CUSTOMER),
    employee: row[afterCustomer] === null ? null : named(row, afterCustomer, EMPLOYEE),
  };
}

function named(row: unknown[], start: number, columns: string[]): object {
  const object: Record<string, unknown> = {};
  for (let i = 0; i < columns.length; i++) object[columns[i]!] = row[start + i];
  return object;
}
