import { InvalidArgumentError } from 'commander';

/** Reads an argument or option of the command line that is an id. @throws InvalidArgumentError */
export function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('a whole number is needed');
  return Number(text);
}
