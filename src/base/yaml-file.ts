import { isUtf8 } from 'node:buffer';
import { readFileSync, statSync } from 'node:fs';
import { CST, LineCounter, parseDocument, Parser } from 'yaml';
import type { z } from 'zod';
import { OperatorError } from './operator-error';

/** Bounds the work of parsing, in bytes; a file written by hand has a few thousand. */
const MAX_BYTES = 1024 * 1024;

/** Bounds what aliases multiply: a few short lines could stand for more than the memory holds. */
const MAX_ALIASES = 100;

/** Bounds the recursion of composing: at the end of the stack, V8 may end the process instead of throwing. */
const MAX_DEPTH = 32;

/**
 * Reads a YAML 1.2 file (`no` is a text, a key given twice a mistake) and checks it.
 * @throws OperatorError in one line, with the place in the file and without its values
 */
export function readYaml<Schema extends z.ZodType>(file: string, schema: Schema): z.output<Schema> {
  const parsed = schema.safeParse(parse(file, read(file)), { error: messageOf });
  if (parsed.success) return parsed.data;
  throw new InYaml(file, ...faultOf(parsed.error.issues[0]!));
}

/** Something in a YAML file that does not do; the place is written as `accounts[2].username`. */
export class InYaml extends OperatorError {
  constructor(file: string, path: readonly PropertyKey[], message: string) {
    const place = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
    super(`${[file, place.replace(/^\./, '')].filter(Boolean).join(': ')}: ${message}`);
  }
}

function read(file: string): string {
  let bytes: Buffer;
  try {
    const found = statSync(file);
    if (!found.isFile()) throw new OperatorError(`${file} is no file`); // a pipe could keep the process waiting, deaf to signals
    if (found.size > MAX_BYTES) throw new OperatorError(`${file} is longer than ${MAX_BYTES} bytes`);
    bytes = readFileSync(file);
  } catch (error) {
    if (error instanceof OperatorError) throw error;
    throw new OperatorError(`${file} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  if (!isUtf8(bytes)) throw new OperatorError(`${file} must be UTF-8`);
  return bytes.toString().replace(/^\ufeff/, '');
}

/** Looks at the tokens, which are found without recursion. */
function assertNotDeep(file: string, text: string): void {
  const waiting = Array.from(new Parser().parse(text), (token) => ({ token, depth: 0 }));
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { token, depth } = next;
    if (depth > MAX_DEPTH) throw new OperatorError(`${file} is nested more than ${MAX_DEPTH} deep`);
    for (const inner of tokensIn(token)) waiting.push({ token: inner, depth: depth + 1 });
  }
}

function tokensIn(token: CST.Token): CST.Token[] {
  if (token.type === 'document') return token.value ? [token.value] : [];
  return 'items' in token ? token.items.flatMap(({ key, value }) => [key, value].filter((inner) => inner != null)) : [];
}

function parse(file: string, text: string): unknown {
  assertNotDeep(file, text);
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false, logLevel: 'error' });
  const [fault] = [...document.errors, ...document.warnings];
  if (fault) {
    const { line } = lineCounter.linePos(fault.pos[0]);
    throw new OperatorError(`${file}: line ${line}: ${fault.message.replace(/:.*$/s, '')}`); // what follows may be a value
  }
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch {
    throw new OperatorError(`${file} has an alias without anchor, or too many aliases`);
  }
}

const NEEDED: Record<string, string> = {
  string: 'must be text, a number or a true in quotes',
  boolean: 'must be true or false',
  number: 'must be a whole number',
  int: 'must be a whole number',
  object: 'must have keys with values',
  record: 'must have keys with values',
  array: 'must be a list',
};

const messageOf: z.core.$ZodErrorMap = ({ code, input, ...issue }) => {
  if (code === 'unrecognized_keys') return 'is no key that is known here';
  if (code !== 'invalid_type') return undefined;
  return input === undefined ? 'is missing' : NEEDED[issue.expected as string];
};

/** An unknown key is reported at the object that has it. */
function faultOf(issue: z.core.$ZodIssue): [path: PropertyKey[], message: string] {
  const key = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  return [[...issue.path, ...key], issue.message];
}
