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
  /** `failed_attempt.subject` without the mark of a guess, at most 90 characters. */
  subject: string;
  max: number;
}

/** Who guesses at what. */
export interface Guesser {
  /** Guesses of one line run one after another in a process. */
  line: string;
  /**
   * Whether a guess is counted before it is compared and given back when it was right: four statements more for a right
   * one, for secrets that many clients may guess at in several processes at once. A guess counted afterwards can be one
   * too many for each further process.
   */
  countsFirst: boolean;
  allowances: Allowance[];
}

/** A signed-in account that guesses customers' secrets. */
export function guesserOfSecrets(accountId: number, address: string): Guesser {
  const account = `customer-secret:${accountId}`;
  const allowances = [{ subject: account, max: MAX_OF_ACCOUNT }, ofAddress(address)];
  return { line: account, countsFirst: false, allowances };
}

/**
 * An address that guesses the password of an account, whether the account exists or not. The line is the address's, so
 * that a flood from one delays no sign-in from another.
 */
export function guesserOfPassword(username: string, address: string): Guesser {
  const account = passwordOf(username);
  const fromAddress = { subject: `${account}@${subscriber(address)}`, max: MAX_OF_ACCOUNT };
  return {
    line: subscriber(address),
    countsFirst: true,
    allowances: [{ subject: account, max: MAX_AT_ACCOUNT }, fromAddress, ofAddress(address)],
  };
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
