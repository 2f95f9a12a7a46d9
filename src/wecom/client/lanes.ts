import { setTimeout as sleep } from 'node:timers/promises';
import pLimit, { LimitFunction } from 'p-limit';
import type { Env } from '../../config/env';
import type { Outcome } from './answer';
import { Remedy, remedyFor } from './codes';
import { WecomUnavailable } from './errors';

/** What a caller may know and do while its calls wait. */
export interface CallHooks {
  /** Called with the end of a pause after WeCom's frequency limit, and with null when it is over. */
  onWait?: (until: Date | null) => void;
  /** Called for each try without a readable answer: WeCom may have done what was asked. */
  onNoAnswer?: () => void;
  /** Ends waiting; the call then throws the signal's reason. */
  signal?: AbortSignal;
}

/** What the log keeps of a call that failed, never its query. */
export interface FailedCall {
  path: string;
  /** 0: WeCom gave none. */
  errcode: number;
  hint: string;
  reason: string;
}
export type CallLog = (failed: FailedCall) => void;

/** Tries of a call whose failure passes: WeCom asks for no more than three. */
const MAX_TRIES = 3;
/** Refusals by the frequency limit in a row, each after a whole pause, until a call is given up. */
const MAX_LIMITED = 3;
/** The pause before the second try lasts one to two times this long; it doubles with each try. */
const PAUSE_MS = 300;

/** The calls of one API for one corp: WeCom counts and limits them together. */
interface Lane {
  limit: LimitFunction;
  /** Unix milliseconds; no call before. */
  pausedUntil: number;
}

/** Lets a few calls of a corp and API be in flight at once, repeats those whose failure passes, and keeps pauses. */
export class Lanes {
  private readonly lanes = new Map<string, Lane>();

  constructor(
    private readonly env: Pick<Env, 'WECOM_CONCURRENCY' | 'WECOM_LIMIT_PAUSE_SECONDS'>,
    private readonly log: CallLog,
  ) {}

  /**
   * Makes a call.
   * @param once one try
   * @returns what came of it: never a failure that passes
   * @throws WecomUnavailable if the failure passes, but not within the tries
   */
  async run<Answer>(
    corpId: string,
    path: string,
    once: () => Promise<Outcome<Answer>>,
    { onWait, onNoAnswer, signal }: CallHooks,
  ): Promise<Exclude<Outcome<Answer>, { kind: 'fault' }>> {
    const lane = this.laneOf(corpId, path);
    let [tries, limited] = [0, 0];
    for (;;) {
      signal?.throwIfAborted();
      await endOfPause(lane, onWait, signal);
      // Others of the lane may have met the limit while this call stood in line.
      const outcome = await lane.limit(() => (isPaused(lane) ? undefined : once()));
      if (!outcome) continue;
      if (outcome.kind === 'answer') return outcome;
      if (outcome.kind === 'fault') onNoAnswer?.();
      const failed = failureOf(path, outcome);
      this.log(failed);
      if (outcome.kind === 'refusal' && !PASSING.includes(remedyFor(failed.errcode))) return outcome;
      if (remedyFor(failed.errcode) === 'pause') {
        lane.pausedUntil = Date.now() + this.env.WECOM_LIMIT_PAUSE_SECONDS * 1000;
        if (++limited === MAX_LIMITED) throw unavailable(failed);
        continue;
      }
      limited = 0;
      if (++tries === MAX_TRIES) throw unavailable(failed);
      await pause((1 + Math.random()) * PAUSE_MS * 2 ** (tries - 1), signal);
    }
  }

  private laneOf(corpId: string, path: string): Lane {
    const key = `${corpId} ${path}`;
    const lane = this.lanes.get(key) ?? { limit: pLimit(this.env.WECOM_CONCURRENCY), pausedUntil: 0 };
    this.lanes.set(key, lane);
    return lane;
  }
}

const PASSING: readonly Remedy[] = ['retry', 'pause'];

const isPaused = ({ pausedUntil }: Lane): boolean => pausedUntil > Date.now();

async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => signal?.throwIfAborted());
}

async function endOfPause(lane: Lane, onWait: CallHooks['onWait'], signal?: AbortSignal): Promise<void> {
  if (!isPaused(lane)) return;
  onWait?.(new Date(lane.pausedUntil));
  try {
    while (isPaused(lane)) await pause(lane.pausedUntil - Date.now(), signal);
  } finally {
    onWait?.(null);
  }
}

function failureOf(path: string, outcome: Exclude<Outcome<unknown>, { kind: 'answer' }>): FailedCall {
  if (outcome.kind === 'fault') return { path, errcode: 0, hint: '', reason: outcome.reason };
  const { errcode, hint } = outcome.refusal;
  return { path, errcode, hint, reason: '' };
}

const unavailable = ({ path, errcode, reason }: FailedCall) => new WecomUnavailable(path, errcode, reason);
