import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const FOLDER = resolve(__dirname, '../../src/schema/migrations');

/**
 * Migrations and their helpers that have landed, by the beginning of their SHA-256: databases have run them as they are,
 * so a change goes into a further migration. A new migration gets its line when it lands.
 */
const LANDED: Record<string, string> = {
  '1763769600000-create-tables.ts': '4536727ac6209b62',
  '1763856000000-index-follows.ts': '392979172f3f7e9d',
  '1763942400000-audit-user-customers.ts': 'e5e6ffe8279af956',
  '1764028800000-link-tags.ts': 'edea6ba8c370bd67',
  '1764115200000-old-clients.ts': '11d71271912132df',
  '1764201600000-mend-audit.ts': '8d284954460721b1',
  '1764288000000-audit.ts': 'b82b0ef856c817e2',
  '1764374400000-wecom-corps.ts': '1a8021e63321cde9',
  '1764460800000-follow-history.ts': 'dbdd526455e78ca6',
  '1764633600000-wecom-runs.ts': 'a3a5d1e874184f12',
  '1764547200000-wecom-events.ts': 'a764fd925c9d52d8',
  '1764720000000-wecom-writes.ts': 'fa3a7cd376cd8660',
  '1764806400000-import-checkpoint.ts': '8667c480702521b0',
  'columns.ts': '838912c8fff36ea2',
};

const hashOf = (file: string) =>
  createHash('sha256')
    .update(readFileSync(join(FOLDER, file)))
    .digest('hex')
    .slice(0, 16);

test.each(Object.entries(LANDED))('%s is as it landed', (file, hash) => expect(hashOf(file)).toBe(hash));

test('every migration is among them', () => {
  const files = readdirSync(FOLDER).filter((file) => file !== 'index.ts');
  expect(Object.keys(LANDED).sort()).toEqual(files.sort());
});
