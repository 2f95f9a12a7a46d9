import type { EntityManager } from 'typeorm';
import { dialectOf } from '../../database/dialect';
import { Enterprise } from '../../enterprise/entities/enterprise.entity';
import type { Tenant } from '../../enterprise/tenant';
import { Countable, CounterChanges } from './counters';
import { storedTerms, UNTAGGED } from './terms';

/**
 * The list finds and counts relations by rows derived from them: `wechat_follow_term` and `wechat_follow_count`. Every
 * change of a relation, and of the name of its customer, therefore goes through {@link changeFollows}.
 */

/** A live relation, as far as it is derived from. */
interface Facts extends Countable {
  remark: string;
  /** The customer's; null when there is none. */
  name: string | null;
}

const ROWS_PER_INSERT = 5000;

/**
 * Runs a change of relations in the caller's transaction and brings terms, counters and the enterprise's revision in
 * line: a fixed number of statements, however many relations.
 * @param ids the relations that exist before and are about to change; they stay locked until the transaction ends
 * @param change makes the change and answers the ids of the relations to look at afterwards: changed and new ones
 */
export async function changeFollows(
  manager: EntityManager,
  tenant: Tenant,
  ids: number[],
  change: () => Promise<number[]>,
): Promise<void> {
  await beginChange(manager, tenant);
  const tags = await tagPksOf(manager, tenant);
  const counts = new CounterChanges();
  for (const relation of await readFacts(manager, tenant, tags, ids)) counts.remove(relation);
  if (ids.length > 0) {
    await manager.query(`DELETE FROM wechat_follow_term WHERE follow_id IN (${ids.map(() => '?').join(', ')})`, ids);
  }
  const changed = await readFacts(manager, tenant, tags, await change());
  for (const relation of changed) counts.add(relation);
  await insertTerms(manager, tenant, changed);
  await counts.write(manager, tenant);
}

/**
 * Begins a change of an enterprise's relations: whatever was kept of them is out of date once the transaction commits,
 * and until then other changes wait here, where they hold nothing yet, instead of deadlocking over rows and counters.
 */
export async function beginChange(manager: EntityManager, { uniacid, enterpriseId }: Tenant): Promise<void> {
  await manager.increment(Enterprise, { id: enterpriseId, uniacid }, 'followsRevision', 1);
}

/**
 * Derives everything anew from the relations: after rows were changed by other means than this program. It works through
 * all enterprises; while it runs, filters of the list find too little.
 * @param report called now and then with the number of relations done since the last call
 */
export async function rebuildFollowIndex(manager: EntityManager, report?: (done: number) => void): Promise<void> {
  await manager.query('DELETE FROM wechat_follow_term');
  await manager.query('DELETE FROM wechat_follow_count');
  await manager.query(
    `UPDATE wechat_follow SET customer_pk = (SELECT wechat_customer.id FROM wechat_customer
       WHERE wechat_customer.uniacid = wechat_follow.uniacid AND wechat_customer.crop_id = wechat_follow.crop_id
       AND wechat_customer.external_userid = wechat_follow.external_userid) WHERE customer_pk IS NULL`,
  );
  await copyFromCustomers(manager, '1 = 1', []);
  const tenants = await manager.query<{ uniacid: number; crop_id: number }[]>(
    'SELECT uniacid, crop_id FROM wechat_follow GROUP BY uniacid, crop_id',
  );
  for (const { uniacid, crop_id: enterpriseId } of tenants) {
    const tenant = { uniacid, enterpriseId };
    const tags = await tagPksOf(manager, tenant);
    const counts = new CounterChanges();
    for (let last = 0, ids: number[]; (ids = await nextIds(manager, tenant, last)).length > 0; last = ids.at(-1)!) {
      const relations = await readFacts(manager, tenant, tags, ids);
      for (const relation of relations) counts.add(relation);
      await insertTerms(manager, tenant, relations);
      report?.(ids.length);
    }
    await counts.write(manager, tenant);
  }
  await manager.query(
    'UPDATE enterprise SET follows_revision = follows_revision + 1, lists_revision = lists_revision + 1',
  );
}

/** Whether the newest relation was never indexed: it was added by other means than this program. */
export async function hasUnindexedFollows(manager: EntityManager): Promise<boolean> {
  const [newest] = await manager.query<{ id: number }[]>(
    `SELECT id FROM wechat_follow WHERE deleted_at IS NULL
       AND id > (SELECT COALESCE(MAX(newest_id), 0) FROM wechat_follow_count) LIMIT 1`,
  );
  return newest !== undefined;
}

