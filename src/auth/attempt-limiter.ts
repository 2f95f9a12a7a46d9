import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { EntityManager, LessThanOrEqual, Like, Repository } from 'typeorm';
import type { Statement } from '../database/prepared-sql';
import { unixSeconds } from '../database/wall-clock';
import { Rejected, TransportFailure } from '../http/errors';
import { subscriber } from '../http/request/rate-limit';
import { FailedAttempt } from './entities/failed-attempt.entity';
import { hashToken } from './tokens';

const WINDOW_SECONDS = 15 * 60;

/** A turn that comes later than this is given back, or those behind a database that hangs would add up their waiting. */
const TURN_WAIT_MS = 5_000;

/** Wrong guesses by one account, or from one address at one account's password. */
const MAX_OF_ACCOUNT = 10;

/** Wrong guesses from one address: an office or a server of the enterprise speaks for many accounts. */
const MAX_OF_ADDRESS = 100;

/**
 * Wrong guesses at one account's password from all addresses together. Well above those of one address, or anybody who
 * knows a name could lock it out.
 */
const MAX_AT_ACCOUNT = 100;

/** What wrong guesses are counted by, and how many it has in 15 minutes. */
interface Allowance {
  subject: string;
  max: number;
}

/** A signed-in account guesses at the secret of something: it is the account that runs out. */
export function guessesBy(accountId: number, address: string): Allowance[] {
  return [{ subject: `customer-secret:${accountId}`, max: MAX_OF_ACCOUNT }, ofAddress(address)];
}

/** Somebody guesses at the password of an account, whether it exists or not. */
export function guessesAt(username: string, address: string): Allowance[] {
  const account = passwordOf(username);
  const here = { subject: `${account}@${subscriber(address)}`, max: MAX_OF_ACCOUNT };
  return [{ subject: account, max: MAX_AT_ACCOUNT }, here, ofAddress(address)];
}

/** Forgets the wrong guesses at the password of an account. */
export async function forgetGuessesAt(username: string, manager: EntityManager): Promise<void> {
  await manager.delete(FailedAttempt, { subject: Like(`${passwordOf(username)}%`) });
}

/** Half a digest is long enough to tell names apart, and short enough for a column together with an address. */
function passwordOf(username: string): string {
  return `password:${hashToken(username).slice(0, 32)}`;
}

function ofAddress(address: string): Allowance {
  return { subject: subscriber(address), max: MAX_OF_ADDRESS };
}

/** So many wrong guesses in 15 minutes: even the right one is refused until the first of them is 15 minutes old. */
export class TooManyAttempts extends Rejected {
  /** @param secret what was guessed at, as the client calls it */
  constructor(secret: '授权码' | '密码') {
    super(`${secret}错误次数过多，请15分钟后重试`);
  }
}

/**
 * Bounds how often a secret can be guessed, by account, by address and by both. Failures are rows, so that all processes and a
 * restart count alike; within a process the guesses of one account queue up, so that a burst of parallel guesses cannot
 * slip past the count.
 */
@Injectable()
export class AttemptLimiter {
  /** The end of the last guess of each account that is guessing now. */
  private readonly turns = new Map<string, Promise<unknown>>();

  constructor(@InjectRepository(FailedAttempt) private readonly failures: Repository<FailedAttempt>) {}

  /**
   * Runs a guess at a secret and counts it when it was wrong.
   * @param allowances of {@link guessesBy} or {@link guessesAt}; guesses with the same first one take turns
   * @param lookUp gets a column that is 0 as long as there are guesses left, for the statement with which it looks the
   * secret up: so a guess costs no statement of its own
   * @param isRight compares; not asked when there are no guesses left
   * @returns what was looked up
   * @throws `whenExhausted` when the guesses are used up, even for a right one; `whenWrong`
   */
  attempt<Found extends { exhausted: number }>(
    allowances: Allowance[],
    lookUp: (exhausted: Statement) => Promise<Found>,
    isRight: (found: Found) => boolean | Promise<boolean>,
    failures: { whenWrong: Rejected; whenExhausted: TooManyAttempts },
  ): Promise<Found> {
    const account = allowances[0]!.subject;
    const before = this.turns.get(account) ?? Promise.resolve();
    const latest = performance.now() + TURN_WAIT_MS;
    const turn = before.then(async () => {
      if (performance.now() > latest) throw new TransportFailure('unavailable');
      const windowStart = unixSeconds() - WINDOW_SECONDS;
      const found = await lookUp(exhaustedColumn(allowances, windowStart));
      if (found.exhausted > 0) throw failures.whenExhausted;
      if (await isRight(found)) return found;
      await this.count(allowances, windowStart);
      throw failures.whenWrong;
    });
    const end = turn.catch(() => undefined);
    this.turns.set(account, end);
    void end.then(() => {
      if (this.turns.get(account) === end) this.turns.delete(account);
    });
    return turn;
  }

  private async count(allowances: Allowance[], windowStart: number): Promise<void> {
    const failedAt = unixSeconds();
    await this.failures.insert(allowances.map(({ subject }) => ({ subject, failedAt })));
    await this.failures.delete({ failedAt: LessThanOrEqual(windowStart) });
  }
}

/** How many of the allowances are used up. */
function exhaustedColumn(allowances: Allowance[], windowStart: number): Statement {
  const isUsedUp = '((SELECT COUNT(*) FROM failed_attempt WHERE subject = ? AND failed_at > ?) >= ?)';
  return {
    sql: `(${allowances.map(() => isUsedUp).join(' + ')})`,
    values: allowances.flatMap(({ subject, max }) => [subject, windowStart, max]),
  };
}
