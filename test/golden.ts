import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A documented answer as sent on the wire: JSON without white space, keys in the document's order. */
export function golden(name: string): string {
  return JSON.stringify(JSON.parse(readFileSync(join(__dirname, 'contract', 'golden', `${name}.json`), 'utf8')));
}
