import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource, EntityManager } from 'typeorm';
import { inTransaction } from '../../database/transaction';
import type { Tenant } from '../../enterprise/tenant';
import { beginChange } from './change-follows';
import { copyFromContacts, lockFacts, readTagPks } from './facts';
import { byTenant, deletedFollows, liveFollows } from './follow-pages';
import { deleteRowsOfGone } from './gone';
import { recount } from './recount';
import { deleteSearchRows, insertSearchRows } from './search-rows';
import { findStale } from './stale';

/** Bounds the wait of a writer: some 20 ms, about what a server on SQLite waits for the lock before it pauses. */
const FOLLOWS_PER_MEND = 100;

/**
 * The least pause after that; it lasts as long as the mending took. On SQLite no queue gives writers the lock: they look
 * for a pause every 25 ms.
 */
const MIN_PAUSE_MS = 30;

/** What {@link reindex} did. */
export interface Reindexed {
  /** Follows compared with what is derived of them, deleted ones too. */
  checked: number;
  /** Those of them that were derived anew. */
  mended: number;
  /** Follows that are gone and had terms or tags left. */
  gone: number;
  /** Enterprises with a wrong counter. */
  miscounted: number;
}

/**
 * Derives what is wrong anew, for rows that were changed by SQL: copies, terms, tags, counters. It compares without a
 * lock and mends in small transactions, so it may run beside servers, be killed and run again, and run twice at once.
 * @throws OperatorError if others changed an enterprise's lists all the time
 */
export async function reindex(dataSource: DataSource): Promise<Reindexed> {
  const { manager } = dataSource;
  const result: Reindexed = { checked: 0, mended: 0, gone: await deleteRowsOfGone(manager), miscounted: 0 };
  const check = async (tenant: Tenant, ids: number[]) => {
    const stale = await findStale(manager, tenant, ids);
    for (let i = 0; i < stale.length; i += FOLLOWS_PER_MEND) {
      const begun = performance.now();
      await inTransaction(dataSource, (each) => mend(each, tenant, stale.slice(i, i + FOLLOWS_PER_MEND)));
      await sleep(Math.max(MIN_PAUSE_MS, performance.now() - begun));
    }
    result.checked += ids.length;
    result.mended += stale.length;
  };
  for await (const deleted of deletedFollows(manager)) {
    for (const [tenant, ids] of byTenant(deleted)) await check(tenant, ids);
  }
  for (const tenant of await tenants(manager)) {
    for await (const ids of liveFollows(manager, tenant)) await check(tenant, ids);
    if (await recount(dataSource, tenant)) result.miscounted++;
  }
  return result;
}

/** Derives follows anew, except for counters, which {@link recount} corrects once all of the enterprise's are mended. */
async function mend(manager: EntityManager, tenant: Tenant, ids: number[]): Promise<void> {
  await beginChange(manager, tenant);
  await copyFromContacts(manager, ids);
  const follows = await lockFacts(manager, tenant, await readTagPks(manager, tenant), ids);
  await deleteSearchRows(manager, ids);
  await insertSearchRows(manager, tenant, follows);
}

/** All tenants that have follows, counters or a row. */
async function tenants(manager: EntityManager): Promise<Tenant[]> {
  return manager.query<Tenant[]>(
    `SELECT uniacid, crop_id AS enterpriseId FROM wechat_follow GROUP BY uniacid, crop_id
     UNION SELECT uniacid, crop_id FROM wechat_follow_count GROUP BY uniacid, crop_id
     UNION SELECT uniacid, id FROM enterprise ORDER BY 1, 2`,
  );
}
