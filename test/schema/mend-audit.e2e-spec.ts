import { DataSource } from 'typeorm';
import { readEnv } from '../../src/config/env';
import { connect } from '../../src/database/connect';
import { dataSourceOptions } from '../../src/schema/data-source';
import { migrations } from '../../src/schema/migrations';
import { createDatabase } from '../database';

const INDEX = 'ix_failed_attempt_time';

async function hasIndex(dataSource: DataSource): Promise<boolean> {
  const runner = dataSource.createQueryRunner();
  const table = await runner.getTable('failed_attempt');
  await runner.release();
  return table!.indices.some(({ name }) => name === INDEX);
}

/** Databases that ran the third migration before it was edited lack an index that its way back drops. */
test.each(['before', 'after'])('a database migrated %s that edit has the index and can go back', async (when) => {
  const database = await createDatabase();
  const options = dataSourceOptions(readEnv({ DATABASE_URL: database.url }));
  const old = await connect({ ...options, migrations: migrations.slice(0, 3) });
  await old.runMigrations();
  const runner = old.createQueryRunner();
  if (when === 'before') await runner.dropIndex('failed_attempt', INDEX);
  await runner.release();
  await old.destroy();

  const now = await connect(options);
  await now.runMigrations();
  expect(await hasIndex(now)).toBe(true);
  for (let n = migrations.length; n > 2; n--) await now.undoLastMigration();
  expect(await hasIndex(now)).toBe(false);
  await now.destroy();
  await database.drop();
});
