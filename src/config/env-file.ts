import { isUtf8 } from 'node:buffer';
import { readFileSync, statSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { OperatorError } from '../base/operator-error';
import { SETTINGS } from './env';

/**
 * Puts the settings of a file, if there is one, into the environment, which wins over it. A byte order mark, which some
 * editors write, is passed over.
 * @param warn gets a line for each thing that would be lost in silence (a line that is no setting, a name given twice, a name
 *   that is nearly a setting), and for secrets that everyone can read
 * @throws OperatorError for a file that cannot be read, and for another encoding than UTF-8, whose settings would be lost
 */
export function loadEnvFile(
  file = '.env',
  environment: NodeJS.ProcessEnv = process.env,
  warn = (line: string) => console.error(line),
): void {
  const { text, faults } = withoutStrayLines(read(file));
  const given = parseEnv(text);
  for (const fault of faults) warn(`customer-hub: ${file} ${fault}`);
  for (const name of Object.keys(given)) {
    if (environment[name] !== undefined) continue;
    environment[name] = given[name];
    const meant = Object.hasOwn(SETTINGS, name) ? undefined : nearest(name);
    if (meant) warn(`customer-hub: ${file} sets ${name}, which is no setting: is ${meant} meant?`);
  }
  const hasSecret = Object.entries(given).some(([name, value]) => isSecret(name, value));
  if (hasSecret && isPublic(file))
    warn(`customer-hub: ${file} holds secrets and every user can read it: chmod 600 ${file}`);
}

/** A line, or several when a value in quotes has several; the group is the name of a setting. */
const STATEMENT = /^[ \t]*(?:#.*|(?:export[ \t]+)?([^\s=#]+)[ \t]*=[ \t]*(?:"[^"]*"|'[^']*'|`[^`]*`)?.*|.*)$/gm;

/**
 * Takes lines that are no settings away, because Node 20 takes such a line for the beginning of the next one's name.
 * @returns also what to warn of: stray lines by number, because they may hold a secret, and names given twice
 */
function withoutStrayLines(file: string): { text: string; faults: string[] } {
  const statements = [...file.replaceAll('\r\n', '\n').matchAll(STATEMENT)];
  const settings = statements.filter(([, name]) => name !== undefined);
  const stray = statements.filter(([line, name]) => name === undefined && /^\s*[^#\s]/.test(line));
  const names = settings.map(([, name]) => name!);
  const twice = new Set(names.filter((name, at) => names.indexOf(name) < at));
  return {
    text: settings.map(([statement]) => statement).join('\n'),
    faults: [
      ...stray.map(({ index, input }) => `line ${lineAt(input, index)} is no setting: NAME=value is needed`),
      ...[...twice].map((name) => `sets ${name} more than once: the last one counts`),
    ],
  };
}

const lineAt = (text: string, index: number) => text.slice(0, index).split('\n').length;

/** Whether a setting is a token or a password, perhaps within a URL. */
function isSecret(name: string, value = ''): boolean {
  return (/TOKEN$|PASSWORD$|KEY$/.test(name) && value !== '') || /:\/\/[^/@]*:[^/@]+@/.test(value);
}

/** Always false on Windows, whose rights are not in the mode. */
function isPublic(file: string): boolean {
  return process.platform !== 'win32' && (statSync(file).mode & 0o004) !== 0;
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
