import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { LessThanOrEqual, Repository } from 'typeorm';
import type { Statement } from '../../database/sql';
import { unixSeconds } from '../../base/time';
import { Rejected, TransportFailure } from '../../http/output/errors';
import type { Allowance } from './allowances';
import { FailedAttempt } from './failed-attempt.entity';

const WINDOW_SECONDS = 15 * 60;

/** Longest wait for a turn, answered with 503 beyond it; otherwise waits add up behind a database that hangs. */
const TURN_WAIT_MS = 5_000;

/** Too many wrong guesses in 15 minutes: even the right one is refused until the oldest of them is 15 minutes old. */
export class TooManyAttempts extends Rejected {
  /** @param secret what was guessed, for the client's message */
  constructor(secret: '授权码' | '密码') {
    super(`${secret}错误次数过多，请15分钟后重试`);
  }
}

/**
 * Limits the guesses at a secret by account, by address and by both. Wrong guesses are rows, so that all processes
 * count together and a restart forgets none. Within a process the guesses of an account run one after another, so that
 * a burst of parallel guesses cannot outrun the count.
 */
@Injectable()
export class AttemptLimiter {
  /** The last queued guess of each account, settled without an error. */
  private readonly turns = new Map<string, Promise<unknown>>();

  constructor(@InjectRepository(FailedAttempt) private readonly failures: Repository<FailedAttempt>) {}

  /**
   * Runs a guess at a secret and counts it if it is wrong.
   * @param allowances of {@link guessesBy} or {@link guessesAt}; guesses with the same first subject run in turn
   * @param lookUp looks the secret up; it gets an SQL expression for its `exhausted` column, 0 while guesses are left,
   * so that the check costs no statement of its own
   * @param isRight compares; not called when no guesses are left
   * @returns what `lookUp` found
   * @throws `whenExhausted` when no guesses are left, even for a right one; `whenWrong` for a wrong one;
   * TransportFailure (503) when the turn comes too late
   */
  attempt<Found extends { exhausted: number }>(
    allowances: Allowance[],
    lookUp: (exhausted: Statement) => Promise<Found>,
    isRight: (found: Found) => boolean | Promise<boolean>,
    failures: { whenWrong: Rejected; whenExhausted: TooManyAttempts },
  ): Promise<Found> {
    const account = allowances[0]!.subject;
    const before = this.turns.get(account) ?? Promise.resolve();
    const deadline = performance.now() + TURN_WAIT_MS;
    const turn = before.then(async () => {
      if (performance.now() > deadline) throw new TransportFailure('unavailable');
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

/** SQL for the number of allowances that are used up. */
function exhaustedColumn(allowances: Allowance[], windowStart: number): Statement {
  const isUsedUp = '((SELECT COUNT(*) FROM failed_attempt WHERE subject = ? AND failed_at > ?) >= ?)';
  return {
    sql: `(${allowances.map(() => isUsedUp).join(' + ')})`,
    values: allowances.flatMap(({ subject, max }) => [subject, windowStart, max]),
  };
}
