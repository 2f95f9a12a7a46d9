import type { EntityManager } from 'typeorm';
import { secondsOf, wallClock } from '../../base/time';
import { idsOf } from '../../database/pages';
import { Rows } from '../../database/rows';
import { placeholders } from '../../database/where';
import type { Tenant } from '../../enterprise/tenant';
import { Follow } from '../entities/follow.entity';
import { FollowHistory, Loser } from '../entities/follow-history.entity';
import { beginChange } from '../search-index/change-follows';
import { deriveChanges } from '../search-index/derive';
import { lockEnterprise } from '../search-index/revisions';
import { storedTags } from '../search-index/stale';
import { LOST } from './compare';
import { factsOf } from './facts-of';

/** How follows ended. */
export interface Ending {
  by: Loser;
  /** Wall clock. A follow that an event ended before it was added, by WeCom's createtime, is another one. */
  at: string;
  /** When WeCom made the event that says so, unix seconds. */
  eventTime?: number;
  /**
   * The enterprise's revision of follows before WeCom was asked: a follow that an event or a write-back touched later has
   * not ended.
   */
  asked?: number;
}

/**
 * Ends follows in the caller's transaction: some hundred at most. Those lost already stay as they are, except that what
 * its contact ended afterwards waits for a new addition (`mayReturn`). A follow with a later event, or added after an
 * event's end, is left alone.
 * @returns how many were live
 * @throws StaleSnapshot if the transaction has read before another changed the enterprise; `inTransaction` repeats it
 */
export async function endFollows(
  manager: EntityManager,
  tenant: Tenant,
  ids: number[],
  { by, at, eventTime, asked = Infinity }: Ending,
): Promise<number> {
  if (ids.length === 0) return 0;
  const { followsRevision } = await lockEnterprise(manager, tenant);
  const found = await new Rows(manager, Follow).read(
    `uniacid = ? AND crop_id = ? AND deleted_at IS NULL AND id IN (${placeholders(ids)}) ORDER BY id`,
    [tenant.uniacid, tenant.enterpriseId, ...ids],
  );
  const isOver = (follow: Follow) =>
    eventTime === undefined || (eventTime >= follow.eventTime && secondsOf(at) >= follow.createtime);
  const ending = found.filter((follow) => follow.touchedRevision <= asked && isOver(follow));
  const mark = eventTime !== undefined && { eventTime, touchedRevision: followsRevision + 1 };
  const loss = { status: LOST, lostAt: at, lostBy: by, updatedAt: wallClock() } satisfies Partial<Follow>;
  const live = ending.filter(({ status }) => status !== LOST);
  const ended = live.map((stored) => ({ stored, next: { ...stored, ...loss, ...mark } }));
  const lostBefore = mark ? ending.filter(({ status }) => status === LOST) : [];
  const marked = lostBefore.map((stored) => ({ ...stored, ...(isByContactAfter(stored, by) && loss), ...mark }));
  if (ended.length + marked.length === 0) return 0;
  await beginChange(manager, tenant);
  await new Rows(manager, Follow).update(
    [...ended.map(({ next }) => next), ...marked],
    ['status', 'lostAt', 'lostBy', 'updatedAt', 'eventTime', 'touchedRevision'],
  );
  await new Rows(manager, FollowHistory).add(
    live.map(({ id }) => ({ ...tenant, followId: id, event: 'lost' as const, by, at })),
  );
  const links = await storedTags(manager, idsOf(live));
  await deriveChanges(
    manager,
    tenant,
    ended.map(({ stored, next }) => {
      const tagPks = links.get(stored.id) ?? [];
      return { before: factsOf(stored, '', tagPks), after: factsOf(next, '', tagPks) }; // the name stays what it is
    }),
  );
  return live.length;
}

const isByContactAfter = ({ lostBy }: Follow, by: Loser) => by === 'customer' && lostBy !== 'customer';
