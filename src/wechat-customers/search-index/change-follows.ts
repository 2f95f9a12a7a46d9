import type { EntityManager } from 'typeorm';
import type { Tenant } from '../../enterprise/tenant';
import { CounterChanges } from './counters';
import { lockFacts, readTagPks } from './facts';
import { raiseFollows } from './revisions';
import { storedTags } from './stale';
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
  const before = await lockFacts(manager, tenant, tagPks, ids);
  const links = await storedTags(manager, ids); // they say how it was counted: a tag may be newer than the follow
  for (const follow of before) counters.remove({ ...follow, tagPks: links.get(follow.id) ?? [] });
  await deleteSearchRows(manager, ids);
  const changed = await lockFacts(manager, tenant, tagPks, await change());
  for (const follow of changed) counters.add(follow);
  await insertSearchRows(manager, tenant, changed);
  await counters.write(manager, tenant);
}

/**
 * Begins a change of an enterprise's follows by raising its revision: cached results are stale once the transaction
 * commits. Until then other changes wait here, before they hold any lock, instead of deadlocking over rows and
 * counters.
 */
export async function beginChange(manager: EntityManager, tenant: Tenant): Promise<void> {
  await raiseFollows(manager, tenant);
}
