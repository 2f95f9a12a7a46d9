import type { DataSource, DataSourceOptions } from 'typeorm';
import { readEnv } from '../../src/config/env';
import { connect } from '../../src/database/connect';
import { dataSourceOptions } from '../../src/schema/data-source';
import { migrate } from '../../src/schema/migrate';
import { migrations } from '../../src/schema/migrations';
import { LinkTags1764028800000 } from '../../src/schema/migrations/1764028800000-link-tags';
import { createDatabase, TestDatabase } from '../database';
import { fillFirstSchema } from './first-schema';

const TAG_TERMS = 'term BETWEEN 1 AND 4398046511103';
const LINKS = [
  { tag_pk: 11, follow_id: 1 },
  { tag_pk: 12, follow_id: 1 },
  { tag_pk: 12, follow_id: 2 },
  { tag_pk: 13, follow_id: 5 },
];
const TERMS = LINKS.map(({ tag_pk, follow_id }) => ({
  uniacid: 2,
  crop_id: follow_id === 5 ? 5 : 1,
  term: tag_pk,
  follow_id,
}));

describe('tags as terms and as links', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let options: DataSourceOptions;

  beforeAll(async () => {
    database = await createDatabase();
    options = {
      ...dataSourceOptions(readEnv({ DATABASE_URL: database.url })),
      migrations: migrations.slice(0, migrations.indexOf(LinkTags1764028800000) + 1),
    };
    const old = await connect({ ...options, migrations: migrations.slice(0, 1) });
    await old.runMigrations();
    await fillFirstSchema(old);
    await old.destroy();
    await migrate(options, () => undefined);
    dataSource = await connect(options);
  });

  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  const links = () => dataSource.query('SELECT * FROM wechat_follow_tag ORDER BY tag_pk, follow_id');
  const terms = () => dataSource.query(`SELECT * FROM wechat_follow_term WHERE ${TAG_TERMS} ORDER BY term, follow_id`);
  const others = () =>
    dataSource.query(`SELECT * FROM wechat_follow_term WHERE NOT (${TAG_TERMS}) ORDER BY term, follow_id`);

  test('go down to terms and up to links without a loss, twice', async () => {
    const untouched = await others();
    expect(untouched.length).toBeGreaterThan(30);
    expect(await links()).toEqual(LINKS);
    for (let round = 0; round < 2; round++) {
      await dataSource.query(`DELETE FROM wechat_follow_term WHERE ${TAG_TERMS}`);
      await dataSource.undoLastMigration();
      expect(await terms()).toEqual(TERMS);
      await dataSource.runMigrations();
      expect(await links()).toEqual(LINKS);
      expect(await others()).toEqual(untouched);
    }
  });

  test('go down where terms say the same already', async () => {
    await dataSource.undoLastMigration();
    expect(await terms()).toEqual(TERMS);
    await dataSource.runMigrations();
    expect(await links()).toEqual(LINKS);
  });

  test('leave the terms of tags to processes of the version before', async () => {
    await dataSource.undoLastMigration();
    await dataSource.runMigrations();
    expect(await terms()).toEqual(TERMS);
    expect(await links()).toEqual(LINKS);
  });

  test('go up again where a killed run left the table and some of its rows', async () => {
    const columns = 'tag_pk integer NOT NULL, follow_id integer NOT NULL, PRIMARY KEY (tag_pk, follow_id)';
    await dataSource.undoLastMigration();
    await dataSource.query(`CREATE TABLE wechat_follow_tag (${columns})`);
    await dataSource.query('INSERT INTO wechat_follow_tag VALUES (11, 1), (99, 99)');
    await dataSource.runMigrations();
    expect(await links()).toEqual(LINKS);
  });

  test('go down again where a killed run dropped the table', async () => {
    await dataSource.undoLastMigration();
    await dataSource.runMigrations();
    await dataSource.query('DROP TABLE wechat_follow_tag');
    await dataSource.undoLastMigration();
    expect(await terms()).toEqual(TERMS);
    await dataSource.runMigrations();
    expect(await links()).toEqual(LINKS);
  });

  test('stay as terms where a follow was added by SQL, which waits for reindex', async () => {
    await dataSource.query(
      `INSERT INTO wechat_follow (id, uniacid, crop_id, userid, external_userid, tag_id, createtime)
       VALUES (9000, 2, 1, 'LiLei', 'wmSql', '', 1700000000)`,
    );
    const steps: string[] = [];
    await migrate(options, (step) => steps.push(step));
    expect(steps).toEqual([]);
    expect(await terms()).toEqual(TERMS);
  });
});
