import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntryActor } from '../../audit/note';
import type { Tenant } from '../../enterprise/tenant';
import { readRevision } from '../../wechat-customers/search-index/revisions';
import type { Written } from '../../wechat-customers/write/store-written';
import { getContact } from '../client/api/contacts';
import { Cursors } from '../client/cursors';
import { isWecomFault, sentenceOf, WecomRefused } from '../client/errors';
import type { WecomApi } from '../client/wecom-client';
import { WecomClient } from '../client/wecom-client';
import type { Corp } from '../corps/corp';
import { toSeenFollow } from '../to-follow';
import { applied, asFound, isDone, isOpen, send, Wish } from './follow-change';
import { asNamed, begin, Begun, claim, drop, finish, HeldIntent, IntentLost, postpone, whileHeld } from './intents';
import { REASONS, TO_BE_SETTLED } from './reasons';

/** What became of a wish; the reason is for the user. */
export type Outcome = { isDone: true } | { isDone: false; reason: string };

/** How long a write waits for another one of the same follow. */
const TURN_MS = 10_000;
/** Between two looks whether it is over. */
const LOOK_MS = 50;
/** Times that WeCom is asked anew because an event changed the follow meanwhile. */
const MAX_ASKED = 3;
/** The pause before an intent is tried again: a second, doubled each time up to this. */
const MAX_PAUSE_MS = 600_000;
/** About a day of such pauses; later the next sync brings what WeCom has. */
const MAX_TRIES = 150;

/** Codes of `externalcontact/get` for a contact that is none of ours, or no longer. */
const NO_PAIR: readonly number[] = [40096, 84061];

const DONE: Outcome = { isDone: true };
const failed = (reason: string): Outcome => ({ isDone: false, reason });

/** Writes changes of follows to WeCom and then stores them, one a follow at a time over all processes. */
@Injectable()
export class WriteBack {
  private readonly logger = new Logger('WriteBack');

  constructor(
    private readonly dataSource: DataSource,
    private readonly client: WecomClient,
  ) {}

  /**
   * Changes one follow, in WeCom and here.
   * @param signal ends what waits
   */
  async write(
    corp: Corp,
    tenant: Tenant,
    followId: number,
    wish: Wish,
    actor: EntryActor,
    signal: AbortSignal,
  ): Promise<Outcome> {
    if (signal.aborted) return failed(REASONS.tooLate);
    const begun = await this.inTurn(corp, tenant, followId, wish, actor, signal);
    switch (begun.kind) {
      case 'refused':
        return failed(begun.reason);
      case 'busy':
        return failed(REASONS.busy);
      case 'unchanged':
        return DONE;
      case 'begun':
        return this.hold(begun.intent, signal, (within) => this.carryOut(corp, begun.intent, begun.asked, within));
    }
  }

  /** Settles an intent that was left: WeCom is asked whether it has the change. */
  settle(corp: Corp, intent: HeldIntent, signal: AbortSignal): Promise<Outcome> {
    return this.hold(intent, signal, (within) => this.trySettle(corp, intent, within));
  }

  private async hold(
    intent: HeldIntent,
    signal: AbortSignal,
    work: (signal: AbortSignal) => Promise<Outcome>,
  ): Promise<Outcome> {
    try {
      return await whileHeld(this.dataSource, intent, signal, work);
    } catch (error) {
      if (error instanceof IntentLost) return failed(REASONS.busy + TO_BE_SETTLED); // another process settles it
      throw error;
    }
  }

  /** Leaves an intent to a later try, or gives it up after a day of them. */
  async leave(intent: HeldIntent): Promise<void> {
    if (intent.tries < MAX_TRIES) {
      const pauseMs = intent.tries === 0 ? 0 : Math.min(MAX_PAUSE_MS, 1000 * 2 ** intent.tries);
      return postpone(this.dataSource, intent, pauseMs);
    }
    this.logger.warn(`the write of follow ${intent.followId} is given up: WeCom could not be asked for a day`);
    await drop(this.dataSource, intent);
  }

  /** Begins once no other write of the follow is under way; what another process left is settled first. */
  private async inTurn(
    corp: Corp,
    tenant: Tenant,
    followId: number,
    wish: Wish,
    actor: EntryActor,
    signal: AbortSignal,
  ): Promise<Begun> {
    const deadline = performance.now() + TURN_MS;
    for (;;) {
      const begun = await begin(this.dataSource, tenant, followId, wish, actor);
      if (begun.kind !== 'busy') return begun;
      const left = await claim(this.dataSource, followId, true);
      if (left) await this.settle(corp, left, signal);
      if (performance.now() > deadline || signal.aborted) return begun;
      await sleep(LOOK_MS * (1 + Math.random()));
    }
  }

