import { EntityManager, Like } from 'typeorm';
import { subscriber } from '../../http/edge/client-address';
import { FailedAttempt } from './failed-attempt.entity';
import { sha256 } from '../../base/secrets';

/** Wrong guesses in 15 minutes by one account, or from one address at one account's password. */
const MAX_OF_ACCOUNT = 10;

/** Wrong guesses in 15 minutes from one address, which an office or a server may share among many accounts. */
const MAX_OF_ADDRESS = 100;

/**
 * Wrong guesses in 15 minutes at one account's password from all addresses together: far more than from one address, so
 * that a single client cannot lock the account out.
 */
const MAX_AT_ACCOUNT = 100;

/** The wrong guesses that a subject has in 15 minutes. */
export interface Allowance {
  /** `failed_attempt.subject`, at most 100 characters. */
  subject: string;
  max: number;
}

/** Allowances of a signed-in account that guesses customers' secrets. */
export function guessesBy(accountId: number, address: string): Allowance[] {
  return [{ subject: `customer-secret:${accountId}`, max: MAX_OF_ACCOUNT }, ofAddress(address)];
}

/** Allowances of an address that guesses the password of an account, whether the account exists or not. */
export function guessesAt(username: string, address: string): Allowance[] {
  const account = passwordOf(username);
  const fromAddress = { subject: `${account}@${subscriber(address)}`, max: MAX_OF_ACCOUNT };
  return [{ subject: account, max: MAX_AT_ACCOUNT }, fromAddress, ofAddress(address)];
}

/** Deletes the wrong guesses at the password of an account. */
export async function forgetGuessesAt(username: string, manager: EntityManager): Promise<void> {
  await manager.delete(FailedAttempt, { subject: Like(`${passwordOf(username)}%`) });
}

/** Half a digest tells names apart and leaves room for an address in the column. */
function passwordOf(username: string): string {
  return `password:${sha256(username).slice(0, 32)}`;
}

function ofAddress(address: string): Allowance {
  return { subject: subscriber(address), max: MAX_OF_ADDRESS };
}
