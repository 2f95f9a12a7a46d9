import { DataSource } from 'typeorm';
import { User } from '../../src/auth/entities/user.entity';
import { readEnv } from '../../src/config/env';
import { connect } from '../../src/database/connect';
import { dataSourceOptions } from '../../src/schema/data-source';
import { UserCustomer } from '../../src/user-customer/entities/user-customer.entity';
import { createDatabase, engine, TestDatabase } from '../database';
import { buildUser, buildUserCustomer } from '../factories';

/** The tables, without TypeORM's list of migrations. */
async function tableNames(dataSource: DataSource): Promise<string[]> {
  const sql =
    engine === 'sqlite'
      ? `SELECT name AS name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`
      : 'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()';
  const rows = await dataSource.query<{ name: string }[]>(sql);
  return rows
    .map(({ name }) => name)
    .filter((name) => name !== 'migrations')
    .sort();
}

const expectedTables = (dataSource: DataSource) =>
  [...new Set(dataSource.entityMetadatas.map(({ tableName }) => tableName))].sort();

async function appliedMigrations(dataSource: DataSource): Promise<number> {
  return (await dataSource.query<unknown[]>('SELECT 1 FROM migrations')).length;
}

/** The statements that would change the tables to fit the entities. */
async function differences(dataSource: DataSource): Promise<string[]> {
  const { upQueries, downQueries } = await dataSource.driver.createSchemaBuilder().log();
  return [...upQueries, ...downQueries].map(({ query }) => query);
}

/** The character set and collation of every text column. */
function textColumns(dataSource: DataSource): Promise<{ place: string; charset: string; collation: string }[]> {
  return dataSource.query(
    `SELECT CONCAT(table_name, '.', column_name) AS place, character_set_name AS charset, collation_name AS collation
     FROM information_schema.columns
     WHERE table_schema = DATABASE() AND table_name <> 'migrations' AND character_set_name IS NOT NULL`,
  );
}

describe('schema', () => {
  let database: TestDatabase;
  let dataSource: DataSource;

  beforeEach(async () => {
    database = await createDatabase();
    dataSource = await connect(dataSourceOptions(readEnv({ DATABASE_URL: database.url })));
  });

  afterEach(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  test('entities and migrations agree', async () => {
    await dataSource.runMigrations();
    expect(await tableNames(dataSource)).toEqual(expectedTables(dataSource));
    expect(await differences(dataSource)).toEqual([]);
  });

  test('migrations go down to an empty database and up again', async () => {
    await dataSource.runMigrations();
    while (await appliedMigrations(dataSource)) await dataSource.undoLastMigration();
    expect(await tableNames(dataSource)).toEqual([]);
    expect(await dataSource.showMigrations()).toBe(true);
    await dataSource.runMigrations();
    expect(await dataSource.showMigrations()).toBe(false);
    expect(await tableNames(dataSource)).toEqual(expectedTables(dataSource));
    expect(await differences(dataSource)).toEqual([]);
  });

  test('every key and index exists as the entities name it', async () => {
    await dataSource.runMigrations();
    const runner = dataSource.createQueryRunner();
    let named = 0;
    // A many-to-many relation describes its link table a second time.
    for (const entity of dataSource.entityMetadatas.filter(({ tableType }) => tableType === 'regular')) {
      const table = await runner.getTable(entity.tableName);
      expect(table?.primaryColumns.map(({ name }) => name).sort()).toEqual(
        entity.primaryColumns.map(({ databaseName }) => databaseName).sort(),
      );
      for (const { name, columns, isUnique } of entity.indices) {
        const index = table?.indices.find((candidate) => candidate.name === name);
        expect({ name: index?.name, columns: index?.columnNames, isUnique: index?.isUnique }).toEqual({
          name,
          columns: columns.map(({ databaseName }) => databaseName),
          isUnique,
        });
        named++;
      }
    }
    await runner.release();
    expect(named).toBeGreaterThan(15);
  });

  test('ids and names compare by bytes', async () => {
    await dataSource.runMigrations();
    for (const username of ['anna', 'Anna', 'ANNA', 'änna', '😀', '😁']) await buildUser(dataSource, { username });
    await expect(buildUser(dataSource, { username: 'anna' })).rejects.toThrow();
    const found = await dataSource.getRepository(User).findBy({ username: 'Anna' });
    expect(found.map(({ username }) => username)).toEqual(['Anna']);
  });

  test('text keeps every character', async () => {
    await dataSource.runMigrations();
    await expectAllCharacters();
  });

  if (engine === 'mariadb') {
    test('every text column is utf8mb4_bin', async () => {
      await dataSource.runMigrations();
      const columns = await textColumns(dataSource);
      expect(columns.length).toBeGreaterThan(50);
      expect(columns.filter(({ collation }) => collation !== 'utf8mb4_bin')).toEqual([]);
    });

    test('the same in a database whose default is latin1', async () => {
      await dataSource.query('ALTER DATABASE CHARACTER SET latin1 COLLATE latin1_swedish_ci');
      await dataSource.runMigrations();
      const columns = await textColumns(dataSource);
      expect(columns.filter(({ charset, collation }) => `${charset} ${collation}` !== 'utf8mb4 utf8mb4_bin')).toEqual(
        [],
      );
      expect(await differences(dataSource)).toEqual([]);
      await expectAllCharacters();
    });
  }

  async function expectAllCharacters(): Promise<void> {
    const text = `中文 😀 \u{2070E} é\u0301 'quotes" \\ back\\slash % _ \0 \r\n\t end `;
    const { userId, customerId } = await buildUserCustomer(dataSource, { template: text, reference: text });
    const row = await dataSource.getRepository(UserCustomer).findOneByOrFail({ userId, customerId });
    expect([row.template, row.reference]).toEqual([text, text]);
  }
});
