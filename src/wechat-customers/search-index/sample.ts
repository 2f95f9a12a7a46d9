import { setImmediate as otherRequests } from 'node:timers/promises';
import type { EntityManager } from 'typeorm';
import { dialectOf } from '../../database/dialect';
import type { Tenant } from '../../enterprise/tenant';
import { ALL_OWNERS, ALL_PERIODS, countedWay, ownerSubset, SubsetRange } from './counters';
import { byTenant, Owned } from './follow-pages';
import { hasRowsOfGone } from './gone';
import { findStale } from './stale';

/** How much of the follows a check looks at: this many in a row, at this many places besides the newest. */
export interface Sample {
  places: number;
  size: number;
}

/** The oldest and the newest: after a load by SQL one of them is wrong. A few milliseconds, so a start waits for it. */
export const AT_START: Sample = { places: 1, size: 50 };

/** Beside serving. SQLite holds the event loop while it reads, so requests pass only between the readings. */
const IN_BACKGROUND: Sample = { places: 20, size: 100 };

/** Whether what is derived of some of the follows is wrong. */
export async function isStale(manager: EntityManager, { places, size }: Sample): Promise<boolean> {
  const [{ first, last }] = await manager.query<[{ first: number | null; last: number | null }]>(
    'SELECT MIN(id) AS first, MAX(id) AS last FROM wechat_follow',
  );
  if (first === null || last === null) return false;
  const ends = Array.from({ length: places }, (_, n) => first + Math.floor(((last - first) * n) / places));
  const pages = [...ends.map((id) => `id >= ${id} ORDER BY id`), `id <= ${last} ORDER BY id DESC`];
  for (const page of pages) {
    await otherRequests();
    const follows = await manager.query<Owned[]>(
      `SELECT id, uniacid, crop_id AS enterpriseId FROM wechat_follow WHERE ${page} LIMIT ${size}`,
    );
    for (const [tenant, ids] of byTenant(follows)) {
      if ((await findStale(manager, tenant, ids)).length > 0) return true;
    }
  }
  return false;
}

/**
 * Why `reindex` is needed, in words for the log; undefined if nothing was found. It looks at a sample, at the totals of
 * all enterprises and for rows of removed follows, so it may miss a single follow changed by SQL.
 */
export async function whyReindex(manager: EntityManager): Promise<string | undefined> {
  if (await isStale(manager, IN_BACKGROUND)) return 'some follows are found by what they no longer are';
  await otherRequests();
  if (await hasRowsOfGone(manager)) return 'there are search rows of removed follows';
  for (const tenant of await manager.query<Tenant[]>('SELECT uniacid, id AS enterpriseId FROM enterprise')) {
    for (const total of TOTALS) {
      await otherRequests();
      const isWrong = await isMiscounted(manager, tenant, total);
      if (isWrong) return `the totals of enterprise ${tenant.enterpriseId} are wrong`;
    }
  }
  return undefined;
}

interface Total {
  /** The column of a follow whose texts are counted, how a counter names such a text, and in which column. */
  of: 'add_way' | 'userid';
  countedAs: (text: string) => string;
  named: 'add_way' | 'subset';
  /** Numbers that are counted apart, too. */
  by: string[];
  /** The counters that add up to the follows. */
  counters: SubsetRange;
}

/** What totals are compared by; all other counters count the same follows. */
const TOTALS: Total[] = [
  { of: 'add_way', countedAs: countedWay, named: 'add_way', by: ['status', 'external_type'], counters: ALL_PERIODS },
  { of: 'userid', countedAs: ownerSubset, named: 'subset', by: [], counters: ALL_OWNERS },
];

/** Both sides in one statement, which sees follows and counters of the same moment. */
async function isMiscounted(manager: EntityManager, { uniacid, enterpriseId }: Tenant, total: Total): Promise<boolean> {
  const { of, countedAs, named, by, counters } = total;
  const bytes = dialectOf(manager.dataSource).bytesOf(of); // `=` and GROUP BY ignore blanks at the end on MySQL
  const tenant = [uniacid, enterpriseId];
  const rows = await manager.query<{ side: 'follows' | 'counters'; text: string; n: number | string }[]>(
    `SELECT ${["'follows' AS side", `MIN(${of}) AS text`, 'COUNT(*) AS n', ...by].join(', ')} FROM wechat_follow
     WHERE uniacid = ? AND crop_id = ? AND deleted_at IS NULL GROUP BY ${[bytes, ...by].join(', ')}
     UNION ALL SELECT ${["'counters'", named, 'SUM(n)', ...by].join(', ')} FROM wechat_follow_count
     WHERE uniacid = ? AND crop_id = ? AND subset >= ? AND subset <= ? GROUP BY ${[named, ...by].join(', ')}`,
    [...tenant, ...tenant, counters.first, counters.last],
  );
  const differences = new Map<string, number>();
  for (const { side, text, n, ...apart } of rows) {
    const isFollows = side === 'follows';
    const name = JSON.stringify([isFollows ? countedAs(text) : text, apart]);
    // MySQL returns a SUM as text.
    differences.set(name, (differences.get(name) ?? 0) + (isFollows ? Number(n) : -Number(n)));
  }
  return [...differences.values()].some((difference) => difference !== 0);
}
