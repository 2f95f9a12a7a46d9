import type { EntityManager } from 'typeorm';
import { idsOf, pagesById } from '../../database/pages';
import { placeholders } from '../../database/where';

/** Bounds the follows that one statement looks for, and whose rows one statement deletes. */
const FOLLOWS_PER_PAGE = 1000;

const TABLES = ['wechat_follow_term', 'wechat_follow_tag'] as const;

/** Deletes the terms and tags of follows that SQL has removed. @returns the number of these follows */
export async function deleteRowsOfGone(manager: EntityManager): Promise<number> {
  const gone = new Set<number>();
  for (const table of TABLES) {
    for await (const page of pagesById((last) => heldBy(manager, table, last))) {
      const ids = await goneAmong(manager, idsOf(page));
      if (ids.length === 0) continue;
      // Asked again, as a row may have come back by SQL.
      await manager.query(
        `DELETE FROM ${table} WHERE follow_id IN (${placeholders(ids)})
         AND NOT EXISTS (SELECT 1 FROM wechat_follow WHERE wechat_follow.id = ${table}.follow_id)`,
        ids,
      );
      for (const id of ids) gone.add(id);
    }
  }
  return gone.size;
}

/** Whether one of the oldest follows that have terms or tags is gone. */
export async function hasRowsOfGone(manager: EntityManager): Promise<boolean> {
  for (const table of TABLES) {
    if ((await goneAmong(manager, idsOf(await heldBy(manager, table, 0)))).length > 0) return true;
  }
  return false;
}

/** The follows that have rows in a table. */
function heldBy(manager: EntityManager, table: (typeof TABLES)[number], last: number): Promise<{ id: number }[]> {
  return manager.query(
    `SELECT DISTINCT follow_id AS id FROM ${table} WHERE follow_id > ? ORDER BY follow_id LIMIT ${FOLLOWS_PER_PAGE}`,
    [last],
  );
}

async function goneAmong(manager: EntityManager, ids: number[]): Promise<number[]> {
  if (ids.length === 0) return [];
  const rows = await manager.query<{ id: number }[]>(
    `SELECT id FROM wechat_follow WHERE id IN (${placeholders(ids)})`,
    ids,
  );
  const present = new Set(idsOf(rows));
  return ids.filter((id) => !present.has(id));
}
