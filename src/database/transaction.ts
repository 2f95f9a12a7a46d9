import { setTimeout as sleep } from 'node:timers/promises';
import type { PoolConnection } from 'mysql2';
import { Counter } from 'prom-client';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import { dialectOf } from './dialect';
import { isRolledBack, isUnfitServer } from './errors';
import type { Statement } from './sql';

export const databaseRetries = new Counter({
  name: 'customer_hub_database_retries_total',
  help: 'Retries of transactions and statements that the database rolled back because of a conflict',
});

const MAX_TRIES = 5;
/** No retry begins after this time: a client waits for the answer, and other requests for the connection. */
const PATIENCE_MS = 10_000;
/**
 * The pause before the second try lasts one to two times this long; it doubles with each try. Random, so that two
 * transactions that collided do not collide again, but never near zero: SQLite does not wait for a lock in the middle
 * of a transaction.
 */
const PAUSE_MS = 50;

/**
 * Runs a transaction, and repeats it as a whole when the database rolled it back because of a conflict (a deadlock, a
 * lock timeout, an earlier change by another node or process) or refused to serve it. `work` may therefore run several
 * times: it must decide by what it reads in the transaction and change nothing but the database.
 */
export function inTransaction<Result>(
  dataSource: DataSource,
  work: (manager: EntityManager) => Promise<Result>,
): Promise<Result> {
  return repeated(() => dataSource.transaction(work));
}

/** Repeats a whole transaction as {@link inTransaction} does. */
export function repeated<Result>(transaction: () => Promise<Result>): Promise<Result> {
  return withRetries(transaction, (error) => isRolledBack(error) || isUnfitServer(error));
}

/** Runs reads that all see the same moment, and holds no lock. */
export function inSnapshot<Result>(
  dataSource: DataSource,
  read: (manager: EntityManager) => Promise<Result>,
): Promise<Result> {
  const { snapshot } = dialectOf(dataSource);
  return repeated(() => (snapshot ? dataSource.transaction(snapshot, read) : dataSource.transaction(read)));
}

/** Sends a statement in a transaction. @returns the rows of a SELECT */
export function send<Row>(manager: EntityManager, { sql, values }: Statement): Promise<Row[]> {
  return manager.query(sql, values);
}

/** Sends a statement that changes rows in a transaction. @returns the number of rows changed */
export async function sendChange({ queryRunner }: EntityManager, { sql, values }: Statement): Promise<number> {
  const { affected } = await queryRunner!.query(sql, values, true);
  return affected ?? 0;
}

/** Runs a transaction or a statement outside one, and repeats it when the database rolled it back. */
async function withRetries<Result>(
  work: () => Promise<Result>,
  mayTryAgain: (error: unknown) => boolean = isRolledBack,
): Promise<Result> {
  const deadline = performance.now() + PATIENCE_MS;
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (tries === MAX_TRIES || performance.now() > deadline || !mayTryAgain(error)) throw error;
    }
    databaseRetries.inc();
    await sleep((1 + Math.random()) * PAUSE_MS * 2 ** (tries - 1));
  }
}

/** Makes every statement that TypeORM sends outside a transaction run {@link withRetries}. */
export function repeatStatements({ driver, options }: DataSource): void {
  if (options.type === 'better-sqlite3') {
    repeatQueries(driver.createQueryRunner('master')); // the one runner that all requests share
    return;
  }
  const create = driver.createQueryRunner.bind(driver);
  driver.createQueryRunner = (mode) => repeatQueries(create(mode));
}

function repeatQueries(runner: QueryRunner): QueryRunner {
  const query = runner.query.bind(runner) as (...args: unknown[]) => Promise<unknown>;
  const send = (...args: unknown[]) =>
    query(...args).catch(async (error: unknown) => {
      if (isUnfitServer(error)) ((await runner.connect()) as PoolConnection).destroy(); // the pool replaces it
      throw error;
    });
  const repeat = (...args: unknown[]) =>
    runner.isTransactionActive ? send(...args) : withRetries(() => send(...args));
  runner.query = repeat as typeof runner.query;
  return runner;
}
