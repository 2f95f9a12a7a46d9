import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { OperatorError } from '../base/operator-error';
import { SETTINGS } from './env';

/**
 * Puts the settings of a file, if there is one, into the environment, which wins over it. A byte order mark, which some
 * editors write, is passed over.
 * @param warn gets a line for a name that is no setting but nearly one
 * @throws OperatorError for a file that cannot be read, and for another encoding than UTF-8, whose settings would be lost
 */
export function loadEnvFile(
  file = '.env',
  environment: NodeJS.ProcessEnv = process.env,
  warn = (line: string) => console.error(line),
): void {
  const given = parseEnv(read(file));
  for (const name of Object.keys(given)) {
    if (environment[name] !== undefined) continue;
    environment[name] = given[name];
    const meant = Object.hasOwn(SETTINGS, name) ? undefined : nearest(name);
    if (meant) warn(`customer-hub: ${file} sets ${name}, which is no setting: is ${meant} meant?`);
  }
}

function read(file: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return '';
    throw new OperatorError(`${file} cannot be read (${code})`);
  }
  // UTF-16 of ASCII is valid UTF-8, but full of NULs.
  if (!isUtf8(bytes) || bytes.includes(0)) throw new OperatorError(`${file} must be UTF-8`);
  return bytes.toString().replace(/^\ufeff/, '');
}

/** The setting that differs from a name by one or two characters at most. */
function nearest(name: string): string | undefined {
  const upper = name.toUpperCase();
  return Object.keys(SETTINGS).find((setting) => distance(upper, setting) <= 2);
}

/** The number of characters to insert, delete or replace (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, n) => n);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}
