import type { EntityManager } from 'typeorm';
import { wallClock } from '../../base/time';
import { dialectOf } from '../../database/dialect';
import { idsOf } from '../../database/pages';
import { Rows } from '../../database/rows';
import { sameTextSql } from '../../database/same-text';
import { assertStorable } from '../../database/storable';
import { placeholders } from '../../database/where';
import type { Tenant } from '../../enterprise/tenant';
import { Employee } from '../entities/employee.entity';
import { Follow } from '../entities/follow.entity';
import { FollowHistory } from '../entities/follow-history.entity';
import { beginChange } from '../search-index/change-follows';
import { Count, CounterChanges, countedWay, ownerSubset } from '../search-index/counters';
import { deriveChanges } from '../search-index/derive';
import { readTagPks } from '../search-index/facts';
import { lockEnterprise, raiseLists } from '../search-index/revisions';
import { storedTags } from '../search-index/stale';
import { tagIdsOf } from '../tag-ids';
import { LOST, mayReturn, NORMAL } from './compare';
import { EMPLOYEE_FIELDS, readEmployees } from './employees';
import { factsOf } from './facts-of';
import { FOLLOW_FIELDS } from './seen';

/** Bounds the follows of both names that are merged at once. */
const PAIRS_PER_STEP = 500;

/**
 * Gives an employee another userid in the caller's transaction: its row, its follows, and what accounts are bound to it.
 *
 * What stands under both names is merged, and nothing is lost: the row under the old name stays, with its id, member and
 * history, and gets from the row under the new name what WeCom says. It is lost or normal as if WeCom had just shown the
 * other: what its contact ended returns only after a later addition, and a loss under the new name is the newer one.
 * @throws Unstorable for a userid that no key can hold
 * @throws StaleSnapshot if the transaction has read before another changed the enterprise; `inTransaction` repeats it
 */
export async function renameEmployee(manager: EntityManager, tenant: Tenant, from: string, to: string): Promise<void> {
  if (from === to) return;
  assertStorable(manager.dataSource.getMetadata(Employee), { userid: to });
  const { followsRevision } = await lockEnterprise(manager, tenant);
  const isEmployee = await renameRow(manager, tenant, from, to);
  const isBound = await renameBindings(manager, tenant, from, to);
  if (isEmployee || isBound) await raiseLists(manager, tenant);
  if (!(await hasFollows(manager, tenant, from))) return;
  await beginChange(manager, tenant);
  await mergeFollows(manager, tenant, from, to, followsRevision + 1);
  await moveFollows(manager, tenant, from, to, followsRevision + 1);
}

/** @returns whether there was a row under the old name */
async function renameRow(manager: EntityManager, tenant: Tenant, from: string, to: string): Promise<boolean> {
  const known = await readEmployees(manager, tenant, [from, to]);
  const [old, other] = [known.get(from), known.get(to)];
  if (!old) return false;
  const isOtherLive = other?.deletedAt === null;
  const fields = isOtherLive ? Object.fromEntries(EMPLOYEE_FIELDS.map((field) => [field, other[field]])) : {};
  if (other) await manager.query('DELETE FROM wechat_employee WHERE id = ?', [other.id]);
  const next: Employee = {
    ...old,
    ...fields,
    userid: to,
    memberUid: old.memberUid || (other?.memberUid ?? 0),
    deletedAt: isOtherLive ? null : old.deletedAt,
    updatedAt: wallClock(),
  };
  await new Rows(manager, Employee).update(
    [next],
    [...EMPLOYEE_FIELDS, 'userid', 'memberUid', 'deletedAt', 'updatedAt'],
  );
  return true;
}

