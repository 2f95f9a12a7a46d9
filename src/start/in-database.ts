import { readEnv } from '../config/env';
import { connect, InDatabase } from '../database/connect';
import { assertTransactional } from '../database/mysql/engines';
import { dataSourceOptions } from '../schema/data-source';
import { assertMigrated } from './start-checks';

/** Opens the database of `DATABASE_URL` for one command. @throws DatabaseNotReady unless its tables can be used */
export const inDatabase: InDatabase = async (work, done) => {
  const database = await connect(dataSourceOptions(readEnv(process.env)));
  try {
    await assertMigrated(database);
    await assertTransactional(database);
    await work(database);
    if (done) console.log(done);
  } finally {
    await database.destroy();
  }
};
