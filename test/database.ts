import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';

declare const ENGINE: 'sqlite' | 'mariadb' | undefined;

/** The engine of this run: jest runs every e2e file once per engine (jest.config.cjs). */
export const engine = typeof ENGINE === 'undefined' ? 'sqlite' : ENGINE;

export interface TestDatabase {
  /** The value for DATABASE_URL. */
  url: string;
  drop(): Promise<void>;
}

/** A new, empty database of the engine under test. */
export async function createDatabase(): Promise<TestDatabase> {
  return engine === 'mariadb' ? createMariadbDatabase() : createSqliteFile();
}

function createSqliteFile(): TestDatabase {
  const directory = mkdtempSync(join(tmpdir(), 'customer-hub-sqlite-'));
  return {
    url: `sqlite:${join(directory, 'test.sqlite')}`,
    drop: async () => rmSync(directory, { recursive: true, force: true }),
  };
}

async function createMariadbDatabase(): Promise<TestDatabase> {
  const server = process.env.TEST_DATABASE_URL ?? process.env.MARIADB_SERVER_URL;
  if (!server) throw new Error('no MariaDB server: see jest.config.cjs');
  const name = `customer_hub_test_${randomBytes(6).toString('hex')}`;
  await execute(server, `CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => execute(server, `DROP DATABASE ${name}`) };
}

async function execute(server: string, sql: string): Promise<void> {
  const { hostname, port, username, password } = new URL(server);
  const connection = await createConnection({
    host: hostname,
    port: Number(port || 3306),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
  });
  await connection.query(sql);
  await connection.end();
}
