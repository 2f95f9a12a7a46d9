import type { EntityManager } from 'typeorm';
import { Enterprise } from '../../enterprise/entities/enterprise.entity';
import type { Tenant } from '../../enterprise/tenant';
import { CounterChanges } from './counters';
import { readFacts, readTagPks } from './facts';
import { deleteSearchRows, insertSearchRows } from './search-rows';

/**
 * Changes follows in the caller's transaction and updates their terms, tags and counters and the enterprise's revision,
 * in a fixed number of statements. Every change of a follow, or of its contact's name, type or member, must go through
 * here: the list finds and counts follows by these rows.
 * @param ids the existing follows to change; they stay locked until the transaction ends
 * @param change makes the change and returns the ids of all follows changed or created
 */
export async function changeFollows(
  manager: EntityManager,
  tenant: Tenant,
  ids: number[],
  change: () => Promise<number[]>,
): Promise<void> {
  await beginChange(manager, tenant);
  const tagPks = await readTagPks(manager, tenant);
  const counters = new CounterChanges();
  for (const follow of await readFacts(manager, tenant, tagPks, ids)) counters.remove(follow);
  await deleteSearchRows(manager, ids);
  const changed = await readFacts(manager, tenant, tagPks, await change());
  for (const follow of changed) counters.add(follow);
  await insertSearchRows(manager, tenant, changed);
  await counters.write(manager, tenant);
}

/**
 * Begins a change of an enterprise's follows by raising its revision: cached results are stale once the transaction
 * commits. Until then other changes wait here, before they hold any lock, instead of deadlocking over rows and
 * counters.
 */
export async function beginChange(manager: EntityManager, { uniacid, enterpriseId }: Tenant): Promise<void> {
  await manager.increment(Enterprise, { id: enterpriseId, uniacid }, 'followsRevision', 1);
}
