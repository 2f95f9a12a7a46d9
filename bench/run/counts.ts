import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Engine } from './contenders';
import type { Work } from './meter';

/** The work of one request, by its kind. */
export type Counts = Record<string, Work>;

const FILE = resolve(__dirname, '../../../bench/run/counts.json');

/** The committed counts of an engine. */
export function committedCounts(engine: Engine): Counts {
  return allCommitted()[engine];
}

export function commitCounts(engine: Engine, counts: Counts): void {
  writeFileSync(FILE, `${JSON.stringify({ ...allCommitted(), [engine]: counts }, null, 2)}\n`);
}

function allCommitted(): Record<Engine, Counts> {
  return JSON.parse(readFileSync(FILE, 'utf8')) as Record<Engine, Counts>;
}

/** @returns a line for each figure of `counts` that is above the one of `limits`, or has none there */
export function exceeding(counts: Counts, limits: Counts): string[] {
  return Object.entries(counts).flatMap(([kind, work]) => {
    const limit: Partial<Work> = limits[kind] ?? {};
    return Object.entries(work)
      .filter(([what, figure]) => figure > (limit[what] ?? -1))
      .map(([what, figure]) => `${kind}: ${figure} ${what}, not ${limit[what] ?? 'counted before'}`);
  });
}
