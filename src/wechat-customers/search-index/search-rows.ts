import type { EntityManager } from 'typeorm';
import { placeholders } from '../../database/where';
import type { Tenant } from '../../enterprise/tenant';
import type { Facts } from './facts';
import { termsOf } from './terms';

/** Bounds the rows in one statement: they have up to 4 values each, and SQLite takes 32,766. */
const ROWS_PER_INSERT = 5000;

/** Adds the terms and tags of follows that have none yet. */
export async function insertSearchRows(manager: EntityManager, tenant: Tenant, follows: Facts[]): Promise<void> {
  await insertTerms(manager, tenant, follows);
  await insertLinks(manager, follows);
}

/** Adds the terms of follows that have none yet. */
export async function insertTerms(
  manager: EntityManager,
  { uniacid, enterpriseId }: Tenant,
  follows: Facts[],
): Promise<void> {
  const terms = follows.flatMap((follow) => termsOf(follow).map((term) => [uniacid, enterpriseId, term, follow.id]));
  terms.sort(([, , a], [, , b]) => a! - b!); // in the order of the primary key, as are the links
  await insertRows(manager, 'wechat_follow_term', 'uniacid, crop_id, term, follow_id', terms);
}

/** Adds the tags of follows that have none yet. */
export async function insertLinks(manager: EntityManager, follows: Facts[]): Promise<void> {
  const links = follows.flatMap(({ id, tagPks }) => tagPks.map((tagPk) => [tagPk, id]));
  links.sort(([a], [b]) => a! - b!);
  await insertRows(manager, 'wechat_follow_tag', 'tag_pk, follow_id', links);
}

export async function deleteSearchRows(manager: EntityManager, followIds: number[]): Promise<void> {
  await deleteTerms(manager, followIds);
  await deleteLinks(manager, followIds);
}

export const deleteTerms = (manager: EntityManager, followIds: number[]) =>
  deleteRows(manager, 'wechat_follow_term', followIds);

export const deleteLinks = (manager: EntityManager, followIds: number[]) =>
  deleteRows(manager, 'wechat_follow_tag', followIds);

/**
 * Which follows are among those found and counted: every live one has a term or a tag, and a deleted one has them until
 * `reindex` if SQL deleted it.
 */
export async function countedAmong(manager: EntityManager, followIds: number[]): Promise<Set<number>> {
  if (followIds.length === 0) return new Set();
  const of = `WHERE follow_id IN (${placeholders(followIds)})`;
  const rows = await manager.query<{ follow_id: number }[]>(
    `SELECT follow_id FROM wechat_follow_term ${of} UNION SELECT follow_id FROM wechat_follow_tag ${of}`,
    [...followIds, ...followIds],
  );
  return new Set(rows.map(({ follow_id }) => follow_id));
}

async function deleteRows(manager: EntityManager, table: string, followIds: number[]): Promise<void> {
  if (followIds.length === 0) return;
  await manager.query(`DELETE FROM ${table} WHERE follow_id IN (${placeholders(followIds)})`, followIds);
}

async function insertRows(manager: EntityManager, table: string, columns: string, rows: number[][]): Promise<void> {
  for (let i = 0; i < rows.length; i += ROWS_PER_INSERT) {
    const chunk = rows.slice(i, i + ROWS_PER_INSERT);
    const values = chunk.map((row) => `(${placeholders(row)})`).join(', ');
    await manager.query(`INSERT INTO ${table} (${columns}) VALUES ${values}`, chunk.flat());
  }
}
