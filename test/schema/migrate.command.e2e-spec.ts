import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { readEnv } from '../../src/config/env';
import { migrations } from '../../src/schema/migrations';
import { connect } from '../../src/database/connect';
import { dataSourceOptions } from '../../src/schema/data-source';
import { UserCustomer } from '../../src/user-customer/entities/user-customer.entity';
import { TestApp } from '../app';
import { runCli } from '../cli';
import { createDatabase, engine, TestDatabase } from '../database';
import { buildUserCustomer } from '../factories';

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

  test('makes the tables of an empty database, and leaves those that are up to date', async () => {
    expect(await runCli(database.url, 'account list')).toMatchObject({ code: 1 });
    expect(await runCli(database.url, 'migrate')).toEqual(MIGRATED);
    expect(await runCli(database.url, 'account add boss', 'correct horse')).toMatchObject({ code: 0 });
    expect(await runCli(database.url, 'migrate')).toEqual(UP_TO_DATE);
  });

  test('refuses tables that are newer than the program', async () => {
    await runCli(database.url, 'migrate');
    await withDatabase((tables) => tables.query("INSERT INTO migrations (timestamp, name) VALUES (9, 'OfTomorrow9')"));
    const { code, stderr } = await runCli(database.url, 'migrate');
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^customer-hub: the tables belong to a newer [^\n]*\n$/)]);
  });

  test('says in one line which migration failed', async () => {
    await withDatabase((connection) => connection.query('CREATE TABLE user (id int)'));
    expect(await runCli(database.url, 'migrate')).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^customer-hub: migration CreateTables\d+ failed \([^\n]+\)\n$/),
    });
  });

  if (engine === 'sqlite') return; // which has one process

  test('of three at once one works, the others wait', async () => {
    const runs = await Promise.all([1, 2, 3].map(() => runCli(database.url, 'migrate')));
    const byWork = runs.sort((a, b) => b.stdout.length - a.stdout.length);
    expect(byWork).toEqual([MIGRATED, UP_TO_DATE, UP_TO_DATE]);
  });

  test('waits for its own database only', async () => {
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

describe('backup', () => {
  let app: TestApp;
  let directory: string;
  let file: string;

  beforeAll(async () => {
    app = await TestApp.start();
    directory = mkdtempSync(join(tmpdir(), 'customer-hub-backup-'));
    file = join(directory, 'backup.sqlite');
  });

  afterAll(async () => {
    await app.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  if (engine === 'mariadb') {
    test('is for SQLite, and says so', async () => {
      const { code, stderr } = await runCli(app.databaseUrl, `backup ${file}`);
      expect([code, stderr]).toEqual([1, expect.stringMatching(/^customer-hub: [^\n]*mariadb-dump[^\n]*\n$/)]);
      expect(existsSync(file)).toBe(false);
    });
    return;
  }

  test('of a database in use is one file for its owner only, with what was written last', async () => {
    const { customerId } = await buildUserCustomer(app.dataSource);
    expect(await runCli(app.databaseUrl, `backup ${file}`)).toEqual({
      code: 0,
      stdout: `${file} is a whole copy\n`,
      stderr: '',
    });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const copy = await TestApp.start({ demo: false, database: { url: `sqlite:${file}`, drop: async () => {} } });
    expect(await copy.row(UserCustomer, { userId: 998, customerId })).not.toBeNull();
    await copy.stop();
  });

  test('overwrites no file, and says in one line what is wrong', async () => {
    const { size } = statSync(file);
    for (const [database, target, reason] of [
      [app.databaseUrl, file, `${file} exists`],
      [
        app.databaseUrl,
        join(directory, 'none', 'backup'),
        `${join(directory, 'none', 'backup')} cannot be written (Error open ENOENT)`,
      ],
      [`sqlite:${directory}/none`, join(directory, 'other'), 'the database of DATABASE_URL cannot be opened'],
    ] as const) {
      expect(await runCli(database, `backup ${target}`)).toEqual({
        code: 1,
        stdout: '',
        stderr: `customer-hub: ${reason}\n`,
      });
    }
    expect(statSync(file).size).toBe(size);
  });
});
