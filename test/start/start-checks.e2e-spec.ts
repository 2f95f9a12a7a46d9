import { createConnection } from 'mysql2/promise';
import type { DataSource } from 'typeorm';
import { createApp } from '../../src/app';
import { User } from '../../src/auth/entities/user.entity';
import { readEnv } from '../../src/config/env';
import { fillDemoData } from '../../src/schema/demo/fill';
import { connect } from '../../src/database/connect';
import { dataSourceOptions } from '../../src/schema/data-source';
import { createDatabase, engine, TestDatabase } from '../database';
import { MariadbServer } from '../mariadb/server';

/** Starts the app as main.ts does, and stops it. @returns the reason when it does not start */
async function startOn(url: string, settings: Record<string, string> = {}): Promise<string | undefined> {
  try {
    const app = await createApp(readEnv({ DATABASE_URL: url, LOG_LEVEL: 'fatal', ...settings }));
    await app.close();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

async function migrate(url: string, fill?: (dataSource: DataSource) => Promise<unknown>): Promise<void> {
  const dataSource = await connect(dataSourceOptions(readEnv({ DATABASE_URL: url })));
  await dataSource.runMigrations();
  await fill?.(dataSource);
  await dataSource.destroy();
}

describe('a start', () => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await createDatabase();
  });

  afterEach(() => database.drop());

  test('is refused when the tables are older than the program', async () => {
    await migrate(database.url, (dataSource) => dataSource.undoLastMigration());
    expect(await startOn(database.url)).toBe(
      'the tables are not up to date: npm run cli -- migrate, in an image node dist/src/cli.js migrate',
    );
  });

  test('is refused when the tables are newer than the program', async () => {
    await migrate(database.url, (dataSource) =>
      dataSource.query("INSERT INTO migrations (timestamp, name) VALUES (9, 'OfTomorrow9')"),
    );
    expect(await startOn(database.url)).toMatch(/^the tables belong to a newer customer-hub: /);
  });

  describe('with a public demo password', () => {
    beforeEach(() => migrate(database.url, fillDemoData));

    const production = { NODE_ENV: 'production' };
    const refusal = /^account \w+ has its public demo password: npm run cli -- account password \w+, or DEMO_DATA=true/;

    test('is refused in production, and on a database server everywhere', async () => {
      expect(await startOn(database.url, production)).toMatch(refusal);
      expect(await startOn(database.url, { ...production, DEMO_DATA: 'false' })).toMatch(refusal);
      const here = await startOn(database.url);
      if (engine === 'sqlite') expect(here).toBeUndefined();
      else expect(here).toMatch(refusal);
    });

    test('is allowed with DEMO_DATA=true', async () => {
      expect(await startOn(database.url, { ...production, DEMO_DATA: 'true' })).toBeUndefined();
    });

    test('is allowed once each password is changed or its account closed', async () => {
      await migrate(database.url, async ({ manager }) => {
        const { passwordHash } = await manager.findOneByOrFail(User, { username: 'guest' });
        await manager.update(User, { username: 'admin' }, { passwordHash });
        await manager.update(User, { username: 'demo' }, { isAvailable: 0 });
      });
      expect(await startOn(database.url, production)).toMatch(/^account guest has/);
      await migrate(database.url, ({ manager }) => manager.delete(User, { username: 'guest' }));
      expect(await startOn(database.url, production)).toBeUndefined();
    });
  });
});

if (engine === 'mariadb') {
  describe('a start on a server', () => {
    let server: MariadbServer;
    let url: string;

    beforeAll(async () => {
      server = await MariadbServer.start();
      await execute('CREATE DATABASE hub CHARACTER SET utf8mb4 COLLATE utf8mb4_bin');
      url = `${server.url}hub`;
      await migrate(url);
    });

    afterAll(() => server?.stop());

    async function execute(sql: string): Promise<void> {
      const connection = await createConnection({ uri: server.url });
      await connection.query(sql);
      await connection.end();
    }

    test('is refused with a table that has no transactions', async () => {
      await execute('ALTER TABLE hub.session ENGINE = MyISAM');
      expect(await startOn(url)).toBe("table session is MyISAM's, not InnoDB's: ALTER TABLE session ENGINE = InnoDB");
      await execute('ALTER TABLE hub.session ENGINE = InnoDB');
      expect(await startOn(url)).toBeUndefined();
    });

    test('is refused while the server is read-only', async () => {
      await execute('SET GLOBAL read_only = 1');
      expect(await startOn(url)).toBe('the database of DATABASE_URL takes no writes (read-only)');
      await execute('SET GLOBAL read_only = 0');
      expect(await startOn(url)).toBeUndefined();
    });
  });
}
