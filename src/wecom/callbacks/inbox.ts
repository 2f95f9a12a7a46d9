import { Injectable } from '@nestjs/common';
import { DataSource, In } from 'typeorm';
import { wallClock } from '../../base/time';
import { isDuplicateKey } from '../../database/errors';
import { insertRows } from '../../database/insert';
import type { Tenant } from '../../enterprise/tenant';
import type { ReceivedEvent } from './event';
import { WecomEvent } from './wecom-event.entity';

/** Bounds how often the same event makes WeCom be asked again: two edits within a second have the same text. */
export const ASK_AGAIN_MS = 1_000;

/** Keeps the events that WeCom posts until they have had their effect. */
@Injectable()
export class Inbox {
  constructor(private readonly dataSource: DataSource) {}

  /** Stores an event, or counts it where it is stored already; any number of processes may do so at once. */
  async add(tenant: Tenant, event: ReceivedEvent): Promise<void> {
    try {
      await this.insertNew(tenant, event);
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      await this.countAgain(tenant, event);
    }
  }

  private insertNew(tenant: Tenant, { isAsking, ...event }: ReceivedEvent): Promise<void> {
    const now = Date.now();
    return insertRows(this.dataSource.manager, WecomEvent, {
      ...tenant,
      ...event,
      isAsking: Number(isAsking),
      state: event.subject === '' ? 'ignored' : 'pending',
      nextAt: now,
      pendingSince: now,
      receivedAt: wallClock(new Date(now)),
    });
  }

  /**
   * Counts first: a worker that is just asking because of the event sees by the count that it has to ask again. One that
   * has asked already left it `applied`. One that was set aside is tried again: what it failed by may be mended.
   */
  private async countAgain({ uniacid, enterpriseId }: Tenant, { digest, isAsking }: ReceivedEvent): Promise<void> {
    const key = { uniacid, enterpriseId, digest };
    const { manager } = this.dataSource;
    await manager.update(WecomEvent, key, { duplicates: () => 'duplicates + 1' });
    const now = Date.now();
    const nextAt = () =>
      `CASE WHEN asked_at + ${ASK_AGAIN_MS} > ${now} THEN asked_at + ${ASK_AGAIN_MS} ELSE ${now} END`;
    const again = { state: 'pending', tries: 0, reason: '', nextAt, pendingSince: now } as const;
    await manager.update(WecomEvent, { ...key, state: In(isAsking ? ['applied', 'dead'] : ['dead']) }, again);
  }
}