  private async carryOut(corp: Corp, intent: HeldIntent, asked: number, signal: AbortSignal): Promise<Outcome> {
    const sent = await this.trySend(corp, intent, signal);
    if (sent.kind === 'taken') {
      const isStored = await finish(this.dataSource, intent, asked, (stored) => applied(intent.change, stored), true);
      return isStored ? DONE : this.trySettle(corp, intent, signal);
    }
    const { kind, error } = sent;
    if (kind === 'unanswered') {
      return signal.aborted ? this.leaveAfter(intent, error) : this.trySettle(corp, intent, signal);
    }
    await drop(this.dataSource, intent);
    if (isWecomFault(error)) return failed(sentenceOf(error));
    if (signal.aborted) return failed(REASONS.tooLate);
    throw error;
  }

  /** Writes to WeCom. A failure says whether any try was without an answer: WeCom may have done it all the same. */
  private async trySend(corp: Corp, intent: HeldIntent, signal: AbortSignal): Promise<Sent> {
    let kind: 'refused' | 'unanswered' = 'refused';
    const onNoAnswer = () => void (kind = 'unanswered');
    try {
      await send(this.client.for(corp, { signal, onNoAnswer }), intent, intent.change);
      return { kind: 'taken' };
    } catch (error) {
      return { kind, error };
    }
  }

  private async trySettle(corp: Corp, intent: HeldIntent, signal: AbortSignal): Promise<Outcome> {
    try {
      return await this.ask(corp, intent, signal);
    } catch (error) {
      if (error instanceof IntentLost || !(isWecomFault(error) || signal.aborted)) throw error;
      return this.leaveAfter(intent, error);
    }
  }

  private async leaveAfter(intent: HeldIntent, error: unknown): Promise<Outcome> {
    await this.leave(intent);
    return failed((isWecomFault(error) ? sentenceOf(error) : REASONS.tooSlow) + TO_BE_SETTLED);
  }

  /**
   * Asks WeCom what it has, writes again what it does not have, and stores what it has then.
   * @throws what leaves the intent open
   */
  private async ask(corp: Corp, begun: HeldIntent, signal: AbortSignal): Promise<Outcome> {
    const { dataSource } = this;
    const { tenant, change } = begun;
    const api = this.client.for(corp, { signal });
    for (let times = 0; times < MAX_ASKED; times++) {
      const asked = await readRevision(dataSource.manager, tenant);
      const intent = await asNamed(dataSource, begun);
      const found = await findFollow(api, intent);
      if (!found) {
        await drop(dataSource, intent);
        return failed(REASONS.noFollow);
      }
      let isThere = isDone(change, found);
      let toStored = (stored: Written) => asFound(change, found, stored);
      if (isOpen(change, found)) {
        const sent = await this.trySend(corp, intent, signal);
        if (sent.kind === 'refused' && sent.error instanceof WecomRefused) {
          await drop(dataSource, intent);
          return failed(sentenceOf(sent.error));
        }
        if (sent.kind !== 'taken') throw sent.error;
        isThere = true;
        toStored = (stored) => applied(change, stored);
      }
      if (await finish(dataSource, intent, asked, toStored, isThere)) return isThere ? DONE : failed(REASONS.overtaken);
    }
    await this.leave(begun);
    return failed(REASONS.busy + TO_BE_SETTLED);
  }
}

/** What came of a call that writes. */
type Sent = { kind: 'taken' } | { kind: 'refused' | 'unanswered'; error: unknown };

/** What WeCom has of a follow; undefined if the pair is none. */
async function findFollow(
  api: WecomApi,
  { userid, externalUserid }: Pick<HeldIntent, 'userid' | 'externalUserid'>,
): Promise<Written | undefined> {
  try {
    const cursors = new Cursors(getContact.path);
    let cursor = '';
    do {
      const { contact, followers, nextCursor } = await api.contact(externalUserid, cursor);
      // WeCom's userids are the same in upper and lower case.
      const follower = followers.find((each) => each.userid.toLowerCase() === userid.toLowerCase());
      if (follower) return toSeenFollow(contact, follower).follow;
      cursor = cursors.next(nextCursor);
    } while (cursor !== '');
    return undefined;
  } catch (error) {
    if (error instanceof WecomRefused && NO_PAIR.includes(error.errcode)) return undefined;
    throw error;
  }
}
