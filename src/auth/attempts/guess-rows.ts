import { randomBytes } from 'node:crypto';
import type { Statement } from '../../database/sql';
import { placeholders } from '../../database/where';
import type { Allowance } from './allowances';

/*
 * The SQL of `failed_attempt`: a row for each allowance that a guess uses. The mark at the end of its subject is the
 * guess's own, so that a right one takes its rows back and no other's.
 */

/** Between a subject and the mark; the character after it bounds the subject's rows from above. */
const [BEFORE_MARK, AFTER_MARKS] = ['#', '$'];

/** Bytes of a mark: enough that two guesses of 15 minutes have the same one in no case that matters. */
const MARK_BYTES = 6;

/** The rows of a new guess, by their subjects. */
export function newRows(allowances: Allowance[]): string[] {
  const mark = `${BEFORE_MARK}${randomBytes(MARK_BYTES).toString('base64url')}`;
  return allowances.map(({ subject }) => subject + mark);
}

export function insertRows(subjects: string[], failedAt: number): Statement {
  return {
    sql: `INSERT INTO failed_attempt (subject, failed_at) VALUES ${subjects.map(() => '(?, ?)').join(', ')}`,
    values: subjects.flatMap((subject) => [subject, failedAt]),
  };
}

export function deleteRows(subjects: string[]): Statement {
  return { sql: `DELETE FROM failed_attempt WHERE subject IN (${placeholders(subjects)})`, values: subjects };
}

export function deleteRowsUpTo(failedAt: number): Statement {
  return { sql: 'DELETE FROM failed_attempt WHERE failed_at <= ?', values: [failedAt] };
}

/**
 * SQL for the number of allowances that are used up.
 * @param own the rows that the guess itself has among them: 1 once they are inserted
 */
export function usedUp(allowances: Allowance[], windowStart: number, own: 0 | 1): Statement {
  const isUsedUp = '((SELECT COUNT(*) FROM failed_attempt WHERE subject >= ? AND subject < ? AND failed_at > ?) >= ?)';
  return {
    sql: `(${allowances.map(() => isUsedUp).join(' + ')})`,
    values: allowances.flatMap(({ subject, max }) => [subject, subject + AFTER_MARKS, windowStart, max + own]),
  };
}
