import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** The version of the built program: package.json is beside dist/, in an image too. */
export function version(): string {
  const file = readFileSync(resolve(__dirname, '../../../package.json'), 'utf8');
  return (JSON.parse(file) as { version: string }).version;
}
