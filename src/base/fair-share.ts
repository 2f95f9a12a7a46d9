import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';

/*
 * Long pieces of work that hold the event loop (a large SQLite result, a large answer to encode) get half of its time:
 * after them, those that may be long rest as long as they took. To wait for the next turn of the loop would not do: a
 * turn accepts only one new connection, so that requests beside pages of 30 ms each would wait for seconds.
 */

/** Shorter pieces are the ordinary ones, and owe nothing. */
const LONG_MS = 2;

/** The milliseconds that have to be rested. */
let owed = 0;

/** Ends with the rest; undefined while there is none. */
let rest: Promise<void> | undefined;

/** Does a piece of work that may hold the event loop for long. */
export function inOnePiece<Result>(work: () => Result): Result {
  const began = performance.now();
  try {
    return work();
  } finally {
    const took = performance.now() - began;
    if (took > LONG_MS) {
      owed += took;
      rest ??= restAll();
    }
  }
}

/**
 * Begins work that may be long once other requests have had their share: at once when none was long lately. Nothing
 * comes between the check and the work, or many that wait for the same thing would begin together.
 */
export async function afterOthers<Result>(work: () => Result): Promise<Awaited<Result>> {
  while (rest) await rest;
  return await work();
}

/** Begins with the next turn: what follows in this one, as writing the answer, is no rest. */
async function restAll(): Promise<void> {
  while (owed > 0) {
    await nextTurn();
    const milliseconds = owed;
    owed = 0;
    await sleep(milliseconds);
  }
  rest = undefined;
}
