import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { readEnv } from '../src/config/env';

const example = parseEnv(readFileSync(join(__dirname, '..', '.env.example'), 'utf8')) as Record<string, string>;

const WITHOUT_DEFAULT = ['DEMO_DATA', 'METRICS_TOKEN', 'NODE_ENV', 'PUBLIC_URL'];

test('.env.example shows every setting with its default', () => {
  expect(readEnv(example)).toEqual(readEnv({}));
  expect(Object.keys(example).sort()).toEqual([...Object.keys(readEnv({})), ...WITHOUT_DEFAULT].sort());
});
