import type { EntityManager } from 'typeorm';
import { placeholders } from '../../database/where';
import type { Tenant } from '../../enterprise/tenant';
import type { Facts } from './facts';
import { termsOf } from './terms';

/** Bounds the rows in one statement: they have up to 4 values each, and SQLite takes 32,766. */
const ROWS_PER_INSERT = 5000;

/** Adds the terms and tags of follows that have none yet. */
export async function insertSearchRows(
  manager: EntityManager,
  { uniacid, enterpriseId }: Tenant,
  follows: Facts[],
): Promise<void> {
  const terms = follows.flatMap((follow) => termsOf(follow).map((term) => [uniacid, enterpriseId, term, follow.id]));
  terms.sort(([, , a], [, , b]) => a! - b!); // in the order of the primary key, as are the links
  await insertRows(manager, 'wechat_follow_term', 'uniacid, crop_id, term, follow_id', terms);
  const links = follows.flatMap(({ id, tagPks }) => tagPks.map((tagPk) => [tagPk, id]));
  links.sort(([a], [b]) => a! - b!);
  await insertRows(manager, 'wechat_follow_tag', 'tag_pk, follow_id', links);
}

export async function deleteSearchRows(manager: EntityManager, followIds: number[]): Promise<void> {
  if (followIds.length === 0) return;
  const condition = `follow_id IN (${placeholders(followIds)})`;
  await manager.query(`DELETE FROM wechat_follow_term WHERE ${condition}`, followIds);
  await manager.query(`DELETE FROM wechat_follow_tag WHERE ${condition}`, followIds);
}

async function insertRows(manager: EntityManager, table: string, columns: string, rows: number[][]): Promise<void> {
  for (let i = 0; i < rows.length; i += ROWS_PER_INSERT) {
    const chunk = rows.slice(i, i + ROWS_PER_INSERT);
    const values = chunk.map((row) => `(${placeholders(row)})`).join(', ');
    await manager.query(`INSERT INTO ${table} (${columns}) VALUES ${values}`, chunk.flat());
  }
}
