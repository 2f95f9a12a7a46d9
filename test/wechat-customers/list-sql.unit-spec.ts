import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Engine, samplesFor } from './list-sql';

/** `npm run sql` writes the samples; any other run compares them. */
const WRITES = process.env.WRITE_SQL === '1';

describe('the SQL of getList', () => {
  test.each<Engine>(['mariadb', 'sqlite'])(
    'for %s equals the committed samples (npm run sql writes them anew)',
    (engine) => {
      const file = resolve(__dirname, '../../src/wechat-customers/list/sql', `${engine}.sql`);
      const samples = samplesFor(engine);
      if (WRITES) writeFileSync(file, samples);
      expect(samples).toBe(readFileSync(file, 'utf8'));
    },
  );
});