/** Otherwise an account bound to the employee would see no follow any more. */
async function renameBindings(manager: EntityManager, tenant: Tenant, from: string, to: string): Promise<boolean> {
  const of = `uniacid = ? AND business_id = ? AND ${sameTextSql('userid')}`;
  const values = [tenant.uniacid, tenant.enterpriseId, from, from];
  const bound = await manager.query<unknown[]>(`SELECT user_id FROM enterprise_right WHERE ${of}`, values);
  if (bound.length > 0) await manager.query(`UPDATE enterprise_right SET userid = ? WHERE ${of}`, [to, ...values]);
  return bound.length > 0;
}

const OF_OWNER = `wechat_follow.uniacid = ? AND wechat_follow.crop_id = ? AND ${sameTextSql('wechat_follow.userid')}`;

const ofOwner = ({ uniacid, enterpriseId }: Tenant, userid: string) => [uniacid, enterpriseId, userid, userid];

async function hasFollows(manager: EntityManager, tenant: Tenant, userid: string): Promise<boolean> {
  const rows = await manager.query<unknown[]>(
    `SELECT id FROM wechat_follow WHERE ${OF_OWNER} LIMIT 1`,
    ofOwner(tenant, userid),
  );
  return rows.length > 0;
}

/** Leaves one row of each contact that both names follow: the one under the old name. */
async function mergeFollows(
  manager: EntityManager,
  tenant: Tenant,
  from: string,
  to: string,
  revision: number,
): Promise<void> {
  const pairs = await manager.query<{ old: number; other: number }[]>(
    `SELECT wechat_follow.id AS old, other.id AS other FROM wechat_follow
     JOIN wechat_follow other ON other.uniacid = wechat_follow.uniacid AND other.crop_id = wechat_follow.crop_id
       AND ${sameTextSql('other.userid')} AND ${sameTextSql('other.external_userid', 'wechat_follow.external_userid')}
     WHERE ${OF_OWNER}`,
    [to, to, ...ofOwner(tenant, from)],
  );
  for (let i = 0; i < pairs.length; i += PAIRS_PER_STEP) {
    await mergePairs(manager, tenant, pairs.slice(i, i + PAIRS_PER_STEP), revision);
  }
}

async function mergePairs(
  manager: EntityManager,
  tenant: Tenant,
  pairs: { old: number; other: number }[],
  revision: number,
): Promise<void> {
  const ids = pairs.flatMap(({ old, other }) => [old, other]);
  const rows = new Rows(manager, Follow);
  const found = await rows.read(`id IN (${placeholders(ids)})`, ids);
  const byId = new Map(found.map((follow) => [follow.id, follow]));
  const links = await storedTags(manager, ids);
  const tagPks = await readTagPks(manager, tenant);
  const merged = pairs.map(({ old, other }) => {
    const [stored, gone] = [byId.get(old)!, byId.get(other)!];
    return { stored, gone, next: mergeFollow(stored, gone, revision) };
  });
  const names = await namesOf(manager, found);
  const changes = merged.flatMap(({ stored, gone, next }) => {
    const name = names.get(stored.id) ?? null;
    const factsBefore = (follow: Follow) =>
      follow.deletedAt === null ? factsOf(follow, name, links.get(follow.id) ?? []) : undefined;
    const pks = [...new Set(tagIdsOf(next.tagId).flatMap((id) => tagPks.get(id) ?? []))];
    const after = next.deletedAt === null ? factsOf(next, name, pks) : undefined;
    return [{ before: factsBefore(stored), after }, { before: factsBefore(gone) }];
  });
  await moveHistory(manager, tenant, merged);
  const others = merged.map(({ gone }) => gone.id);
  await manager.query(`DELETE FROM wechat_follow WHERE id IN (${placeholders(others)})`, others);
  await rows.update(
    merged.map(({ next }) => next),
    [
      ...FOLLOW_FIELDS,
      'memberUid',
      'status',
      'lostAt',
      'lostBy',
      'touchedRevision',
      'eventTime',
      'updatedAt',
      'deletedAt',
    ],
  );
  await deriveChanges(manager, tenant, changes);
}

