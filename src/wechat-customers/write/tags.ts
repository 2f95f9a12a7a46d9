import type { DataSource, EntityManager } from 'typeorm';
import { wallClock } from '../../base/time';
import { idsOf } from '../../database/pages';
import { Rows } from '../../database/rows';
import { assertStorable } from '../../database/storable';
import { inTransaction } from '../../database/transaction';
import { placeholders } from '../../database/where';
import type { Tenant } from '../../enterprise/tenant';
import { Follow } from '../entities/follow.entity';
import { Tag, TAG_TYPES } from '../entities/tag.entity';
import { changeFollows } from '../search-index/change-follows';
import { lockEnterprise, raiseLists } from '../search-index/revisions';
import { tagIdsOf } from '../tag-ids';
import { fitted } from './fit';
import { FOLLOWS_PER_STEP, linkTags } from './link-tags';

/** What WeCom says of a tag of the enterprise. */
export const TAG_FIELDS = ['name', 'createTime', 'order', 'groupId', 'groupName'] as const satisfies (keyof Tag)[];

export type TagData = Pick<Tag, 'tagId' | (typeof TAG_FIELDS)[number]>;

/**
 * Stores the whole list of an enterprise's tags, in transactions of its own: it may be killed and run again, beside other
 * writers and itself. Follows that already name a new tag are linked to it; a tag that is gone is first taken off its
 * follows and then deleted. Employees' own tags are left alone.
 * @param asked the enterprise's revision of lists before WeCom was asked (`readListsRevision`); without it the list is
 *   stored in any case
 * @returns 'stale', and stores nothing, if tags or employees were changed since
 * @throws Unstorable for an id of WeCom that no key can hold
 */
export async function storeTags(
  dataSource: DataSource,
  tenant: Tenant,
  tags: TagData[],
  asked?: number,
): Promise<{ isChanged: boolean } | 'stale'> {
  const metadata = dataSource.getMetadata(Tag);
  const given = new Map(tags.map((tag) => [tag.tagId, fitted(metadata, tag)]));
  for (const tag of given.values()) assertStorable(metadata, tag);
  const listed = await inTransaction(dataSource, async (manager) => {
    const { listsRevision } = await lockEnterprise(manager, tenant);
    return asked === undefined || asked === listsRevision ? storeList(manager, tenant, given) : undefined;
  });
  if (!listed) return 'stale';
  const { unlinked, gone, isChanged } = listed;
  await linkTags(dataSource, tenant, unlinked);
  if (gone.length > 0) await removeTags(dataSource, tenant, gone);
  return { isChanged: isChanged || gone.length > 0 };
}

interface Listed {
  isChanged: boolean;
  /** Tags whose follows are to be linked. */
  unlinked: Tag[];
  /** Tags that WeCom no longer has. */
  gone: Tag[];
}

/** In a transaction that has locked the enterprise. */
async function storeList(manager: EntityManager, tenant: Tenant, given: Map<string, TagData>): Promise<Listed> {
  const rows = new Rows(manager, Tag);
  const stored = await readTags(rows, tenant);
  const known = new Map(stored.map((tag) => [tag.tagId, tag]));
  const now = wallClock();
  const added: Tag[] = [];
  const changed: Tag[] = [];
  for (const tag of given.values()) {
    const before = known.get(tag.tagId);
    if (!before) added.push({ ...newTag(tenant, now), ...tag });
    else if (before.deletedAt !== null) changed.push({ ...before, ...tag, ...REVIVED, updatedAt: now });
    else if (before.type !== TAG_TYPES.enterprise || TAG_FIELDS.some((field) => before[field] !== tag[field])) {
      changed.push({ ...before, ...tag, type: TAG_TYPES.enterprise, updatedAt: now });
    }
  }
  await rows.add(added);
  await rows.update(changed, [...TAG_FIELDS, 'type', 'isLinked', 'updatedAt', 'deletedAt']);
  const isChanged = added.length + changed.length > 0;
  if (isChanged) await raiseLists(manager, tenant);
  const live = (isChanged ? await readTags(rows, tenant) : stored).filter(({ deletedAt }) => deletedAt === null);
  return {
    isChanged,
    unlinked: live.filter(({ isLinked, tagId }) => isLinked === 0 && given.has(tagId)),
    gone: live.filter(({ type, tagId }) => type === TAG_TYPES.enterprise && !given.has(tagId)),
  };
}

const readTags = (rows: Rows<Tag>, { uniacid, enterpriseId }: Tenant) =>
  rows.read('uniacid = ? AND crop_id = ?', [uniacid, enterpriseId]);

/** Takes tags off the follows that have them, then deletes them. */
async function removeTags(dataSource: DataSource, tenant: Tenant, tags: Tag[]): Promise<void> {
  for (const tag of tags) while (await inTransaction(dataSource, (manager) => takeOff(manager, tenant, tag))) continue;
  await inTransaction(dataSource, async (manager) => {
    await lockEnterprise(manager, tenant);
    for (const tag of tags) while (await takeOff(manager, tenant, tag)) continue; // what others have stored since
    const [now, ids] = [wallClock(), idsOf(tags)];
    await manager.query(`UPDATE wechat_tag SET deleted_at = ?, updated_at = ? WHERE id IN (${placeholders(ids)})`, [
      ...[now, now],
      ...ids,
    ]);
    await raiseLists(manager, tenant);
  });
}

/** Some of the follows that are linked to a tag. */
async function linkedFollows(manager: EntityManager, tenant: Tenant, tagPk: number): Promise<number[]> {
  return idsOf(
    await manager.query<{ id: number }[]>(
      `SELECT wechat_follow.id FROM wechat_follow_tag
       JOIN wechat_follow ON wechat_follow.id = wechat_follow_tag.follow_id AND wechat_follow.uniacid = ?
         AND wechat_follow.crop_id = ? AND wechat_follow.deleted_at IS NULL
       WHERE wechat_follow_tag.tag_pk = ? ORDER BY wechat_follow.id LIMIT ${FOLLOWS_PER_STEP}`,
      [tenant.uniacid, tenant.enterpriseId, tagPk],
    ),
  );
}

/** @returns whether some follows had the tag; there may be more */
async function takeOff(manager: EntityManager, tenant: Tenant, { id, tagId }: Tag): Promise<boolean> {
  await lockEnterprise(manager, tenant);
  const ids = await linkedFollows(manager, tenant, id);
  if (ids.length === 0) return false;
  await changeFollows(manager, tenant, ids, async () => {
    const rows = new Rows(manager, Follow);
    const follows = await rows.read(`id IN (${placeholders(ids)})`, ids);
    const updatedAt = wallClock();
    const without = (stored: string) => tagIdsOf(stored).filter((each) => each !== tagId);
    const next = follows.map((follow) => ({ ...follow, tagId: without(follow.tagId).join(','), updatedAt }));
    await rows.update(next, ['tagId', 'updatedAt']);
    return ids;
  });
  return true;
}

/** What becomes of a deleted tag that comes back. */
export const REVIVED = { deletedAt: null, type: TAG_TYPES.enterprise, isLinked: 0 } as const;

export const newTag = (tenant: Tenant, now: string): Omit<Tag, keyof TagData> => ({
  id: 0,
  ...tenant,
  createdAt: now,
  updatedAt: now,
  deletedAt: null,
  type: TAG_TYPES.enterprise,
  isLinked: 0,
});
