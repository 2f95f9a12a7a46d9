import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import type { DataSource } from 'typeorm';
import { readEnv } from '../../src/config/env';
import { connect } from '../../src/database/connect';
import { dataSourceOptions } from '../../src/schema/data-source';
import { CLI } from '../cli';
import type { TestDatabase } from '../database';
import { buildUser } from '../factories';
import { OriginalTables } from '../import/originals-tables';
import { mariadb } from '../mariadb/databases';
import { Files } from '../setup/files';
import { sqlite } from '../sqlite/databases';
import { until } from '../until';
import { fingerprint } from './fingerprint';
import { measured } from './measured';

const ROWS = 20_000;
const KILLS = [2_000, 9_000, 17_000];

/** 80 MB of texts pass through a heap of 64 MB. */
const TEXT = 'x'.repeat(4_000);
const HEAP_MB = 64;

const MAP = `
customers:
  table: customer
  key: customer_id
  columns: { customer_id: customer_id, name: customer_name }
  constants: { created: '2020-01-02 03:04:05' }
relations:
  table: user_customer
  key: [user_id, customer_id]
  columns: { user_id: user_id, customer_id: customer_id, template: template, created: created }
  constants: { boss_sync: 1 }
`;

describe.each([
  ['sqlite', sqlite],
  ['mariadb', mariadb],
] as const)('an import of tables into %s', (name, engine) => {
  const files = new Files();
  let original: OriginalTables;
  const opened: { dataSource: DataSource; database: TestDatabase }[] = [];

  beforeAll(async () => {
    original = await OriginalTables.create();
    const numbers = `SELECT seq FROM seq_1_to_${ROWS}`;
    await original.query(
      `INSERT INTO customer (customer_id, name) SELECT seq, CONCAT('客户', seq) FROM (${numbers}) n`,
    );
    await original.query(
      `INSERT INTO user_customer (user_id, customer_id, template, created)
       SELECT 998, seq, CONCAT(?, seq), '2020-01-02 03:04:05' FROM (${numbers}) n`,
      [TEXT],
    );
  });

  afterAll(async () => {
    for (const { dataSource, database } of opened) {
      await dataSource.destroy();
      await database.drop();
    }
    await original.end();
    files.remove();
  });

  async function newHub() {
    const database = await engine.create();
    const dataSource = await connect(dataSourceOptions(readEnv({ DATABASE_URL: database.url })));
    opened.push({ dataSource, database });
    await dataSource.runMigrations();
    await buildUser(dataSource, { userId: 998, passwordHash: '' });
    return { dataSource, database };
  }

  function begin({ url }: TestDatabase) {
    const env = {
      PATH: process.env.PATH,
      DATABASE_URL: url,
      IMPORT_DATABASE_URL: original.url,
      NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}`,
    };
    const words = ['import', 'tables', files.write('map.yaml', MAP), '--apply', '--refused', files.path('refused')];
    return spawn(process.execPath, [CLI, ...words], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  }

  async function run(database: TestDatabase): Promise<any[]> {
    const child = begin(database);
    const [output] = await Promise.all([text(child.stdout), once(child, 'exit')]);
    return JSON.parse(output.trim().split('\n').at(-1)!);
  }

  test('killed and run again ends as one that was not, in a heap smaller than the rows', async () => {
    const undisturbed = await newHub();
    const added = { new: ROWS, changed: 0, equal: 0, refused: 0 };
    const startedAt = performance.now();
    expect(await run(undisturbed.database)).toMatchObject([added, added]);
    const seconds = (performance.now() - startedAt) / 1000;

    const killed = await newHub();
    for (const rows of KILLS) {
      const child = begin(killed.database);
      const count = async () =>
        Number((await killed.dataSource.query<[{ n: number }]>('SELECT COUNT(*) AS n FROM user_customer'))[0].n);
      await until(async () => child.exitCode !== null || (await count()) >= rows);
      child.kill('SIGKILL');
      if (child.signalCode === null && child.exitCode === null) await once(child, 'exit');
      expect(child.signalCode).toBe('SIGKILL');
      await killed.dataSource.query('UPDATE import_checkpoint SET lease_until = 0'); // instead of waiting for 15 s
    }
    const [customers, relations] = await run(killed.database);
    expect(customers).toMatchObject({ new: 0, equal: ROWS });
    expect(relations).toMatchObject({ ...added, resumed: true });
    const withoutLog = { audit_entry: '1 = 0' };
    expect(await fingerprint(killed.dataSource, withoutLog)).toEqual(
      await fingerprint(undisturbed.dataSource, withoutLog),
    );
    const entries = ({ dataSource }: { dataSource: DataSource }) =>
      dataSource.query('SELECT COUNT(*) AS n FROM audit_entry');
    expect(await entries(killed)).toEqual(await entries(undisturbed));
    measured(`an import of tables into ${name}`, {
      rows: 2 * ROWS,
      seconds: seconds.toFixed(1),
      'heap in MB': HEAP_MB,
    });
  });
});
