import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folder of package.json, of a checkout or an image: this file runs as src/base/ in tests and as dist/src/base/. */
const ROOT = __dirname.replace(/([\\/]dist)?[\\/]src[\\/]base$/, '');

/** The version in package.json. */
export function version(): string {
  return (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }).version;
}
