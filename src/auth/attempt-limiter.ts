import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { LessThanOrEqual, Repository } from 'typeorm';
import type { Statement } from '../database/prepared-sql';
import { unixSeconds } from '../database/wall-clock';
import { Rejected } from '../http/errors';
import { FailedAttempt } from './entities/failed-attempt.entity';

const WINDOW_SECONDS = 15 * 60;
const MAX_FAILURES = 10;

const FAILURES = '(SELECT COUNT(*) FROM failed_attempt WHERE subject = ? AND failed_at > ?)';

interface Guess {
  /** What the column of failures said. */
  failures: number;
  isRight: boolean;
}

/** Ten wrong guesses in 15 minutes: even the right one is refused until the first of them is 15 minutes old. */
export class TooManyAttempts extends Rejected {
  constructor() {
    super('授权码错误次数过多，请15分钟后重试');
  }
}

/**
 * Bounds how often a secret can be guessed. Failures are rows, so that all processes and a restart count alike; within
 * a process the guesses of one subject queue up, so that a burst of parallel guesses cannot slip past the count.
 */
@Injectable()
export class AttemptLimiter {
  /** The end of the last guess of each subject that is guessing now. */
  private readonly turns = new Map<string, Promise<unknown>>();

  constructor(@InjectRepository(FailedAttempt) private readonly failures: Repository<FailedAttempt>) {}

  /**
   * Runs a guess at a secret and counts it when it was wrong.
   * @param guess gets a column that counts the subject's failures, for the statement with which it looks the secret up:
   * so a guess costs no statement of its own
   * @throws TooManyAttempts when the subject has used up its guesses, even for a right one
   */
  attempt(subject: string, guess: (failures: Statement) => Promise<Guess>): Promise<boolean> {
    const before = this.turns.get(subject) ?? Promise.resolve();
    const turn = before.then(() => this.count(subject, guess));
    const end = turn.catch(() => undefined);
    this.turns.set(subject, end);
    void end.then(() => {
      if (this.turns.get(subject) === end) this.turns.delete(subject);
    });
    return turn;
  }

  private async count(subject: string, guess: (failures: Statement) => Promise<Guess>): Promise<boolean> {
    const now = unixSeconds();
    const windowStart = now - WINDOW_SECONDS;
    const { failures, isRight } = await guess({ sql: FAILURES, values: [subject, windowStart] });
    if (failures >= MAX_FAILURES) throw new TooManyAttempts();
    if (isRight) return true;
    await this.failures.insert({ subject, failedAt: now });
    await this.failures.delete({ subject, failedAt: LessThanOrEqual(windowStart) });
    return false;
  }
}
