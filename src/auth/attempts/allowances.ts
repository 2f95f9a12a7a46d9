import { EntityManager, Like } from 'typeorm';
import { subscriber } from '../../http/edge/client-address';
import { FailedAttempt } from './failed-attempt.entity';
import { sha256 } from '../../base/secrets';

/** Wrong guesses by one account, or from one address at one account's password. */
const MAX_OF_ACCOUNT = 10;

/** Wrong guesses from one address: an office or a server of the enterprise speaks for many accounts. */
const MAX_OF_ADDRESS = 100;

/**
 * Wrong guesses at one account's password from all addresses together. Well above those of one address, or anybody who
 * knows a name could lock it out.
 */
const MAX_AT_ACCOUNT = 100;

/** What wrong guesses are counted by, and how many it has in 15 minutes. */
export interface Allowance {
  subject: string;
  max: number;
}

/** A signed-in account guesses at the secret of something: it is the account that runs out. */
export function guessesBy(accountId: number, address: string): Allowance[] {
  return [{ subject: `customer-secret:${accountId}`, max: MAX_OF_ACCOUNT }, ofAddress(address)];
}

/** Somebody guesses at the password of an account, whether it exists or not. */
export function guessesAt(username: string, address: string): Allowance[] {
  const account = passwordOf(username);
  const here = { subject: `${account}@${subscriber(address)}`, max: MAX_OF_ACCOUNT };
  return [{ subject: account, max: MAX_AT_ACCOUNT }, here, ofAddress(address)];
}

/** Forgets the wrong guesses at the password of an account. */
export async function forgetGuessesAt(username: string, manager: EntityManager): Promise<void> {
  await manager.delete(FailedAttempt, { subject: Like(`${passwordOf(username)}%`) });
}

/** Half a digest is long enough to tell names apart, and short enough for a column together with an address. */
function passwordOf(username: string): string {
  return `password:${sha256(username).slice(0, 32)}`;
}

function ofAddress(address: string): Allowance {
  return { subject: subscriber(address), max: MAX_OF_ADDRESS };
}
