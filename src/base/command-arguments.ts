import { InvalidArgumentError } from 'commander';
import { OperatorError } from './operator-error';

/* Parsers of arguments and options of the command line. Each throws InvalidArgumentError. */

export function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('a whole number is needed');
  return Number(text);
}

/** A number of something that exists. */
export function positiveNumber(text: string): number {
  const number = wholeNumber(text);
  if (number === 0) throw new InvalidArgumentError('a number of at least 1 is needed');
  return number;
}

/** A name that somebody has to type again: engines and people differ on blanks around it. */
export function name(text: string): string {
  if (text === '' || text !== text.trim() || /\p{Cc}/u.test(text)) {
    throw new InvalidArgumentError('a name is not empty, on one line and without blanks at its ends');
  }
  return text;
}

/** A mobile number, or an empty text, which takes it away. */
export function mobileNumber(text: string): string {
  if (!/^(\+?\d+([ -]\d+)*)?$/.test(text)) throw new InvalidArgumentError('a mobile number is needed: 13800000000');
  return text;
}

/** An e-mail address, or an empty text, which takes it away. */
export function emailAddress(text: string): string {
  if (!/^([^\s@\p{Cc}]+@[^\s@\p{Cc}]+)?$/u.test(text)) {
    throw new InvalidArgumentError('an e-mail address is needed: name@example.com');
  }
  return text;
}

/**
 * Refuses arguments in another encoding (GBK …), which Node has turned into replacement characters.
 * @throws OperatorError
 */
export function assertUtf8(words: string[]): void {
  if (words.some((word) => word.includes('\ufffd'))) {
    throw new OperatorError('arguments must be UTF-8, nothing is changed');
  }
}