/** The row under the old name, with what the one under the new name says. */
function mergeFollow(old: Follow, other: Follow, revision: number): Follow {
  const marks = {
    touchedRevision: revision,
    eventTime: Math.max(old.eventTime, other.eventTime),
    memberUid: old.memberUid || other.memberUid,
  };
  if (other.deletedAt !== null) return { ...old, ...marks };
  const fields = Object.fromEntries(FOLLOW_FIELDS.map((field) => [field, other[field]]));
  const next: Follow = { ...old, ...fields, ...marks, deletedAt: null, updatedAt: wallClock() };
  if (other.status === LOST) return { ...next, status: LOST, lostAt: other.lostAt, lostBy: other.lostBy };
  return old.status === LOST && mayReturn(old, other) ? { ...next, status: NORMAL, lostAt: null, lostBy: '' } : next;
}

async function namesOf(manager: EntityManager, follows: Follow[]): Promise<Map<number, string>> {
  const ids = idsOf(follows);
  const rows = await manager.query<{ id: number; name: string }[]>(
    `SELECT wechat_follow.id, contact.name FROM wechat_follow JOIN wechat_customer contact
       ON contact.uniacid = wechat_follow.uniacid AND contact.crop_id = wechat_follow.crop_id
       AND ${sameTextSql('contact.external_userid', 'wechat_follow.external_userid')} AND contact.deleted_at IS NULL
     WHERE wechat_follow.id IN (${placeholders(ids)})`,
    ids,
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** The history of both, and the return if the merged row is no longer lost. */
async function moveHistory(
  manager: EntityManager,
  tenant: Tenant,
  merged: { stored: Follow; gone: Follow; next: Follow }[],
): Promise<void> {
  const history = new Rows(manager, FollowHistory);
  const others = merged.map(({ gone }) => gone.id);
  const moved = await history.read(`uniacid = ? AND crop_id = ? AND follow_id IN (${placeholders(others)})`, [
    tenant.uniacid,
    tenant.enterpriseId,
    ...others,
  ]);
  const newIds = new Map(merged.map(({ gone, stored }) => [gone.id, stored.id]));
  await history.update(
    moved.map((entry) => ({ ...entry, followId: newIds.get(entry.followId)! })),
    ['followId'],
  );
  const returned = merged.filter(({ stored, next }) => stored.status === LOST && next.status !== LOST);
  await history.add(
    returned.map(({ stored }) => ({
      ...tenant,
      followId: stored.id,
      event: 'returned' as const,
      by: 'event' as const,
      at: wallClock(),
    })),
  );
}

/** What follows are found by does not change with the name, except for the counters of the owner. */
async function moveFollows(
  manager: EntityManager,
  tenant: Tenant,
  from: string,
  to: string,
  revision: number,
): Promise<void> {
  // Grouped by bytes: `=` and GROUP BY ignore blanks at the end on MySQL.
  const way = dialectOf(manager.dataSource).bytesOf('add_way');
  const counted = await manager.query<
    { status: number; add_way: string; external_type: number; n: number; newestId: number }[]
  >(
    `SELECT status, MIN(add_way) AS add_way, external_type, COUNT(*) AS n, MAX(id) AS newestId FROM wechat_follow
     WHERE ${OF_OWNER} AND deleted_at IS NULL GROUP BY status, ${way}, external_type`,
    ofOwner(tenant, from),
  );
  const counters = new CounterChanges();
  for (const { status, add_way, external_type, n, newestId } of counted) {
    const values = [status, countedWay(add_way), external_type];
    const count = (userid: string, change: number): Count => ({
      key: [ownerSubset(userid), ...values],
      n: change,
      newestId: change > 0 ? newestId : 0,
    });
    counters.sum(count(from, -n));
    counters.sum(count(to, n));
  }
  await counters.write(manager, tenant);
  await manager.query(`UPDATE wechat_follow SET userid = ?, updated_at = ?, touched_revision = ? WHERE ${OF_OWNER}`, [
    to,
    wallClock(),
    revision,
    ...ofOwner(tenant, from),
  ]);
}
