import type { EntityManager } from 'typeorm';
import type { Tenant } from '../../enterprise/tenant';
import { CounterChanges } from './counters';
import { copyFromContacts, readFacts, readTagPks } from './facts';
import { insertSearchRows } from './search-rows';

/**
 * Derives everything anew from the follows, their contacts and tags: after rows were changed by other means than this
 * program. It works through all enterprises; while it runs, filters of the list find too little.
 * @param report called with the number of follows done since its last call
 * @returns the number of live follows
 */
export async function rebuildFollowIndex(manager: EntityManager, report?: (done: number) => void): Promise<number> {
  for (const table of ['wechat_follow_term', 'wechat_follow_tag', 'wechat_follow_count']) {
    await manager.query(`DELETE FROM ${table}`);
  }
  await copyFromContacts(manager, '1 = 1', []);
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

/** Whether the newest follow was never indexed: it was added by other means than this program. */
export async function hasUnindexedFollows(manager: EntityManager): Promise<boolean> {
  const [newest] = await manager.query<{ id: number }[]>(
    `SELECT id FROM wechat_follow WHERE deleted_at IS NULL
       AND id > (SELECT COALESCE(MAX(newest_id), 0) FROM wechat_follow_count) LIMIT 1`,
  );
  return newest !== undefined;
}

async function rebuildEnterprise(
  manager: EntityManager,
  tenant: Tenant,
  report?: (done: number) => void,
): Promise<number> {
  let done = 0;
  const tagPks = await readTagPks(manager, tenant);
  const counters = new CounterChanges();
  for (let last = 0, ids: number[]; (ids = await nextIds(manager, tenant, last)).length > 0; last = ids.at(-1)!) {
    const follows = await readFacts(manager, tenant, tagPks, ids);
    for (const follow of follows) counters.add(follow);
    await insertSearchRows(manager, tenant, follows);
    done += ids.length;
    report?.(ids.length);
  }
  await counters.write(manager, tenant);
  return done;
}

async function nextIds(manager: EntityManager, { uniacid, enterpriseId }: Tenant, last: number): Promise<number[]> {
  const rows = await manager.query<{ id: number }[]>(
    'SELECT id FROM wechat_follow WHERE uniacid = ? AND crop_id = ? AND deleted_at IS NULL AND id > ? ORDER BY id LIMIT 1000',
    [uniacid, enterpriseId, last],
  );
  return rows.map(({ id }) => id);
}
