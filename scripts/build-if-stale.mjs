import { execSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

// Builds only when a source has changed: a build empties dist/ first, and a service running from there would miss its
// files.
const BUILT = 'dist/src/cli.js';
const sources = [
  'package.json',
  'ormconfig.ts',
  ...readdirSync('src', { recursive: true }).map((file) => join('src', file)),
];
const changedAt = (file) => statSync(file).mtimeMs;

if (!existsSync(BUILT) || (existsSync('src') && sources.some((file) => changedAt(file) > changedAt(BUILT)))) {
  execSync('npm run build --silent', { stdio: 'inherit' });
}
