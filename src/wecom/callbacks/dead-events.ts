import { DataSource, In, MoreThan } from 'typeorm';
import { idsOf, pagesById } from '../../database/pages';
import type { Tenant } from '../../enterprise/tenant';
import { WecomEvent } from './wecom-event.entity';

const ROWS_PER_PAGE = 500;

/** An event that was set aside, as `wecom events` prints it. */
export interface DeadEvent {
  id: number;
  /** `Event/ChangeType`. */
  change: string;
  userid: string;
  external_userid: string;
  /** Unix seconds. */
  event_time: number;
  reason: string;
  /** Wall clock. */
  received_at: string;
}

/**
 * The events of an enterprise that were set aside, oldest first.
 * @param isReplay put them back, for the servers to try again
 */
export async function* deadEvents(
  { manager }: DataSource,
  { uniacid, enterpriseId }: Tenant,
  isReplay: boolean,
): AsyncGenerator<DeadEvent> {
  const of = { uniacid, enterpriseId, state: 'dead' as const };
  const pages = pagesById((last) =>
    manager.find(WecomEvent, { where: { ...of, id: MoreThan(last) }, order: { id: 'ASC' }, take: ROWS_PER_PAGE }),
  );
  for await (const events of pages) {
    if (isReplay) {
      const now = Date.now();
      const again = { state: 'pending', tries: 0, reason: '', nextAt: now, pendingSince: now } as const;
      await manager.update(WecomEvent, { ...of, id: In(idsOf(events)) }, again);
    }
    yield* events.map(toDeadEvent);
  }
}

const toDeadEvent = (event: WecomEvent): DeadEvent => ({
  id: event.id,
  change: event.change,
  userid: event.userid,
  external_userid: event.externalUserid,
  event_time: event.eventTime,
  reason: event.reason,
  received_at: event.receivedAt,
});
