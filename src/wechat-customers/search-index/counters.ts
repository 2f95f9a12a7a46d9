import type { EntityManager } from 'typeorm';
import { dialectOf } from '../../database/dialect';
import type { Tenant } from '../../enterprise/tenant';
import type { Facts } from './facts';

const KEY = 'uniacid, crop_id, subset, status, add_way, external_type';

/** Bounds the counters in one statement: they have 8 values each, and SQLite takes 32,766. */
const COUNTERS_PER_INSERT = 2000;

/** The length of a period: the total of a time range adds up whole periods and counts follows only at its two ends. */
export const PERIOD_SECONDS = 30 * 24 * 3600;

export const periodOf = (createtime: number) => Math.floor(createtime / PERIOD_SECONDS);

/** Padded, so that subsets sort as their periods do. */
export const periodSubset = (period: number) => `period:${String(period).padStart(10, '0')}`;
export const ownerSubset = (userid: string) => `owner:${userid}`;
export const tagSubset = (tagPk: number) => `tag:${tagPk}`;
/** Follows without a tag. */
export const UNTAGGED_SUBSET = 'untagged';
/** Follows whose contact is bound to no member. */
export const UNBOUND_SUBSET = 'unbound';

/** The facts that decide which counters a follow is in. */
type Countable = Omit<Facts, 'remark' | 'name'>;

interface CountChange {
  key: (string | number)[];
  n: number;
  newestId: number;
}

/** Sums up the additions to and removals from an enterprise's counters. */
export class CounterChanges {
  private readonly changes = new Map<string, CountChange>();

  add(follow: Countable): void {
    for (const change of this.changesOf(follow)) {
      change.n++;
      change.newestId = Math.max(change.newestId, follow.id);
    }
  }

  remove(follow: Countable): void {
    for (const change of this.changesOf(follow)) change.n--;
  }

  /** Writes the sums, in the order of the keys, so that two writers cannot deadlock. */
  async write(manager: EntityManager, { uniacid, enterpriseId }: Tenant): Promise<void> {
    const changes = [...this.changes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, change]) => change);
    const merge = dialectOf(manager.dataSource).mergeOnConflict(KEY, 'n', 'newest_id');
    for (let i = 0; i < changes.length; i += COUNTERS_PER_INSERT) {
      const rows = changes.slice(i, i + COUNTERS_PER_INSERT);
      await manager.query(
        `INSERT INTO wechat_follow_count (${KEY}, n, newest_id)
         VALUES ${rows.map(() => '(?, ?, ?, ?, ?, ?, ?, ?)').join(', ')} ${merge}`,
        rows.flatMap(({ key, n, newestId }) => [uniacid, enterpriseId, ...key, n, newestId]),
      );
    }
  }

  private changesOf(follow: Countable): CountChange[] {
    return subsetsOf(follow).map((subset) => {
      const key = [subset, follow.status, follow.add_way, follow.external_type];
      const name = key.join('\0');
      const change = this.changes.get(name) ?? { key, n: 0, newestId: 0 };
      this.changes.set(name, change);
      return change;
    });
  }
}

function subsetsOf({ userid, createtime, customer_uid, tagPks }: Countable): string[] {
  return [
    periodSubset(periodOf(createtime)),
    ownerSubset(userid),
    ...(tagPks.length > 0 ? tagPks.map(tagSubset) : [UNTAGGED_SUBSET]),
    ...(customer_uid === 0 ? [UNBOUND_SUBSET] : []),
  ];
}
