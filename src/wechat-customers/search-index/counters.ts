import type { EntityManager } from 'typeorm';
import { dialectOf } from '../../database/dialect';
import type { Tenant } from '../../enterprise/tenant';
import type { Facts } from './facts';

/** The length of a counted period: totals of a time range are whole periods, and rows counted at its two ends. */
export const PERIOD_SECONDS = 30 * 24 * 3600;

export const periodOf = (createtime: number) => Math.floor(createtime / PERIOD_SECONDS);

/** Text that sorts as the numbers do. */
export const periodSubset = (period: number) => `period:${String(period).padStart(10, '0')}`;
export const ownerSubset = (userid: string) => `owner:${userid}`;
export const tagSubset = (tagPk: number) => `tag:${tagPk}`;
/** Follows without a tag. */
export const UNTAGGED_SUBSET = 'untagged';
/** Follows whose contact is bound to no member. */
export const UNBOUND_SUBSET = 'unbound';

/** What decides in which counters a follow stands. */
type Countable = Omit<Facts, 'remark' | 'name'>;

interface CountChange {
  key: (string | number)[];
  n: number;
  newestId: number;
}

/** Sums up what a change adds to and takes from the counters of an enterprise. */
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

  /** Adds everything noted to the counters, in the order of their keys, so that two writers never wait for each other. */
  async write(manager: EntityManager, { uniacid, enterpriseId }: Tenant): Promise<void> {
    const changes = [...this.changes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, change]) => change);
    const merge = dialectOf(manager.dataSource).mergeOnConflict(KEY, 'n', 'newest_id');
    for (let i = 0; i < changes.length; i += CHUNK) {
      const rows = changes.slice(i, i + CHUNK);
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

const KEY = 'uniacid, crop_id, subset, status, add_way, external_type';
const CHUNK = 2000;

function subsetsOf({ userid, createtime, customer_uid, tagPks }: Countable): string[] {
  return [
    periodSubset(periodOf(createtime)),
    ownerSubset(userid),
    ...(tagPks.length > 0 ? tagPks.map(tagSubset) : [UNTAGGED_SUBSET]),
    ...(customer_uid === 0 ? [UNBOUND_SUBSET] : []),
  ];
}
