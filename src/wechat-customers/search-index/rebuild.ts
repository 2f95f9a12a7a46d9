import type { EntityManager } from 'typeorm';
import type { Tenant } from '../../enterprise/tenant';
import { CounterChanges } from './counters';
import { copyFromContacts, lockFacts, readTagPks } from './facts';
import { liveFollows } from './follow-pages';
import { insertSearchRows } from './search-rows';

/**
 * Deletes the search rows of all enterprises and derives them from follows, contacts and tags: for tables that were
 * just filled. Run it in a transaction: until it is done, the list finds too little. Beside servers use `reindex`.
 * @param report called with the number of follows indexed since the last call
 * @returns the number of live follows
 */
export async function rebuildFollowIndex(manager: EntityManager, report?: (done: number) => void): Promise<number> {
  for (const table of ['wechat_follow_term', 'wechat_follow_tag', 'wechat_follow_count']) {
    await manager.query(`DELETE FROM ${table}`);
  }
  await copyFromContacts(manager);
  const tenants = await manager.query<{ uniacid: number; crop_id: number }[]>(
    'SELECT uniacid, crop_id FROM wechat_follow GROUP BY uniacid, crop_id',
  );
  let follows = 0;
  for (const { uniacid, crop_id: enterpriseId } of tenants) {
    follows += await rebuildEnterprise(manager, { uniacid, enterpriseId }, report);
  }
  await manager.query(
    'UPDATE enterprise SET follows_revision = follows_revision + 1, lists_revision = lists_revision + 1',
  );
  return follows;
}

/** Whether there are follows and no search rows at all, as after the migration that makes their tables. */
export async function isNeverIndexed(manager: EntityManager): Promise<boolean> {
  const [follow] = await manager.query<unknown[]>(
    `SELECT 1 FROM wechat_follow WHERE deleted_at IS NULL AND NOT EXISTS (SELECT 1 FROM wechat_follow_count) LIMIT 1`,
  );
  return follow !== undefined;
}

async function rebuildEnterprise(
  manager: EntityManager,
  tenant: Tenant,
  report?: (done: number) => void,
): Promise<number> {
  let done = 0;
  const tagPks = await readTagPks(manager, tenant);
  const counters = new CounterChanges();
  for await (const ids of liveFollows(manager, tenant)) {
    const follows = await lockFacts(manager, tenant, tagPks, ids);
    for (const follow of follows) counters.add(follow);
    await insertSearchRows(manager, tenant, follows);
    done += ids.length;
    report?.(ids.length);
  }
  await counters.write(manager, tenant);
  return done;
}
