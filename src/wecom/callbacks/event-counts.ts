import type { EntityManager } from 'typeorm';
import { wallClock } from '../../base/time';
import type { Tenant } from '../../enterprise/tenant';
import type { EventState } from './wecom-event.entity';

/** Events stay in the inbox so long. */
const KEPT_DAYS = 30;

/** The events of an enterprise's last {@link KEPT_DAYS} days. */
export interface EventCounts extends Record<EventState, number> {
  /** Those that came again. */
  duplicate: number;
  /** When the last one came, wall clock; null: none did. */
  last_at: string | null;
}

export async function eventCounts(manager: EntityManager, { uniacid, enterpriseId }: Tenant): Promise<EventCounts> {
  const rows = await manager.query<{ state: EventState; n: number; again: number; last_at: string }[]>(
    `SELECT state, COUNT(*) AS n, SUM(duplicates) AS again, MAX(received_at) AS last_at FROM wecom_event
     WHERE uniacid = ? AND enterprise_id = ? AND received_at >= ? GROUP BY state`,
    [uniacid, enterpriseId, keptSince()],
  );
  const countOf = (state: EventState) => Number(rows.find((row) => row.state === state)?.n ?? 0);
  return {
    pending: countOf('pending'),
    dead: countOf('dead'),
    applied: countOf('applied'),
    ignored: countOf('ignored'),
    duplicate: rows.reduce((sum, { again }) => sum + Number(again), 0),
    last_at:
      rows
        .map((row) => row.last_at)
        .sort()
        .at(-1) ?? null,
  };
}

/** Wall clock; what came before goes. */
export const keptSince = (): string => wallClock(new Date(Date.now() - KEPT_DAYS * 86_400_000));
