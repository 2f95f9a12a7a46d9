import { DataSourceOptions, EntityManager, MigrationExecutor, QueryRunner } from 'typeorm';
import { tablesAre } from '../database/migrated';
import { connect } from '../database/connect';
import { OperatorError, reasonOf } from '../base/operator-error';
import { isNeverIndexed, rebuildFollowIndex } from '../wechat-customers/search-index/rebuild';

/** Bounds the wait for another process: migrating a million follows takes minutes, so after an hour that one hangs. */
const PATIENCE_SECONDS = 3600;

/**
 * Creates the tables or brings them up to date. Of several processes that start at once on MySQL or MariaDB one
 * migrates; the others wait for it and then find nothing to do. Lock and migrations share a connection, so the lock
 * ends with it. Search rows are derived after the last migration, because the present code that derives them fits no
 * earlier schema.
 * @param report called with the name of each finished migration, and with the number of follows indexed
 * @throws OperatorError naming the migration that failed
 */
export async function migrate(options: DataSourceOptions, report: (name: string) => void): Promise<void> {
  const dataSource = await connect(options);
  try {
    const runner = dataSource.createQueryRunner();
    if (options.type !== 'better-sqlite3') await waitForTurn(runner);
    if ((await tablesAre(dataSource)) === 'newer') {
      throw new OperatorError('the tables belong to a newer customer-hub: nothing to migrate with this one');
    }
    const executor = new MigrationExecutor(dataSource, runner);
    for (const migration of await executor.getPendingMigrations()) {
      try {
        await runner.manager.transaction(() => executor.executeMigration(migration));
      } catch (error) {
        throw new OperatorError(`migration ${migration.name} failed (${reasonOf(error)})`);
      }
      report(migration.name);
    }
    const indexed = await runner.manager.transaction(indexFollows);
    if (indexed > 0) report(`search rows of ${indexed} follows`);
  } finally {
    await dataSource.destroy(); // releases the lock
  }
}

/**
 * Decides by the rows, since a former run may have ended between the last migration and this. Follows that were added by SQL
 * wait for `reindex`: it deletes tag terms that processes of the version before still filter by.
 * @returns the number of follows indexed
 */
async function indexFollows(manager: EntityManager): Promise<number> {
  return (await isNeverIndexed(manager)) ? rebuildFollowIndex(manager) : 0;
}

/** The lock is named by database, as locks are per server; hashed, as names have at most 64 characters. */
async function waitForTurn({ manager }: QueryRunner): Promise<void> {
  const lock = "SELECT GET_LOCK(CONCAT('customer-hub ', MD5(DATABASE())), ?) AS mine";
  const [row] = await manager.query<{ mine: number | string | null }[]>(lock, [PATIENCE_SECONDS]);
  if (Number(row?.mine) !== 1) throw new OperatorError('another process has been migrating this database for an hour');
}
