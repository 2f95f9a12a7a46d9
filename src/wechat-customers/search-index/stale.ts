import type { EntityManager } from 'typeorm';
import { placeholders } from '../../database/where';
import type { Tenant } from '../../enterprise/tenant';
import { readFacts, readTagPks, withStaleCopies } from './facts';
import { termsOf } from './terms';

/**
 * Compares what is derived of follows with what it is derived from, without a lock.
 * @param ids of an enterprise's follows, deleted ones too, which have copies but no terms and tags
 * @returns those whose copies, terms or tags are wrong
 */
export async function findStale(manager: EntityManager, tenant: Tenant, ids: number[]): Promise<number[]> {
  if (ids.length === 0) return [];
  const stale = new Set(await withStaleCopies(manager, ids));
  const facts = await readFacts(manager, tenant, await readTagPks(manager, tenant), ids);
  const follows = new Map(facts.map((follow) => [follow.id, follow]));
  const terms = await storedTerms(manager, tenant, ids);
  const tags = await storedTags(manager, ids);
  for (const id of ids) {
    const follow = follows.get(id);
    if (!isSame(terms.get(id), follow && termsOf(follow)) || !isSame(tags.get(id), follow?.tagPks)) stale.add(id);
  }
  return [...stale];
}

function isSame(stored: number[] = [], derived: number[] = []): boolean {
  const values = new Set(stored);
  return stored.length === derived.length && derived.every((value) => values.has(value));
}

/** A term of another enterprise, which no follow has. */
const MISFILED = -1;

async function storedTerms(
  manager: EntityManager,
  { uniacid, enterpriseId }: Tenant,
  ids: number[],
): Promise<Map<number, number[]>> {
  const rows = await manager.query<{ uniacid: number; crop_id: number; term: number; follow_id: number }[]>(
    `SELECT uniacid, crop_id, term, follow_id FROM wechat_follow_term WHERE follow_id IN (${placeholders(ids)})`,
    ids,
  );
  const isOwn = (row: (typeof rows)[number]) => row.uniacid === uniacid && row.crop_id === enterpriseId;
  return byFollow(rows.map((row) => ({ follow_id: row.follow_id, value: isOwn(row) ? row.term : MISFILED })));
}

/** The keys of the tags that follows are linked to. */
export async function storedTags(manager: EntityManager, ids: number[]): Promise<Map<number, number[]>> {
  if (ids.length === 0) return new Map();
  return byFollow(
    await manager.query<{ follow_id: number; value: number }[]>(
      `SELECT follow_id, tag_pk AS value FROM wechat_follow_tag WHERE follow_id IN (${placeholders(ids)})`,
      ids,
    ),
  );
}

function byFollow(rows: { follow_id: number; value: number }[]): Map<number, number[]> {
  const values = new Map<number, number[]>();
  for (const { follow_id, value } of rows) {
    const known = values.get(follow_id);
    if (known) known.push(value);
    else values.set(follow_id, [value]);
  }
  return values;
}
