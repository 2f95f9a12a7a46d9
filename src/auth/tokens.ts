import { randomBytes } from 'node:crypto';
import { sha256 } from '../base/secrets';

const HOUR = 3600;
const DAY = 24 * HOUR;

const BY_DEFAULT = { token: 2 * HOUR, refresh: DAY };

/** The words of the parameter `keep_alive` (CONTRACT 1.2). */
export const KEEP_ALIVES = ['default', 'short', 'medium', 'long'] as const;

/** What a client gave as `keep_alive`; '' is an absent one. */
export type KeepAlive = (typeof KEEP_ALIVES)[number] | '';

/** Lifetimes in seconds. */
export const LIFETIMES: Record<KeepAlive, { token: number; refresh: number }> = {
  '': BY_DEFAULT,
  default: BY_DEFAULT,
  short: { token: DAY, refresh: 7 * DAY },
  medium: { token: 3 * DAY, refresh: 30 * DAY },
  long: { token: 7 * DAY, refresh: 90 * DAY },
};

/** The tokens of a session. Only the client has them; the database keeps their SHA-256. */
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

/** The session columns for a pair issued at `now` (unix seconds). */
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
