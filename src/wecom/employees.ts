import type { EntityManager } from 'typeorm';
import type { Tenant } from '../enterprise/tenant';
import { foldedUserid } from './stored-userid';

/** The userids with live follows whose employee is not known to have left, in order, that the follow list does not have. */
export async function missingEmployees(
  manager: EntityManager,
  tenant: Tenant,
  followers: readonly string[],
): Promise<string[]> {
  const [following, left] = [await followingUserids(manager, tenant), await employeeUserids(manager, tenant, 'left')];
  const accounted = new Set([...followers, ...left].map(foldedUserid));
  return following.filter((userid) => !accounted.has(foldedUserid(userid)));
}

/** The follow list, each employee once, by the userid under which we know it if that differs by case only. */
export async function asStored(
  manager: EntityManager,
  tenant: Tenant,
  followers: readonly string[],
): Promise<string[]> {
  const known = [...(await followingUserids(manager, tenant)), ...(await employeeUserids(manager, tenant, 'all'))];
  const exact = new Set(known);
  const stored = new Map(known.map((userid) => [foldedUserid(userid), userid])); // an employee's before a follow's
  const userids = followers.map((userid) =>
    exact.has(userid) ? userid : (stored.get(foldedUserid(userid)) ?? userid),
  );
  return [...new Map(userids.map((userid) => [foldedUserid(userid), userid])).values()];
}

async function followingUserids(manager: EntityManager, { uniacid, enterpriseId }: Tenant): Promise<string[]> {
  const rows = await manager.query<{ userid: string }[]>(
    `SELECT DISTINCT userid FROM wechat_follow
     WHERE uniacid = ? AND crop_id = ? AND deleted_at IS NULL AND status = 1 ORDER BY userid`,
    [uniacid, enterpriseId],
  );
  return rows.map(({ userid }) => userid);
}

async function employeeUserids(
  manager: EntityManager,
  { uniacid, enterpriseId }: Tenant,
  which: 'all' | 'left',
): Promise<string[]> {
  const rows = await manager.query<{ userid: string }[]>(
    `SELECT user_id AS userid FROM wechat_employee
     WHERE uniacid = ? AND business_id = ? ${which === 'left' ? 'AND deleted_at IS NOT NULL' : ''} ORDER BY user_id`,
    [uniacid, enterpriseId],
  );
  return rows.map(({ userid }) => userid);
}
