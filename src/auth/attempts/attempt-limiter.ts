import { setImmediate as otherRequests } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { unixSeconds } from '../../base/time';
import { Turns } from '../../base/turns';
import { Sql, Statement } from '../../database/sql';
import { Rejected } from '../../http/output/errors';
import { inHashingTurn } from '../passwords';
import type { Allowance, Guesser } from './allowances';
import { deleteRows, deleteRowsUpTo, insertRows, newRows, usedUp } from './guess-rows';

const WINDOW_SECONDS = 15 * 60;

/**
 * Guesses under way or waiting in this process: 600 from one address wait a few seconds. Without bounds waits add up
 * behind a database that hangs.
 */
const LINES = { atOnce: 1, waiting: 1_000, waitMs: 10_000 };

/** Too many wrong guesses in 15 minutes: even the right one is refused until the oldest of them is 15 minutes old. */
export class TooManyAttempts extends Rejected {
  /** @param secret what was guessed, for the client's message */
  constructor(secret: '授权码' | '密码') {
    super(`${secret}错误次数过多，请15分钟后重试`);
  }
}

/**
 * Limits the guesses at a secret by account, by address and by both. The count is rows, so that all processes count
 * together and a restart forgets none.
 */
@Injectable()
export class AttemptLimiter {
  private readonly turns = new Turns(LINES);

  constructor(
    private readonly dataSource: DataSource,
    private readonly sql: Sql,
  ) {}

  /**
   * Runs a guess at a secret in its turn and counts it unless it is right.
   * @param lookUp looks the secret up; it gets an SQL expression for its `exhausted` column, 0 while guesses are left,
   * so that the check costs no statement of its own. What it throws is no guess
   * @param isRight compares; not called when no guesses are left
   * @param failures made only when thrown: an error with its stack costs 5 µs, two of them 3 % of an `add`
   * @returns what `lookUp` found
   * @throws `whenExhausted` when no guesses are left, even for a right one; `whenWrong` for a wrong one; NoTurn
   */
  attempt<Found extends { exhausted: number }>(
    { line, countsFirst, allowances }: Guesser,
    lookUp: (exhausted: Statement) => Promise<Found>,
    isRight: (found: Found) => boolean | Promise<boolean>,
    failures: { whenWrong: () => Rejected; whenExhausted: () => TooManyAttempts },
  ): Promise<Found> {
    const guess = async (windowStart: number, own: 0 | 1) => {
      const found = await lookUp(usedUp(allowances, windowStart, own));
      if (found.exhausted > 0) throw failures.whenExhausted();
      return { found, isWrong: !(await isRight(found)) };
    };
    return this.turns.take(line, async () => {
      const windowStart = unixSeconds() - WINDOW_SECONDS;
      if (countsFirst && (await this.isExhausted(usedUp(allowances, windowStart, 0)))) {
        await otherRequests(); // on SQLite hundreds of refusals would follow one another in one turn of the event loop
        throw failures.whenExhausted();
      }
      const { found, isWrong } = countsFirst
        ? await inHashingTurn(() => this.counted(allowances, () => guess(windowStart, 1)))
        : await guess(windowStart, 0);
      if (!isWrong) return found;
      if (!countsFirst) await this.count(newRows(allowances));
      await this.change(deleteRowsUpTo(windowStart));
      throw failures.whenWrong();
    });
  }

  /**
   * Counts a guess and then makes it; gives it back unless it was wrong. So no burst outruns the count. It is counted in
   * the turn that makes it, because right guesses that wait would use up the allowance of the others.
   */
  private async counted<Result extends { isWrong: boolean }>(
    allowances: Allowance[],
    guess: () => Promise<Result>,
  ): Promise<Result> {
    const rows = newRows(allowances);
    await this.count(rows);
    let isWrong = false;
    try {
      const result = await guess();
      ({ isWrong } = result);
      return result;
    } finally {
      if (!isWrong) await this.change(deleteRows(rows));
    }
  }

  private count(rows: string[]): Promise<void> {
    return this.change(insertRows(rows, unixSeconds()));
  }

  private async isExhausted({ sql, values }: Statement): Promise<boolean> {
    const [left] = await this.sql.rows<{ exhausted: number }>({ sql: `SELECT ${sql} AS exhausted`, values });
    return left!.exhausted > 0;
  }

  /** By TypeORM, which repeats a statement that the database rolled back. */
  private async change({ sql, values }: Statement): Promise<void> {
    await this.dataSource.query(sql, values);
  }
}
