import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { LessThanOrEqual, Repository } from 'typeorm';
import type { Statement } from '../database/prepared-sql';
import { unixSeconds } from '../database/wall-clock';
import { Rejected, TransportFailure } from '../http/errors';
import { subscriber } from '../http/request/rate-limit';
import { FailedAttempt } from './entities/failed-attempt.entity';
import { hashToken } from './tokens';

const WINDOW_SECONDS = 15 * 60;

/** A turn that comes later than this is given back, or those behind a database that hangs would add up their waiting. */
const TURN_WAIT_MS = 5_000;

/** Wrong guesses by one account, or at one account's password. */
const MAX_OF_ACCOUNT = 10;

/** Wrong guesses from one address: an office or a server of the enterprise speaks for many accounts. */
const MAX_OF_ADDRESS = 100;

/** How many of two subjects, the first with a limit of its own, have used up their guesses. */
const EXHAUSTED = `(SELECT COUNT(*) FROM (
    SELECT subject FROM failed_attempt WHERE subject IN (?, ?) AND failed_at > ?
    GROUP BY subject HAVING COUNT(*) >= CASE subject WHEN ? THEN ? ELSE ? END
  ) AS exhausted_subject)`;

/** The account whose password is guessed at, whether it exists or not. */
export function passwordOf(username: string): string {
  return `password:${hashToken(username)}`;
}

/** Who guesses at what. */
interface Guesser {
  /** The account that guesses or is guessed at, with the kind of secret: `password:…`. */
  account: string;
  /** The client's address. */
  address: string;
}

/** So many wrong guesses in 15 minutes: even the right one is refused until the first of them is 15 minutes old. */
export class TooManyAttempts extends Rejected {
  /** @param secret what was guessed at, as the client calls it */
  constructor(secret: '授权码' | '密码') {
    super(`${secret}错误次数过多，请15分钟后重试`);
  }
}

/**
 * Bounds how often a secret can be guessed, by account and by address. Failures are rows, so that all processes and a
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
   * @param lookUp gets a column that is 0 as long as there are guesses left, for the statement with which it looks the
   * secret up: so a guess costs no statement of its own
   * @param isRight compares; not asked when there are no guesses left
   * @returns what was looked up
   * @throws `whenExhausted` when the guesses are used up, even for a right one; `whenWrong`
   */
  attempt<Found extends { exhausted: number }>(
    guesser: Guesser,
    lookUp: (exhausted: Statement) => Promise<Found>,
    isRight: (found: Found) => boolean | Promise<boolean>,
    failures: { whenWrong: Rejected; whenExhausted: TooManyAttempts },
  ): Promise<Found> {
    const { account } = guesser;
    const subjects = { account, address: subscriber(guesser.address) };
    const before = this.turns.get(account) ?? Promise.resolve();
    const latest = performance.now() + TURN_WAIT_MS;
    const turn = before.then(async () => {
      if (performance.now() > latest) throw new TransportFailure('unavailable');
      const windowStart = unixSeconds() - WINDOW_SECONDS;
      const found = await lookUp(exhaustedColumn(subjects, windowStart));
      if (found.exhausted > 0) throw failures.whenExhausted;
      if (await isRight(found)) return found;
      await this.count(subjects, windowStart);
      throw failures.whenWrong;
    });
    const end = turn.catch(() => undefined);
    this.turns.set(account, end);
    void end.then(() => {
      if (this.turns.get(account) === end) this.turns.delete(account);
    });
    return turn;
  }

  private async count({ account, address }: Guesser, windowStart: number): Promise<void> {
    const failedAt = unixSeconds();
    const subjects = [account, address];
    await this.failures.insert(subjects.map((subject) => ({ subject, failedAt })));
    await this.failures.delete({ failedAt: LessThanOrEqual(windowStart) });
  }
}

function exhaustedColumn({ account, address }: Guesser, windowStart: number): Statement {
  return { sql: EXHAUSTED, values: [account, address, windowStart, account, MAX_OF_ACCOUNT, MAX_OF_ADDRESS] };
}
