import { Command, InvalidArgumentError } from 'commander';
import { positiveNumber } from '../../base/command-arguments';
import { OperatorError } from '../../base/operator-error';
import { baseUrl } from '../../config/parsers';
import type { Manners } from './transport';

/** What a command says of the system that it asks. */
export interface AskOptions {
  with: string;
  username: string;
  /** Requests a second. */
  rate: number;
  /** Seconds. */
  timeout: number;
}

/** Adds what names a running system and how it is asked to a command. */
export function withAskOptions(command: Command): Command {
  return command
    .requiredOption('--with <url>', 'the original, up to where /api/ or /business/ begins')
    .requiredOption('--username <name>', 'who signs in; the password is asked for, or read from standard input')
    .option('--rate <n>', 'requests a second at most', positiveRate, 5)
    .option('--timeout <seconds>', 'for one answer', positiveNumber, 30);
}

/** @throws OperatorError without the text, which may hold a password */
export function urlOf(option: string, text: string): string {
  const { success, data, error } = baseUrl.safeParse(text);
  if (success) return data;
  throw new OperatorError(`${option} ${error.issues[0]!.message}`);
}

export function mannersOf({ rate, timeout }: AskOptions): Manners {
  return { rate, timeoutMs: timeout * 1000, onRetry: (line) => console.error(line) };
}

/** Some originals need less than one request a second. */
function positiveRate(text: string): number {
  const rate = /^\d{1,6}(\.\d{1,3})?$/.test(text) ? Number(text) : 0;
  if (rate === 0) throw new InvalidArgumentError('a number above 0 is needed');
  return rate;
}
