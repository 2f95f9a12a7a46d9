import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { readEnv } from '../../src/config/env';

const example = parseEnv(readFileSync(join(__dirname, '..', '..', '.env.example'), 'utf8')) as Record<string, string>;

const WITHOUT_DEFAULT = [
  ...['DEMO_DATA', 'IMPORT_DATABASE_URL', 'METRICS_TOKEN', 'NODE_ENV', 'PUBLIC_URL'],
  ...['WECOM_CREDENTIAL_KEY', 'WECOM_PROXY_URL', 'WECOM_SYNC_AT'],
];

test('.env.example shows every setting with its default', () => {
  expect(readEnv(example)).toEqual(readEnv({}));
  expect(Object.keys(example).sort()).toEqual([...Object.keys(readEnv({})), ...WITHOUT_DEFAULT].sort());
});

test.each(['docs/operations.md', 'docs/operations.zh-CN.md'])(
  '%s has a row for every setting, with its default',
  (file) => {
    const rows = readFileSync(join(__dirname, '..', '..', file), 'utf8').matchAll(/^\| `([A-Z_]+)` +\| (?:`(.*?)`)?/gm);
    const defaults = Object.fromEntries([...rows].map(([, name, value = '']) => [name, value]));
    expect(defaults).toEqual(example);
  },
);
