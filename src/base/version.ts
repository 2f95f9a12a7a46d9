import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** The version in package.json, which lies beside dist/ in a checkout and in an image. */
export function version(): string {
  const file = readFileSync(resolve(__dirname, '../../../package.json'), 'utf8');
  return (JSON.parse(file) as { version: string }).version;
}
