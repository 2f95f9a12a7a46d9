import type { DataSource, EntityManager } from 'typeorm';
import { OperatorError } from '../../base/operator-error';
import { dialectOf } from '../../database/dialect';
import { idsOf, pagesById } from '../../database/pages';
import { inSnapshot, inTransaction } from '../../database/transaction';
import { Enterprise } from '../../enterprise/entities/enterprise.entity';
import type { Tenant } from '../../enterprise/tenant';
import { Count, Countable, CounterChanges, nameOf } from './counters';
import { raiseBoth } from './revisions';
import { storedTags } from './stale';

/** Bounds the follows read by one statement; SQLite takes 32,766 values. */
const FOLLOWS_PER_READ = 2000;

/** Another reindex, or a change of tags, that ends in between makes a count void; that often in a row is no accident. */
const MAX_TRIES = 10;

type Counts = ReadonlyMap<string, Count>;

/** The counters of an enterprise at one moment, as stored and as they should be. */
interface Counted {
  stored: Counts;
  right: Counts;
  /** Undefined for an enterprise without a row, whose follows no request reads or writes. */
  listsRevision?: number;
}

/**
 * Corrects the counters of an enterprise and raises both of its revisions, so that nothing cached outlives it. Follows
 * are counted in a snapshot, beside writers, who wait only while the counters are replaced: what writers have added to
 * the stored counters since the snapshot is added to the right ones.
 * @returns whether a counter was wrong
 * @throws OperatorError if the count came to nothing because others changed the enterprise's lists all the time
 */
export async function recount(dataSource: DataSource, tenant: Tenant): Promise<boolean> {
  for (let tries = 1; tries <= MAX_TRIES; tries++) {
    const counted = await inSnapshot(dataSource, (manager) => count(manager, tenant));
    const wrong = await inTransaction(dataSource, (manager) => correct(manager, tenant, counted));
    if (wrong !== undefined) return wrong;
  }
  throw new OperatorError(
    `enterprise ${tenant.enterpriseId}: its tags change all the time, or another reindex is running; run this again`,
  );
}

async function count(manager: EntityManager, tenant: Tenant): Promise<Counted> {
  const { uniacid, enterpriseId } = tenant;
  const enterprise = await manager.findOneBy(Enterprise, { uniacid, id: enterpriseId });
  const counters = new CounterChanges();
  for await (const follows of pagesById((last) => readCountable(manager, tenant, last))) {
    for (const follow of follows) counters.add(follow);
  }
  return {
    stored: await storedCounts(manager, tenant),
    right: counters.sums,
    listsRevision: enterprise?.listsRevision,
  };
}

/** With the tags that they are linked to: a total by tag must be the number of follows found by it. */
async function readCountable(
  manager: EntityManager,
  { uniacid, enterpriseId }: Tenant,
  last: number,
): Promise<Countable[]> {
  const rows = await manager.query<Omit<Countable, 'tagPks'>[]>(
    `SELECT id, userid, createtime, status, add_way, external_type, customer_uid
     FROM wechat_follow ${dialectOf(manager.dataSource).useIndex('ix_follow_scan')}
     WHERE uniacid = ? AND crop_id = ? AND deleted_at IS NULL AND id > ? ORDER BY id LIMIT ${FOLLOWS_PER_READ}`,
    [uniacid, enterpriseId, last],
  );
  const tags = await storedTags(manager, idsOf(rows));
  return rows.map((row) => ({ ...row, tagPks: tags.get(row.id) ?? [] }));
}

async function storedCounts(manager: EntityManager, { uniacid, enterpriseId }: Tenant): Promise<Counts> {
  const rows = await manager.query<
    { subset: string; status: number; add_way: string; external_type: number; n: number; newest_id: number }[]
  >(
    `SELECT subset, status, add_way, external_type, n, newest_id FROM wechat_follow_count
     WHERE uniacid = ? AND crop_id = ?`,
    [uniacid, enterpriseId],
  );
  const counts = rows.map(({ subset, status, add_way, external_type, n, newest_id }) => ({
    key: [subset, status, add_way, external_type],
    n,
    newestId: newest_id,
  }));
  return new CounterChanges(counts).sums;
}

/** @returns whether a counter was wrong; undefined if the count is void */
async function correct(manager: EntityManager, tenant: Tenant, counted: Counted): Promise<boolean | undefined> {
  const { uniacid, enterpriseId } = tenant;
  if (counted.listsRevision !== undefined) {
    // Comes first: it makes writers wait, and of two that counted at once it lets only one correct.
    if (!(await raiseBoth(manager, tenant, counted.listsRevision))) return undefined;
  }
  const present = await storedCounts(manager, tenant);
  const right = withLaterChanges(counted, present);
  const isRight = right.length === present.size && right.every((each) => isEqual(each, present.get(nameOf(each))));
  if (isRight) return false;
  await manager.query('DELETE FROM wechat_follow_count WHERE uniacid = ? AND crop_id = ?', [uniacid, enterpriseId]);
  await new CounterChanges(right).write(manager, tenant);
  return true;
}

const isEqual = (a: Count, b?: Count) => a.n === b?.n && a.newestId === b.newestId;

/** The right counters of now: those of the snapshot, with what writers have changed since. Without counters of nothing. */
function withLaterChanges({ stored, right }: Counted, present: Counts): Count[] {
  const all = new Map([...stored, ...right, ...present]);
  const now = Array.from(all.values(), ({ key }) => {
    const name = nameOf({ key });
    const [was, should, is] = [stored.get(name), right.get(name), present.get(name)];
    const n = (should?.n ?? 0) + (is?.n ?? 0) - (was?.n ?? 0);
    const isUnchanged = is?.newestId === was?.newestId;
    return { key, n, newestId: Math.max(should?.newestId ?? 0, isUnchanged ? 0 : (is?.newestId ?? 0)) };
  });
  return now.filter(({ n }) => n !== 0);
}
