import { setTimeout as sleep } from 'node:timers/promises';
import type { PoolConnection } from 'mysql2';
import { Counter } from 'prom-client';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import { isRolledBack, isUnfitServer } from './errors';

export const databaseRetries = new Counter({
  name: 'customer_hub_database_retries_total',
  help: 'Transactions and statements run again because the database undid them for another one',
});

const MAX_TRIES = 5;
/** No further try begins after so long: somebody is waiting for the answer, and others for the connection. */
const PATIENCE_MS = 10_000;
/**
 * The pause before the second try is this long, or up to twice; it doubles with each try. By chance, so that two that met do
 * not meet again, but never next to nothing: SQLite does not wait for a lock in the middle of a transaction.
 */
const PAUSE_MS = 50;

/**
 * Runs a transaction, and all of it again when the database undid it for somebody else's sake: a deadlock, a lock not got in
 * time, another node's or process's change first. `work` may therefore run several times: it decides by what it reads in
 * the transaction and changes nothing but the database.
 */
export function inTransaction<Result>(
  dataSource: DataSource,
  work: (manager: EntityManager) => Promise<Result>,
): Promise<Result> {
  return again(
    () => dataSource.transaction(work),
    (error) => isRolledBack(error) || isUnfitServer(error),
  );
}

/** Runs a statement that is a transaction of its own, and once more when the database undid it. */
async function again<Result>(
  statement: () => Promise<Result>,
  mayTryAgain: (error: unknown) => boolean = isRolledBack,
): Promise<Result> {
  const deadline = performance.now() + PATIENCE_MS;
  for (let tries = 1; ; tries++) {
    try {
      return await statement();
    } catch (error) {
      if (tries === MAX_TRIES || performance.now() > deadline || !mayTryAgain(error)) throw error;
    }
    databaseRetries.inc();
    await sleep((1 + Math.random()) * PAUSE_MS * 2 ** (tries - 1));
  }
}

/** Makes every statement that TypeORM sends outside a transaction run {@link again} where that helps. */
export function repeatStatements({ driver, options }: DataSource): void {
  if (options.type === 'better-sqlite3') {
    repeatQueries(driver.createQueryRunner('master')); // the one that all requests share
    return;
  }
  const create = driver.createQueryRunner.bind(driver);
  driver.createQueryRunner = (mode) => repeatQueries(create(mode));
}

function repeatQueries(runner: QueryRunner): QueryRunner {
  const query = runner.query.bind(runner) as (...args: unknown[]) => Promise<unknown>;
  const send = (...args: unknown[]) =>
    query(...args).catch(async (error: unknown) => {
      if (isUnfitServer(error)) ((await runner.connect()) as PoolConnection).destroy(); // the pool opens another one
      throw error;
    });
  const repeat = (...args: unknown[]) => (runner.isTransactionActive ? send(...args) : again(() => send(...args)));
  runner.query = repeat as typeof runner.query;
  return runner;
}
