import {
  AbstractLogger,
  DataSourceOptions,
  getMetadataArgsStorage,
  MigrationInterface,
  QueryRunner,
  TableColumn,
} from 'typeorm';
import { readEnv } from '../../src/config/env';
import { connect } from '../../src/database/connect';
import { dataSourceOptions } from '../../src/schema/data-source';
import { migrate } from '../../src/schema/migrate';
import { migrations } from '../../src/schema/migrations';
import { Follow } from '../../src/wechat-customers/entities/follow.entity';
import { isNeverIndexed } from '../../src/wechat-customers/search-index/rebuild';
import { createDatabase, TestDatabase } from '../database';
import { fillFirstSchema } from './first-schema';

/** A migration of a later release. */
class AddNote9999999999999 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    const note = new TableColumn({ name: 'note', type: 'varchar', length: '10', isNullable: true });
    await queryRunner.addColumn('wechat_follow', note);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropColumn('wechat_follow', 'note');
  }
}

/** Records the statements sent to the database, each with its values. */
class Statements extends AbstractLogger {
  readonly sent: string[] = [];

  override logQuery(query: string, parameters: unknown[] = []): void {
    this.sent.push(`${query} ${parameters.join()}`);
  }

  protected writeLog(): void {}
}

/** A released migration uses neither entities nor the deriving code, so those of later releases cannot break it. */
describe('a column of a later release', () => {
  let database: TestDatabase;
  let options: DataSourceOptions;
  let statements: Statements;

  beforeAll(() => {
    const options = { type: 'varchar', length: 10, nullable: true } as const;
    getMetadataArgsStorage().columns.push({ target: Follow, propertyName: 'note', mode: 'regular', options });
  });

  afterAll(() => getMetadataArgsStorage().columns.pop()); // later files of the worker have the same entities

  beforeEach(async () => {
    database = await createDatabase();
    statements = new Statements();
    options = {
      ...dataSourceOptions(readEnv({ DATABASE_URL: database.url })),
      migrations: [...migrations, AddNote9999999999999],
      logger: statements,
    };
  });

  afterEach(() => database.drop());

  const run = async () => {
    const steps: string[] = [];
    await migrate(options, (step) => steps.push(step));
    return steps;
  };

  const expectNothingDerivedBefore = (name: string) => {
    const deriving = statements.sent.findIndex((sql) => /^(DELETE FROM|INSERT INTO) wechat_follow_count/.test(sql));
    const recorded = statements.sent.findIndex((sql) => sql.endsWith(name));
    expect(recorded).toBeGreaterThan(0);
    expect(deriving === -1 || deriving > recorded).toBe(true);
  };

  test('an empty database is installed', async () => {
    expect(await run()).toHaveLength(migrations.length + 1);
    expectNothingDerivedBefore(AddNote9999999999999.name);
    const dataSource = await connect(options);
    expect(await dataSource.manager.find(Follow)).toEqual([]);
    await dataSource.destroy();
  });

  async function fillDatabase(): Promise<void> {
    const old = await connect({ ...options, migrations: migrations.slice(0, 1) });
    await old.runMigrations();
    await fillFirstSchema(old);
    await old.destroy();
  }

  test('a filled database is migrated, and its search rows are derived after the last migration', async () => {
    await fillDatabase();
    expect((await run()).slice(-2)).toEqual([AddNote9999999999999.name, 'search rows of 4 follows']);
    expectNothingDerivedBefore(AddNote9999999999999.name);
  });

  test('search rows are derived if an earlier run ended after the last migration', async () => {
    await fillDatabase();
    const killed = await connect(options);
    await killed.runMigrations();
    expect(await isNeverIndexed(killed.manager)).toBe(true);
    await killed.destroy();
    expect(await run()).toEqual(['search rows of 4 follows']);
    expect(await run()).toEqual([]);
  });
});
