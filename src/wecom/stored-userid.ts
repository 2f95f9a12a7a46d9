import { EntityManager, FindOperator, Raw } from 'typeorm';
import { sameTextSql } from '../database/same-text';
import type { Tenant } from '../enterprise/tenant';
import { ALL_OWNERS, ownerSubset } from '../wechat-customers/search-index/counters';

/*
 * WeCom's userids are the same in upper and lower case, and it writes one now so, now so. Ours are compared by bytes: a
 * userid of WeCom is stored, and looked for, as the enterprise has it.
 */

/** Whether two userids are of one employee. */
export const isSameUserid = (one: string, other: string): boolean => foldedUserid(one) === foldedUserid(other);

/** A userid as a key that is the same in any case. */
export const foldedUserid = (userid: string): string => userid.toLowerCase();

/** {@link isSameUserid} for the `where` of TypeORM's `find`: no index knows it. */
export const sameUserid = (userid: string): FindOperator<string> =>
  Raw((column) => `LOWER(${column}) = :folded`, { folded: foldedUserid(userid) }) as FindOperator<string>;

/**
 * A userid as the enterprise has it: the very same if an employee or follow has it, else the one of an employee, else of
 * follows, that differs by case only; as given if there is none, or more than one.
 */
export async function storedUserid(manager: EntityManager, tenant: Tenant, userid: string): Promise<string> {
  if (await isStored(manager, tenant, userid)) return userid;
  const ofEmployees = await employeesLike(manager, tenant, userid);
  const like = ofEmployees.length > 0 ? ofEmployees : await ownersLike(manager, tenant, userid);
  return like.length === 1 ? like[0]! : userid;
}

async function isStored(manager: EntityManager, { uniacid, enterpriseId }: Tenant, userid: string): Promise<boolean> {
  const rows = await manager.query<unknown[]>(
    `SELECT id FROM wechat_employee WHERE uniacid = ? AND business_id = ? AND ${sameTextSql('user_id')}
     UNION ALL SELECT id FROM wechat_follow WHERE uniacid = ? AND crop_id = ? AND ${sameTextSql('userid')} LIMIT 1`,
    [uniacid, enterpriseId, userid, userid, uniacid, enterpriseId, userid, userid],
  );
  return rows.length > 0;
}

async function employeesLike(
  manager: EntityManager,
  { uniacid, enterpriseId }: Tenant,
  userid: string,
): Promise<string[]> {
  const rows = await manager.query<{ userid: string }[]>(
    `SELECT user_id AS userid FROM wechat_employee WHERE uniacid = ? AND business_id = ? AND LOWER(user_id) = ?`,
    [uniacid, enterpriseId, foldedUserid(userid)],
  );
  return rows.map((row) => row.userid);
}

/** Read from the counters, of which an owner has some, where it may have ten thousand follows. */
async function ownersLike(
  manager: EntityManager,
  { uniacid, enterpriseId }: Tenant,
  userid: string,
): Promise<string[]> {
  const rows = await manager.query<{ subset: string }[]>(
    `SELECT DISTINCT subset FROM wechat_follow_count
     WHERE uniacid = ? AND crop_id = ? AND subset >= ? AND subset < ? AND LOWER(subset) = ? AND n > 0`,
    [uniacid, enterpriseId, ALL_OWNERS.first, ALL_OWNERS.last, ownerSubset(foldedUserid(userid))],
  );
  return rows.map(({ subset }) => subset.slice(ALL_OWNERS.first.length));
}