/**
 * Copies what the list filters by from the customers to their relations.
 * @param condition SQL on wechat_follow
 */
export async function copyFromCustomers(manager: EntityManager, condition: string, values: unknown[]): Promise<void> {
  const ofCustomer = (column: string) =>
    `(SELECT wechat_customer.${column} FROM wechat_customer WHERE wechat_customer.id = wechat_follow.customer_pk
      AND wechat_customer.uniacid = wechat_follow.uniacid AND wechat_customer.crop_id = wechat_follow.crop_id
      AND wechat_customer.deleted_at IS NULL)`;
  await manager.query(
    `UPDATE wechat_follow SET customer_uid = ${ofCustomer('uid')},
       external_type = COALESCE(${ofCustomer('external_type')}, external_type)
     WHERE ${condition}`,
    values,
  );
}

async function nextIds(manager: EntityManager, { uniacid, enterpriseId }: Tenant, last: number): Promise<number[]> {
  const rows = await manager.query<{ id: number }[]>(
    'SELECT id FROM wechat_follow WHERE uniacid = ? AND crop_id = ? AND deleted_at IS NULL AND id > ? ORDER BY id LIMIT 1000',
    [uniacid, enterpriseId, last],
  );
  return rows.map(({ id }) => id);
}

/** The keys of an enterprise's live tags by their WeCom id. */
async function tagPksOf(manager: EntityManager, { uniacid, enterpriseId }: Tenant): Promise<Map<string, number>> {
  const rows = await manager.query<{ id: number; tag_id: string }[]>(
    'SELECT id, tag_id FROM wechat_tag WHERE uniacid = ? AND crop_id = ? AND deleted_at IS NULL',
    [uniacid, enterpriseId],
  );
  return new Map(rows.map(({ id, tag_id }) => [tag_id, id]));
}

async function readFacts(
  manager: EntityManager,
  { uniacid, enterpriseId }: Tenant,
  tags: Map<string, number>,
  ids: number[],
): Promise<Facts[]> {
  if (ids.length === 0) return [];
  const rows = await manager.query<(Omit<Facts, 'tagPks'> & { tag_id: string })[]>(
    `SELECT follow.id, follow.userid, follow.createtime, follow.customer_uid, follow.status, follow.add_way,
       follow.external_type, follow.remark, follow.tag_id, customer.name
     FROM wechat_follow follow
     LEFT JOIN wechat_customer customer ON customer.id = follow.customer_pk AND customer.uniacid = follow.uniacid
       AND customer.crop_id = follow.crop_id AND customer.deleted_at IS NULL
     WHERE follow.id IN (${ids.map(() => '?').join(', ')}) AND follow.uniacid = ? AND follow.crop_id = ?
       AND follow.deleted_at IS NULL
     ORDER BY follow.id ${dialectOf(manager.dataSource).forUpdate}`,
    [...ids, uniacid, enterpriseId],
  );
  return rows.map(({ tag_id, ...facts }) => {
    const worn = tag_id.split(',').flatMap((id) => tags.get(id) ?? []);
    return { ...facts, tagPks: [...new Set(worn)] };
  });
}

async function insertTerms(
  manager: EntityManager,
  { uniacid, enterpriseId }: Tenant,
  relations: Facts[],
): Promise<void> {
  const rows = relations.flatMap((relation) =>
    termsOf(relation).map((term) => [uniacid, enterpriseId, term, relation.id]),
  );
  rows.sort(([, , a], [, , b]) => a! - b!); // neighbours in the key
  for (let i = 0; i < rows.length; i += ROWS_PER_INSERT) {
    const chunk = rows.slice(i, i + ROWS_PER_INSERT);
    await manager.query(
      `INSERT INTO wechat_follow_term (uniacid, crop_id, term, follow_id) VALUES ${chunk.map(() => '(?, ?, ?, ?)').join(', ')}`,
      chunk.flat(),
    );
  }
}

function termsOf({ tagPks, remark, name }: Facts): number[] {
  return [
    ...(tagPks.length > 0 ? tagPks : [UNTAGGED]),
    ...storedTerms('remark', remark),
    ...storedTerms('customer', name ?? ''),
  ];
}
