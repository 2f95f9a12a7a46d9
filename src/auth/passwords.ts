import { availableParallelism } from 'node:os';
import { hash, verify } from '@node-rs/argon2';
import { Turns } from '../base/turns';
import { bcryptCost, MAX_COST, verifyBcrypt } from './bcrypt';

/** In characters; the maximum bounds the work of hashing and is the limit of login's `password`. */
export const PASSWORD_LENGTH = { min: 8, max: 1024 };

/** Why a text has no length for a password, or undefined. */
export function lengthFault(text: string): 'short' | 'long' | undefined {
  const { length } = [...text];
  if (length < PASSWORD_LENGTH.min) return 'short';
  return length > PASSWORD_LENGTH.max ? 'long' : undefined;
}

/** Argon2id at 19 MiB, two passes (OWASP's minimum): about 20 ms. */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/**
 * How many are hashed at once: each holds 19 MiB and a core, one core is left to everything else, and one of the four
 * threads that Node has for files and names. Of one address only one waits here (AttemptLimiter).
 */
const hashing = new Turns({
  atOnce: Math.min(3, Math.max(1, availableParallelism() - 1)),
  waiting: 200,
  waitMs: 10_000,
});

/** Runs work that verifies a password in its turn. @throws NoTurn */
export function inHashingTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  return hashing.take('', work);
}

/** @throws NoTurn */
export function hashPassword(password: string): Promise<string> {
  return inHashingTurn(() => hash(password, PARAMETERS));
}

let decoy: Promise<string> | undefined;

/**
 * Whether `password` matches `passwordHash`. Without a hash (unknown user, or one without password) it takes as long as for one of
 * {@link hashPassword} and returns false; a guess at an old hash ({@link isOldHash}) takes its own time until the first
 * right one. Requests call it within {@link inHashingTurn}.
 */
export async function verifyPassword(passwordHash: string | undefined, password: string): Promise<boolean> {
  if (passwordHash && isOldHash(passwordHash)) return verifyBcrypt(passwordHash, password);
  decoy ??= hash('decoy', PARAMETERS);
  const isRight = await verify(passwordHash || (await decoy), password);
  return Boolean(passwordHash) && isRight;
}

/** Whether a hash was moved in from another system and is replaced by one of our own at the first sign-in. */
export function isOldHash(passwordHash: string): boolean {
  return bcryptCost(passwordHash) !== undefined;
}

/** Of hashes that are moved in: a guess at one of these bounds takes as much as a sign-in may. In KiB, and passes. */
const MAX_MEMORY = 131_072;
const MAX_TIME = 10;
const MAX_PARALLELISM = 4;

const ARGON2ID = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,3})\$[A-Za-z\d+/]{11,86}\$[A-Za-z\d+/]{22,86}$/;

/** Why a text is no hash that a sign-in can verify, without the text; undefined if it is one. */
export function hashFault(text: string): string | undefined {
  const cost = bcryptCost(text);
  if (cost !== undefined) return cost > MAX_COST ? `is bcrypt of a cost above ${MAX_COST}` : undefined;
  const [, memory, time, parallelism] = ARGON2ID.exec(text)?.map(Number) ?? [];
  if (memory === undefined) return 'must be a hash: $2y$… (bcrypt) or $argon2id$…';
  if (time! < 1 || parallelism! < 1 || memory < 8 * parallelism!)
    return 'is argon2id with parameters that do not exist';
  const isTooMuch = memory > MAX_MEMORY || time! > MAX_TIME || parallelism! > MAX_PARALLELISM;
  return isTooMuch ? `is argon2id above m=${MAX_MEMORY}, t=${MAX_TIME} or p=${MAX_PARALLELISM}` : undefined;
}
