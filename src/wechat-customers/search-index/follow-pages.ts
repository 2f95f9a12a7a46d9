import type { EntityManager } from 'typeorm';
import { dialectOf } from '../../database/dialect';
import { idsOf, pagesById } from '../../database/pages';
import type { Tenant } from '../../enterprise/tenant';

/** Bounds the follows read by one statement. */
const FOLLOWS_PER_PAGE = 500;

/** A follow and whose it is. */
export interface Owned extends Tenant {
  id: number;
}

/** The ids of an enterprise's live follows, a page at a time. */
export async function* liveFollows(
  manager: EntityManager,
  { uniacid, enterpriseId }: Tenant,
): AsyncGenerator<number[]> {
  const index = dialectOf(manager.dataSource).useIndex('ix_follow_scan');
  const pages = pagesById((last) =>
    manager.query<{ id: number }[]>(
      `SELECT id FROM wechat_follow ${index}
       WHERE uniacid = ? AND crop_id = ? AND deleted_at IS NULL AND id > ? ORDER BY id LIMIT ${FOLLOWS_PER_PAGE}`,
      [uniacid, enterpriseId, last],
    ),
  );
  for await (const rows of pages) yield idsOf(rows);
}

/** The deleted follows of all enterprises, as no index has those of one by id. */
export function deletedFollows(manager: EntityManager): AsyncGenerator<Owned[]> {
  return pagesById((last) =>
    manager.query<Owned[]>(
      `SELECT id, uniacid, crop_id AS enterpriseId FROM wechat_follow WHERE deleted_at IS NOT NULL AND id > ?
       ORDER BY id LIMIT ${FOLLOWS_PER_PAGE}`,
      [last],
    ),
  );
}

/** The ids of follows, by tenant. */
export function byTenant(follows: Owned[]): [Tenant, number[]][] {
  const groups = new Map<string, [Tenant, number[]]>();
  for (const { id, uniacid, enterpriseId } of follows) {
    const name = `${uniacid}/${enterpriseId}`;
    const group = groups.get(name) ?? [{ uniacid, enterpriseId }, []];
    groups.set(name, group);
    group[1].push(id);
  }
  return [...groups.values()];
}
