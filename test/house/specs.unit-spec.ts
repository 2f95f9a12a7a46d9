import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');

const listed = (suite: string): string[] =>
  execFileSync(process.execPath, [join(ROOT, 'node_modules/jest/bin/jest.js'), '--listTests'], {
    cwd: ROOT,
    env: { ...process.env, SUITE: suite },
    encoding: 'utf8',
  })
    .trim()
    .split('\n');

/** A spec in a folder or with a name that jest's patterns miss would pass by never running. */
test('every spec belongs to a suite', () => {
  const files = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' });
  const specs = files.filter((file) => file.endsWith('-spec.ts')).map((file) => join(ROOT, 'test', file));
  expect(['ordinary', 'resilience', 'timed'].flatMap(listed).sort()).toEqual(specs.sort());
});
