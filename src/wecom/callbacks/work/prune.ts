import { DataSource, In, LessThan } from 'typeorm';
import { idsOf } from '../../../database/pages';
import { keptSince } from '../event-counts';
import { WecomEvent } from '../wecom-event.entity';

/** Bounds the wait of what is just received. */
const ROWS_PER_DELETE = 1_000;

/** Deletes events that are old enough. */
export async function pruneEvents({ manager }: DataSource): Promise<void> {
  const where = { receivedAt: LessThan(keptSince()) };
  for (;;) {
    const old = await manager.find(WecomEvent, { select: { id: true }, where, take: ROWS_PER_DELETE });
    if (old.length === 0) return;
    await manager.delete(WecomEvent, { id: In(idsOf(old)) });
  }
}
