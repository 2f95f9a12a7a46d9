import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { AT_START, isStale, whyReindex } from '../wechat-customers/search-index/sample';

/** For the line of the start: whether the oldest and the newest follows are found by what they are. */
export async function stateOfLists({ manager }: DataSource): Promise<'ok' | 'stale, run reindex' | 'unknown'> {
  try {
    return (await isStale(manager, AT_START)) ? 'stale, run reindex' : 'ok';
  } catch {
    return 'unknown';
  }
}

/** Looks further while the process serves, and warns if rows were changed by SQL without `reindex`. */
export async function warnOfStaleLists(dataSource: DataSource, log: Logger): Promise<void> {
  try {
    const reason = await whyReindex(dataSource.manager);
    if (reason) log.warn({ reason }, 'lists are stale after changes by SQL: npm run cli -- reindex');
  } catch (err) {
    // A process that ends in the meantime has closed the database.
    if (dataSource.isInitialized) log.warn({ err }, 'the lists could not be checked');
  }
}
