import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { LessThanOrEqual, Repository } from 'typeorm';
import type { Statement } from '../../database/sql';
import { unixSeconds } from '../../base/time';
import { Rejected, TransportFailure } from '../../http/output/errors';
import type { Allowance } from './allowances';
import { FailedAttempt } from './failed-attempt.entity';

const WINDOW_SECONDS = 15 * 60;

/** A turn that comes later than this is given back, or those behind a database that hangs would add up their waiting. */
const TURN_WAIT_MS = 5_000;

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
