import { hash, verify } from '@node-rs/argon2';

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

export function hashPassword(password: string): Promise<string> {
  return hash(password, PARAMETERS);
}

let decoy: Promise<string> | undefined;

/** Whether `password` matches `passwordHash`. Without a hash (unknown user) it takes as long and returns false. */
export async function verifyPassword(passwordHash: string | undefined, password: string): Promise<boolean> {
  if (passwordHash !== undefined) return verify(passwordHash, password);
  decoy ??= hashPassword('decoy');
  await verify(await decoy, password);
  return false;
}
