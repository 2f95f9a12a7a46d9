import type { DataSource, EntityManager } from 'typeorm';
import { dialectOf } from '../../database/dialect';
import { idsOf, pagesById } from '../../database/pages';
import { inTransaction } from '../../database/transaction';
import { placeholders } from '../../database/where';
import type { Tenant } from '../../enterprise/tenant';
import { Follow } from '../entities/follow.entity';
import type { Tag } from '../entities/tag.entity';
import { changeFollows } from '../search-index/change-follows';
import { tagIdsOf } from '../tag-ids';

/** Bounds the wait of other writers for follows that get or lose a tag. */
export const FOLLOWS_PER_STEP = 100;

/** Bounds the follows read by one statement. */
const FOLLOWS_PER_PAGE = 5000;

/**
 * Links the follows that name one of the tags, in transactions of its own, and then says of the tags that they are linked.
 * Follows stored from now on are linked by their writer.
 */
export async function linkTags(dataSource: DataSource, tenant: Tenant, tags: Tag[]): Promise<void> {
  if (tags.length === 0) return;
  await linkFollows(dataSource, tenant, tags);
  await inTransaction(dataSource, (manager) => setLinked(manager, tags));
}

async function linkFollows(dataSource: DataSource, tenant: Tenant, tags: Tag[]): Promise<void> {
  const tagIds = new Set(tags.map(({ tagId }) => tagId));
  for await (const page of taggedFollows(dataSource.manager, tenant)) {
    const naming = page.filter(({ tagId }) => tagIdsOf(tagId).some((id) => tagIds.has(id)));
    await eachStep(idsOf(naming), (ids) =>
      inTransaction(dataSource, (manager) => changeFollows(manager, tenant, ids, () => Promise.resolve(ids))),
    );
  }
}

/** An enterprise's live follows that name a tag, a page at a time. */
function taggedFollows(
  manager: EntityManager,
  { uniacid, enterpriseId }: Tenant,
): AsyncGenerator<Pick<Follow, 'id' | 'tagId'>[]> {
  const index = dialectOf(manager.dataSource).useIndex('ix_follow_scan');
  return pagesById((last) =>
    manager.query(
      `SELECT id, tag_id AS tagId FROM wechat_follow ${index}
       WHERE uniacid = ? AND crop_id = ? AND deleted_at IS NULL AND id > ? AND tag_id <> ''
       ORDER BY id LIMIT ${FOLLOWS_PER_PAGE}`,
      [uniacid, enterpriseId, last],
    ),
  );
}

async function eachStep(ids: number[], work: (ids: number[]) => Promise<void>): Promise<void> {
  for (let i = 0; i < ids.length; i += FOLLOWS_PER_STEP) await work(ids.slice(i, i + FOLLOWS_PER_STEP));
}

async function setLinked(manager: EntityManager, tags: Tag[]): Promise<void> {
  const ids = idsOf(tags);
  await manager.query(`UPDATE wechat_tag SET is_linked = 1 WHERE id IN (${placeholders(ids)})`, ids);
}
