import type { DataSource } from 'typeorm';
import { OperatorError } from '../../src/base/operator-error';
import { rebuildFollowIndex } from '../../src/wechat-customers/search-index/rebuild';
import { fillEnterprises } from './accounts';
import { fillUserCustomers } from './user-customers';
import { fillWechatCustomers } from './wechat-customers';

/** The database holds rows already, which the generator would mix with its own. */
class NotEmpty extends OperatorError {}

/** What to fill in; the same numbers give the same rows, whatever the engine. */
export interface FillOptions {
  /** Relations of each family. */
  relations: number;
  seed: number;
}

/** Makes the tables, or brings them up to date. @throws NotEmpty when they hold rows */
export async function migrateEmpty(dataSource: DataSource): Promise<void> {
  await dataSource.runMigrations();
  for (const table of ['user', 'user_customer', 'wechat_follow']) {
    const rows = await dataSource.query<unknown[]>(`SELECT 1 FROM ${dataSource.driver.escape(table)} LIMIT 1`);
    if (rows.length > 0) throw new NotEmpty(`the table ${table} holds rows already: give an empty database`);
  }
}

/**
 * Fills the empty tables of both families with realistic rows, then lets the engine take stock of them.
 * @param report told how many more relations are done: once for each that is added, and once more for one of family B that is indexed
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

/** Without fresh statistics both engines choose indexes as if the tables were empty. */
async function analyze(dataSource: DataSource): Promise<void> {
  const tables = tableNames(dataSource).map((name) => dataSource.driver.escape(name));
  const isSqlite = dataSource.options.type === 'better-sqlite3';
  await dataSource.query(isSqlite ? 'ANALYZE' : `ANALYZE TABLE ${tables.join(', ')}`);
}

/** Every table of the product. */
export function tableNames(dataSource: DataSource): string[] {
  return [...new Set(dataSource.entityMetadatas.map(({ tableName }) => tableName))].sort(); // a link table has two
}
