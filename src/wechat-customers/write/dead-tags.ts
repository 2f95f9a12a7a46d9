import type { EntityManager } from 'typeorm';
import { placeholders } from '../../database/where';
import type { Tenant } from '../../enterprise/tenant';
import type { Follow } from '../entities/follow.entity';
import { tagIdsOf } from '../tag-ids';

/** Bounds the ids that one statement is asked for; of more than these, all are read. */
const MAX_ASKED = 2000;

/**
 * Takes deleted tags off the follows of a page, in a transaction that has locked the enterprise: WeCom was asked before
 * they were deleted, or tells of them still. An id that is not known stays.
 * @param before the `tag_id` that a follow has stored, which names no deleted one: only ids it lacks are looked up
 */
export async function withoutDeadTags<Given extends { follow: Partial<Follow> }>(
  manager: EntityManager,
  tenant: Tenant,
  given: Given[],
  before: (each: Given) => string,
): Promise<Given[]> {
  const dead = await deletedAmong(manager, tenant, new Set(given.flatMap((each) => addedIds(each, before(each)))));
  if (dead.size === 0) return given;
  const living = (tagId = '') => tagIdsOf(tagId).filter((id) => !dead.has(id));
  return given.map((each) => ({ ...each, follow: { ...each.follow, tagId: living(each.follow.tagId).join(',') } }));
}

function addedIds({ follow: { tagId = '' } }: { follow: Partial<Follow> }, before: string): string[] {
  if (tagId === before) return [];
  const known = new Set(tagIdsOf(before));
  return tagIdsOf(tagId).filter((id) => !known.has(id));
}

/** No ids: no statement. */
async function deletedAmong(
  manager: EntityManager,
  { uniacid, enterpriseId }: Tenant,
  tagIds: ReadonlySet<string>,
): Promise<Set<string>> {
  if (tagIds.size === 0) return new Set();
  const ids = tagIds.size <= MAX_ASKED ? [...tagIds] : [];
  const rows = await manager.query<{ tag_id: string }[]>(
    `SELECT tag_id FROM wechat_tag WHERE uniacid = ? AND crop_id = ? AND deleted_at IS NOT NULL
     ${ids.length > 0 ? `AND tag_id IN (${placeholders(ids)})` : ''}`,
    [uniacid, enterpriseId, ...ids],
  );
  return new Set(rows.map(({ tag_id }) => tag_id));
}
