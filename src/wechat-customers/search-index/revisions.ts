import type { EntityManager } from 'typeorm';
import { dialectOf } from '../../database/dialect';
import { StaleSnapshot } from '../../database/errors';
import { sendChange } from '../../database/transaction';
import type { Tenant } from '../../enterprise/tenant';

/** An enterprise's revisions as a transaction reads them. */
export interface Revisions {
  followsRevision: number;
  listsRevision: number;
}

/**
 * The enterprise's row, found by its primary key: where a statement finds it by `ix_enterprise_uniacid`, it locks index and
 * row in another order than one by the key, and two of these deadlock. Computed, `uniacid` cannot be looked up.
 */
const BY_KEY = 'id = ? AND uniacid + 0 = ?';

const keyOf = ({ uniacid, enterpriseId }: Tenant) => [enterpriseId, uniacid];

/**
 * Makes other writers of the enterprise wait until the transaction ends, before any of them holds another lock: so no
 * two can deadlock. Changes nothing. What the transaction reads afterwards, without locks too, is what the last writer
 * left.
 * @throws StaleSnapshot if the transaction reads an earlier moment, as it has read before; `inTransaction` repeats it
 * @throws Error for an enterprise that does not exist
 */
export async function lockEnterprise(manager: EntityManager, tenant: Tenant): Promise<Revisions> {
  const locked = await lockRow(manager, tenant);
  assertFresh(locked, await readRevisions(manager, tenant));
  return locked;
}

/** {@link lockEnterprise} for a caller that reads the revisions beside something else, and calls {@link assertFresh}. */
export async function lockRow(manager: EntityManager, tenant: Tenant): Promise<Revisions> {
  const { forUpdate } = dialectOf(manager.dataSource);
  // SQLite takes its lock at the first change, and refuses it to a transaction that has read what changed since.
  if (!forUpdate) {
    await manager.query(`UPDATE enterprise SET lists_revision = lists_revision WHERE ${BY_KEY}`, keyOf(tenant));
  }
  const locked = await readRevisions(manager, tenant, forUpdate);
  if (!locked) throw new Error(`enterprise ${tenant.enterpriseId} of ${tenant.uniacid} does not exist`);
  return locked;
}

/** @throws StaleSnapshot unless the revisions that a plain read found are those of {@link lockRow} */
export function assertFresh(locked: Revisions, read: Revisions | undefined): void {
  const isFresh = locked.followsRevision === read?.followsRevision && locked.listsRevision === read.listsRevision;
  if (!isFresh) throw new StaleSnapshot('the transaction reads what another has changed since');
}

/** Reads the revision of an enterprise's follows, as is to be done before WeCom is asked for some; 0 without a row. */
export async function readRevision(manager: EntityManager, tenant: Tenant): Promise<number> {
  return (await readRevisions(manager, tenant))?.followsRevision ?? 0;
}

/** Reads the revision of an enterprise's tags and employees, as is to be done before WeCom is asked for the tags. */
export async function readListsRevision(manager: EntityManager, tenant: Tenant): Promise<number> {
  return (await readRevisions(manager, tenant))?.listsRevision ?? 0;
}

async function readRevisions(manager: EntityManager, tenant: Tenant, lock = ''): Promise<Revisions | undefined> {
  const [row] = await manager.query<Revisions[]>(
    `SELECT follows_revision AS followsRevision, lists_revision AS listsRevision
     FROM enterprise WHERE ${BY_KEY} ${lock}`,
    keyOf(tenant),
  );
  return row;
}

/** Raises the revision of an enterprise's follows: cached results are stale once the transaction commits. */
export async function raiseFollows(manager: EntityManager, tenant: Tenant): Promise<void> {
  await manager.query(`UPDATE enterprise SET follows_revision = follows_revision + 1 WHERE ${BY_KEY}`, keyOf(tenant));
}

/** Raises the revision of an enterprise's tags and employees: cached lists are stale once the transaction commits. */
export async function raiseLists(manager: EntityManager, tenant: Tenant): Promise<void> {
  await manager.query(`UPDATE enterprise SET lists_revision = lists_revision + 1 WHERE ${BY_KEY}`, keyOf(tenant));
}

/**
 * Raises both revisions, if that of tags and employees is still `listsRevision`.
 * @returns whether it is
 */
export async function raiseBoth(manager: EntityManager, tenant: Tenant, listsRevision: number): Promise<boolean> {
  const changed = await sendChange(manager, {
    sql: `UPDATE enterprise SET follows_revision = follows_revision + 1, lists_revision = lists_revision + 1
          WHERE ${BY_KEY} AND lists_revision = ?`,
    values: [...keyOf(tenant), listsRevision],
  });
  return changed > 0;
}
