import { InvalidArgumentError } from 'commander';

/** Parses an id given as an argument or option of the command line. @throws InvalidArgumentError */
export function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('a whole number is needed');
  return Number(text);
}
