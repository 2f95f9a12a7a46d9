import type { DataSource } from 'typeorm';
import { OperatorError } from '../../src/base/operator-error';
import { rebuildFollowIndex } from '../../src/wechat-customers/search-index/rebuild';
import { fillEnterprises } from './accounts';
import { fillUserCustomers } from './user-customers';
import { fillWechatCustomers } from './wechat-customers';

/** The database already holds rows, which would mix with the generated ones. */
class NotEmpty extends OperatorError {}

/** The amount and seed of the data; the same numbers give the same rows on every engine. */
export interface FillOptions {
  /** Rows of each family: relations of A, follows of B. */
  relations: number;
  seed: number;
}

/** Creates or upgrades the tables. @throws NotEmpty when they hold rows */
export async function migrateEmpty(dataSource: DataSource): Promise<void> {
  await dataSource.runMigrations();
  for (const table of ['user', 'user_customer', 'wechat_follow']) {
    const rows = await dataSource.query<unknown[]>(`SELECT 1 FROM ${dataSource.driver.escape(table)} LIMIT 1`);
    if (rows.length > 0) throw new NotEmpty(`the table ${table} holds rows already: give an empty database`);
  }
}

/**
 * Fills the empty tables of both families with realistic rows, then updates the engine's statistics.
 * @param report receives the number of steps done since the last call: one for each row added, one more for each follow
 * indexed
 */
export async function fill(
  dataSource: DataSource,
  { relations, seed }: FillOptions,
  report: (added: number) => void = () => undefined,
): Promise<void> {
  await fillEnterprises(dataSource);
  await Promise.all([
    fillUserCustomers(dataSource, relations, seed, report),
    fillWechatCustomers(dataSource, relations, seed + 1, report),
  ]);
  await rebuildFollowIndex(dataSource.manager, report);
  await analyze(dataSource);
}

/** Without fresh statistics, both engines choose indexes as if the tables were empty. */
async function analyze(dataSource: DataSource): Promise<void> {
  const tables = tableNames(dataSource).map((name) => dataSource.driver.escape(name));
  const isSqlite = dataSource.options.type === 'better-sqlite3';
  await dataSource.query(isSqlite ? 'ANALYZE' : `ANALYZE TABLE ${tables.join(', ')}`);
}

/** The names of all tables. */
export function tableNames(dataSource: DataSource): string[] {
  return [...new Set(dataSource.entityMetadatas.map(({ tableName }) => tableName))].sort(); // a link table has two
}
