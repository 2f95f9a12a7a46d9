import { sentenceOf, WecomRefused } from '../client/errors';

/** The run cannot go on, whatever is asked; the message is a sentence for the client. */
export class RunFailed extends Error {}

/** WeCom's frequency limit was waited for in vain: what is left to read waits for another run. */
export class LimitReached extends Error {}

/** This process ends: the run goes on in another one, or in this one started again. */
export class Interrupted extends Error {}

/** What WeCom says of the whole app or corp: no other employee would fare better. */
const OF_CORP = new Set([
  ...[40001, 40013, 40014, 40091, 41001, 41002, 41004, 42001], // secret and token
  ...[48001, 48002, 48005, 48006, 50003, 60020, 60031, 301007], // app, address and corp
]);

/** The frequency limit, after waiting for it. */
const LIMITED = 45009;

/** WeCom's code; 0 for a connection that failed. */
export const codeOf = (error: unknown): number => (error as { errcode?: number }).errcode ?? 0;

/** What a fault of one employee's means for all others: undefined for nothing. */
export function faultOfRun(error: unknown): RunFailed | LimitReached | undefined {
  if (codeOf(error) === LIMITED) return new LimitReached(sentenceOf(error), { cause: error });
  const isOfCorp = error instanceof WecomRefused && OF_CORP.has(error.errcode);
  return isOfCorp ? new RunFailed(sentenceOf(error), { cause: error }) : undefined;
}
