import pLimit from 'p-limit';

/*
 * Passwords of accounts that were moved in from PHP (`$2y$`), until their first sign-in: bcrypt as it is, so only the
 * first 72 bytes of a password count, and nothing from a NUL on.
 */

const FORM = /^\$2[aby]\$(\d\d)\$[./A-Za-z\d]{53}$/;

/** The work of a guess doubles with each step; PHP's default is 10, since 8.4 it is 12, and 14 takes over a second. */
export const MAX_COST = 14;
const MIN_COST = 4;

/** The cost of a bcrypt hash, undefined for any other text. */
export function bcryptCost(hash: string): number | undefined {
  const [, cost] = FORM.exec(hash) ?? [];
  return cost === undefined || Number(cost) < MIN_COST ? undefined : Number(cost);
}

/** It computes on the event loop, which several at once would hold up for as many times as long. */
const oneAtATime = pLimit(1);

/** Whether a password matches a bcrypt hash. Gives way to other requests every tenth of a second. */
export function verifyBcrypt(hash: string, password: string): Promise<boolean> {
  return oneAtATime(async () => {
    const { compare } = await import('bcryptjs');
    return compare(password.replace(/\0.*$/s, ''), hash);
  });
}
