import type { EntityManager } from 'typeorm';
import { Enterprise } from '../../enterprise/entities/enterprise.entity';
import type { Tenant } from '../../enterprise/tenant';
import { CounterChanges } from './counters';
import { readFacts, readTagPks } from './facts';
import { deleteSearchRows, insertSearchRows } from './search-rows';

/**
 * Runs a change of follows in the caller's transaction and brings terms, tags, counters and the enterprise's revision in
 * line: a fixed number of statements, however many follows. Every change of a follow, and of its contact's name, type or
 * member, goes through here, because the list finds and counts follows by these rows.
 * @param ids the follows that exist before and are about to change; they stay locked until the transaction ends
 * @param change makes the change and answers the ids of the follows to look at afterwards: changed and new ones
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
 * Begins a change of an enterprise's follows: what was kept of them is out of date once the transaction commits, and until
 * then other changes wait here, where they hold nothing yet, instead of deadlocking over rows and counters.
 */
export async function beginChange(manager: EntityManager, { uniacid, enterpriseId }: Tenant): Promise<void> {
  await manager.increment(Enterprise, { id: enterpriseId, uniacid }, 'followsRevision', 1);
}
