import type { EntityManager } from 'typeorm';
import { wallClock } from '../../base/time';
import type { Tenant } from '../../enterprise/tenant';
import { Follow } from '../entities/follow.entity';
import { changeFollows } from '../search-index/change-follows';
import { lockEnterprise } from '../search-index/revisions';
import { fitted } from './fit';

/** The properties of a follow that users write back to WeCom. */
const WRITTEN = ['remark', 'description', 'remarkCorpName', 'remarkMobiles', 'tagId'] as const;
export type Written = Pick<Follow, (typeof WRITTEN)[number]>;

/**
 * Stores what WeCom has of one follow after a write-back, in the caller's transaction, and marks the follow as touched:
 * no page that WeCom was asked for before overwrites it.
 * @param asked the enterprise's revision of follows before WeCom heard of the write, or was asked
 * @param change gives what the stored properties become
 * @returns false, and stores nothing, if an event or another write-back changed the follow since then
 */
export async function storeWritten(
  manager: EntityManager,
  tenant: Tenant,
  id: number,
  asked: number,
  change: (stored: Written) => Partial<Written>,
): Promise<boolean> {
  const { followsRevision } = await lockEnterprise(manager, tenant);
  const stored = await manager.findOneBy(Follow, { id, uniacid: tenant.uniacid, enterpriseId: tenant.enterpriseId });
  if (!stored) return true; // deleted meanwhile
  if (stored.touchedRevision > asked) return false;
  const next = fitted(manager.dataSource.getMetadata(Follow), change(stored));
  const isChanged = WRITTEN.some((property) => next[property] !== undefined && next[property] !== stored[property]);
  const stamp = isChanged ? { ...next, updatedAt: wallClock() } : {};
  await changeFollows(manager, tenant, [id], async () => {
    await manager.update(Follow, { id }, { ...stamp, touchedRevision: followsRevision + 1 });
    return [id];
  });
  return true;
}
