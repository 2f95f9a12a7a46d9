import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserCustomer } from '../../src/user-customer/entities/user-customer.entity';
import { TestApp } from '../app';
import { runCli } from '../cli';
import { engine } from '../database';
import { buildUserCustomer } from '../factories';

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
    test('is refused on other engines than SQLite', async () => {
      const { code, stderr } = await runCli(app.databaseUrl, `backup ${file}`);
      expect([code, stderr]).toEqual([1, expect.stringMatching(/^customer-hub: [^\n]*mariadb-dump[^\n]*\n$/)]);
      expect(existsSync(file)).toBe(false);
    });
    return;
  }

  test('copies a database in use, with its latest writes, to one file that only its owner reads', async () => {
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

  test('overwrites no file and reports an error in one line', async () => {
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
