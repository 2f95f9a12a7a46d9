import { hash, randomBytes, timingSafeEqual } from 'node:crypto';

const HOUR = 3600;
const DAY = 24 * HOUR;

/** Lifetimes in seconds by `keep_alive` (CONTRACT 1.2); '' is the default. */
const LIFETIMES = {
  '': { token: 2 * HOUR, refresh: DAY },
  short: { token: DAY, refresh: 7 * DAY },
  medium: { token: 3 * DAY, refresh: 30 * DAY },
  long: { token: 7 * DAY, refresh: 90 * DAY },
};

export type KeepAlive = keyof typeof LIFETIMES;

/** What the client gets, once; the database keeps only {@link sha256} of both. */
export interface TokenPair {
  /** 32 characters, 128 random bits. */
  token: string;
  /** 64 characters, 256 random bits. */
  refreshToken: string;
  keepAlive: KeepAlive;
}

export function newTokenPair(keepAlive: KeepAlive): TokenPair {
  return { token: randomBytes(16).toString('hex'), refreshToken: randomBytes(32).toString('hex'), keepAlive };
}

/** SHA-256 in hex; tokens are random, so neither salt nor stretching is needed. */
export function sha256(token: string): string {
  return hash('sha256', token);
}

/** Compares in constant time, whatever the lengths. */
export function isSameSecret(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(sha256(one)), Buffer.from(sha256(other)));
}

/** The columns of a session that hold this pair from `now` (unix seconds) on. */
export function sessionColumns({ token, refreshToken, keepAlive }: TokenPair, now: number) {
  const lifetime = LIFETIMES[keepAlive];
  return {
    tokenHash: sha256(token),
    refreshHash: sha256(refreshToken),
    keepAlive,
    expiresAt: now + lifetime.token,
    refreshExpiresAt: now + lifetime.refresh,
  };
}
