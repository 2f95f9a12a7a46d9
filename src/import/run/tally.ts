import type { Outcome } from '../kinds/kind';

/** Bounds a report whose source is wrong in many ways. */
const MAX_REASONS = 100;
const OTHERS = 'other reasons';

/** What became of the rows so far. */
export interface Tally {
  new: number;
  changed: number;
  equal: number;
  refused: number;
  /** How many rows were refused for each reason, or taken with a remark. */
  reasons: Record<string, number>;
}

export const NOTHING: Tally = { new: 0, changed: 0, equal: 0, refused: 0, reasons: {} };

/** A tally with further outcomes; the one given stays, as a transaction may be repeated. */
export function tallied(before: Tally, outcomes: Outcome[]): Tally {
  const tally = { ...before, reasons: { ...before.reasons } };
  const count = (why: string) => {
    const reason = reasonAmong(tally.reasons, why);
    tally.reasons[reason] = (tally.reasons[reason] ?? 0) + 1;
  };
  for (const outcome of outcomes) {
    if (typeof outcome === 'string') tally[outcome]++;
    else if ('taken' in outcome) {
      tally[outcome.taken]++;
      count(outcome.remark);
    } else {
      tally.refused++;
      count(outcome.refused);
    }
  }
  return tally;
}

function reasonAmong(reasons: Tally['reasons'], reason: string): string {
  const hasRoom = Object.hasOwn(reasons, reason) || Object.keys(reasons).length < MAX_REASONS - 1;
  return hasRoom ? reason : OTHERS;
}
