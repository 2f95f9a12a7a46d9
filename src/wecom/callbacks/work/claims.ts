import { randomUUID } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { DataSource, EntityManager } from 'typeorm';
import { placeholders } from '../../../database/where';
import type { Tenant } from '../../../enterprise/tenant';
import { sentenceOf, WecomRefused } from '../../client/errors';
import { NoCorp } from '../../errors';
import { ASK_AGAIN_MS } from '../inbox';
import { WecomEvent } from '../wecom-event.entity';

/** Events of one subject, which are worked off together. */
export interface Subject {
  tenant: Tenant;
  subject: string;
}

/** A subject with events to work on. */
export interface Due {
  subject: Subject;
  /** WeCom is asked. */
  isAsking: boolean;
  /** Milliseconds; 0: it is due. */
  waitMs: number;
}

/** Events that this process alone works on while it renews its lease. */
export interface Claim extends Subject {
  lease: string;
  /** In the order of their CreateTime. */
  events: WecomEvent[];
}

/** A process that was killed loses its claims after this time. */
const LEASE_MS = 15_000;
export const RENEW_MS = 5_000;

/** Subjects found by one look. */
const MAX_FOUND = 200;

/** The pause before the second try; it doubles with each try. */
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 10 * 60_000;
/** Events that fail for so long are set aside. */
const PATIENCE_MS = 24 * 3_600_000;

const MAX_REASON = 255;

/** WeCom's cursor ran out: the next try begins the list anew. */
const CURSOR_INVALID = 50100;

/** Finds what is due in the inbox, and gives each event to one process at a time. */
@Injectable()
export class Claims {
  private readonly logger = new Logger('WecomEvents');

  constructor(private readonly dataSource: DataSource) {}

  /**
   * The subjects that are due or will be soon, the longest waiting first.
   * @param busy enterprises for which enough is asked already
   * @param underWay what this process works on: events of it that come meanwhile would leave no room for others
   * @param soonMs milliseconds
   */
  async due(busy: number[], underWay: Subject[], soonMs: number): Promise<Due[]> {
    const now = Date.now();
    const others = underWay.map(() => 'AND NOT (enterprise_id = ? AND subject = ?)').join(' ');
    const notBusy = busy.length > 0 ? `AND NOT (is_asking = 1 AND enterprise_id IN (${placeholders(busy)}))` : '';
    const rows = await this.dataSource.manager.query<
      (Tenant & { subject: string; isAsking: number; nextAt: number })[]
    >(
      `SELECT uniacid, enterprise_id AS enterpriseId, subject, is_asking AS isAsking, next_at AS nextAt FROM wecom_event
       WHERE state = 'pending' AND next_at <= ? AND lease_until <= ? ${notBusy} ${others}
       ORDER BY next_at, id LIMIT ${MAX_FOUND}`,
      [now + soonMs, now, ...busy, ...underWay.flatMap(({ tenant, subject }) => [tenant.enterpriseId, subject])],
    );
    const found = new Map<string, Due>();
    for (const { uniacid, enterpriseId, subject: name, isAsking, nextAt } of rows) {
      const subject = { tenant: { uniacid, enterpriseId }, subject: name };
      const key = keyOf(subject);
      if (!found.has(key)) found.set(key, { subject, isAsking: isAsking === 1, waitMs: Math.max(nextAt - now, 0) });
    }
    return [...found.values()];
  }

  /** Claims all pending events of a subject, due or not. @returns undefined if there are none, or others work on them */
  async take({ tenant, subject }: Subject): Promise<Claim | undefined> {
    const { manager } = this.dataSource;
    const now = Date.now();
    const lease = randomUUID();
    await manager.query(
      `UPDATE wecom_event SET lease = ?, lease_until = ?
       WHERE uniacid = ? AND enterprise_id = ? AND subject = ? AND state = 'pending' AND lease_until <= ?`,
      [lease, now + LEASE_MS, tenant.uniacid, tenant.enterpriseId, subject, now],
    );
    const events = await manager.find(WecomEvent, {
      where: { ...tenant, subject, lease },
      order: { eventTime: 'ASC', id: 'ASC' },
    });
    return events.length > 0 ? { tenant, subject, lease, events } : undefined;
  }

  async renew(claim: Claim): Promise<void> {
    await this.dataSource.manager.update(WecomEvent, held(claim), { leaseUntil: Date.now() + LEASE_MS });
  }

  /** Gives a claim back as it was. */
  async release(claim: Claim): Promise<void> {
    await this.dataSource.manager.update(WecomEvent, held(claim), FREE);
  }

  /** Lets a claim wait for another try, or sets it aside: at once for what no waiting cures. */
  async fail(claim: Claim, error: unknown): Promise<void> {
    const now = Date.now();
    const reason = reasonFor(error);
    const isLasting = error instanceof NoCorp || (error instanceof WecomRefused && error.errcode !== CURSOR_INVALID);
    for (const { id, tries, pendingSince } of claim.events) {
      const isDead = isLasting || now - pendingSince > PATIENCE_MS;
      const pause = Math.min(FIRST_PAUSE_MS * 2 ** tries, LONGEST_PAUSE_MS) * (1 + Math.random() / 4);
      await this.dataSource.manager.update(
        WecomEvent,
        { ...held(claim), id },
        { ...FREE, reason, state: isDead ? 'dead' : 'pending', tries: tries + 1, nextAt: Math.round(now + pause) },
      );
      if (isDead) this.logger.warn(`event ${id} of enterprise ${claim.tenant.enterpriseId} is set aside: ${reason}`);
    }
  }
}

/**
 * Settles events in the transaction of their effect. One that came again meanwhile may tell of a further change: it is
 * asked for again.
 * @param askedAt when WeCom was asked, unix milliseconds; 0: it was not
 */
export async function settle(
  manager: EntityManager,
  claim: Claim,
  events: WecomEvent[],
  { askedAt = 0, reason = '', isAgain = false } = {},
): Promise<void> {
  const applied = { ...FREE, state: 'applied', reason, tries: 0, askedAt } as const;
  const again = { ...FREE, tries: 0, askedAt, nextAt: askedAt + ASK_AGAIN_MS } as const;
  for (const { id, duplicates, isAsking } of events) {
    const key = { ...held(claim), id };
    if (!isAgain) {
      const { affected } = await manager.update(WecomEvent, isAsking ? { ...key, duplicates } : key, applied);
      if (affected !== 0) continue;
    }
    await manager.update(WecomEvent, key, again);
  }
}

const FREE = { lease: '', leaseUntil: 0 } as const;

const held = ({ tenant, subject, lease }: Claim) => ({ ...tenant, subject, lease });

export const keyOf = ({ tenant, subject }: Subject): string => `${tenant.uniacid}/${tenant.enterpriseId}/${subject}`;

function reasonFor(error: unknown): string {
  return (error instanceof NoCorp ? error.message : sentenceOf(error)).slice(0, MAX_REASON);
}
