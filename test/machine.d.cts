/**
 * Runs a unit of work in a process of its own and waits for it, blocking this process.
 * @returns how many times longer it takes than on the reference machine, at least 1
 */
export function slowness(): number;

/** The slowness that was measured when the run started. */
export const slownessAtStart: number;

/** A limit that catches what never ends: `milliseconds` on the reference machine, longer on a slower one. */
export function patience(milliseconds: number): number;
