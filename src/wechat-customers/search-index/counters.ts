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
/** A blank at the end, which MySQL's keys ignore, gets a bar after it, as does a blank with bars. */
export const ownerSubset = (userid: string) => `owner:${userid.replace(/ \|*$/, '$&|')}`;
export const tagSubset = (tagPk: number) => `tag:${tagPk}`;
/** Follows without a tag. */
export const UNTAGGED_SUBSET = 'untagged';
/** Follows whose contact is bound to no member. */
export const UNBOUND_SUBSET = 'unbound';

/** Counts the ways of adding that end in a blank: MySQL's keys ignore it, and no filter can name such a way. */
export const NAMELESS_WAY = '?';

/** The way of adding that a follow is counted by. */
export const countedWay = (addWay: string) => (addWay.endsWith(' ') ? NAMELESS_WAY : addWay);

/** Counters from the subset `first` to `last`, by name. */
export interface SubsetRange {
  first: string;
  last: string;
}

/** Each follow is in one period, so together these count all follows; `;` is the character after `:`. */
export const ALL_PERIODS: SubsetRange = { first: 'period:', last: 'period;' };

/** Each follow has one owner, too. */
export const ALL_OWNERS: SubsetRange = { first: 'owner:', last: 'owner;' };

/** The facts that decide which counters a follow is in. */
export type Countable = Omit<Facts, 'remark' | 'name'>;

/** A counter, or a change of one. */
export interface Count {
  /** Subset, status, way of adding and type. */
  key: (string | number)[];
  n: number;
  newestId: number;
}

export const nameOf = ({ key }: Pick<Count, 'key'>) => key.join('\0');

/** Sums up the additions to and removals from an enterprise's counters. */
export class CounterChanges {
  /** By {@link nameOf}. */
  private readonly changes: Map<string, Count>;

  constructor(changes: Iterable<Count> = []) {
    this.changes = new Map(Array.from(changes, (change) => [nameOf(change), change]));
  }

  get sums(): ReadonlyMap<string, Count> {
    return this.changes;
  }

  add(follow: Countable): void {
    for (const change of this.changesOf(follow)) {
      change.n++;
      change.newestId = Math.max(change.newestId, follow.id);
    }
  }

  /** Adds a change of one counter to its sum. */
  sum({ key, n, newestId }: Count): void {
    const name = nameOf({ key });
    const known = this.changes.get(name) ?? { key, n: 0, newestId: 0 };
    this.changes.set(name, { key, n: known.n + n, newestId: Math.max(known.newestId, newestId) });
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

  private changesOf(follow: Countable): Count[] {
    return subsetsOf(follow).map((subset) => {
      const key = [subset, follow.status, countedWay(follow.add_way), follow.external_type];
      const name = nameOf({ key });
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
