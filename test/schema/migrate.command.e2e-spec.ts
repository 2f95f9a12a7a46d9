import { DataSource } from 'typeorm';
import { readEnv } from '../../src/config/env';
import { migrations } from '../../src/schema/migrations';
import { connect } from '../../src/database/connect';
import { dataSourceOptions } from '../../src/schema/data-source';
import { runCli } from '../cli';
import { createDatabase, engine, TestDatabase } from '../database';

const UP_TO_DATE = { code: 0, stdout: 'the tables are up to date\n', stderr: '' };
const MIGRATED = {
  code: 0,
  stdout: [...migrations.map(({ name }) => `migrated: ${name}\n`), UP_TO_DATE.stdout].join(''),
  stderr: '',
};

describe('migrate', () => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await createDatabase();
  });

  afterEach(() => database.drop());

  test('creates the tables of an empty database, and leaves up-to-date ones unchanged', async () => {
    expect(await runCli(database.url, 'account list')).toMatchObject({ code: 1 });
    expect(await runCli(database.url, 'migrate')).toEqual(MIGRATED);
    expect(await runCli(database.url, 'account add boss', 'correct horse')).toMatchObject({ code: 0 });
    expect(await runCli(database.url, 'migrate')).toEqual(UP_TO_DATE);
  });

  test('refuses tables newer than the program', async () => {
    await runCli(database.url, 'migrate');
    await withDatabase((tables) => tables.query("INSERT INTO migrations (timestamp, name) VALUES (9, 'OfTomorrow9')"));
    const { code, stderr } = await runCli(database.url, 'migrate');
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^customer-hub: the tables belong to a newer [^\n]*\n$/)]);
  });

  test('names the failed migration in one line', async () => {
    await withDatabase((connection) => connection.query('CREATE TABLE user (id int)'));
    expect(await runCli(database.url, 'migrate')).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^customer-hub: migration CreateTables\d+ failed \([^\n]+\)\n$/),
    });
  });

  if (engine === 'sqlite') return; // serves one process only

  test('one of three runs at once migrates, the others wait', async () => {
    const runs = await Promise.all([1, 2, 3].map(() => runCli(database.url, 'migrate')));
    const byWork = runs.sort((a, b) => b.stdout.length - a.stdout.length);
    expect(byWork).toEqual([MIGRATED, UP_TO_DATE, UP_TO_DATE]);
  });

  test('waits for runs on the same database only', async () => {
    const other = await createDatabase();
    await withDatabase(async (connection) => {
      await connection.query("DO GET_LOCK(CONCAT('customer-hub ', MD5(DATABASE())), 0)");
      expect(await runCli(other.url, 'migrate')).toEqual(MIGRATED);
      const waiting = runCli(database.url, 'migrate');
      expect(await Promise.race([waiting, new Promise((later) => setTimeout(later, 3_000, 'waits'))])).toBe('waits');
      await connection.query('DO RELEASE_ALL_LOCKS()');
      expect(await waiting).toEqual(MIGRATED);
    });
    await other.drop();
  });

  async function withDatabase(work: (connection: DataSource) => Promise<unknown>): Promise<void> {
    const connection = await connect(
      dataSourceOptions(readEnv({ DATABASE_URL: database.url, DATABASE_POOL_SIZE: '1' })),
    );
    await work(connection);
    await connection.destroy();
  }
});
