import type { Pool } from 'mysql2';
import type { DataSource } from 'typeorm';
import { beginAlsoWith } from './session';

/**
 * Before it looks for rows, a Galera node waits for everything the other nodes had committed when it was asked: for
 * SELECT (1), UPDATE and DELETE (2). Without this, a write acknowledged by one process is missed through a node that is
 * a moment behind: lists lack rows, and a row just added is answered with 记录不存在. An INSERT needs no wait: it meets the
 * conflict when it commits.
 */
const WAIT_FOR_OTHERS = 'SET SESSION wsrep_sync_wait = 3';

/** On a Galera cluster, makes every connection see writes acknowledged by any node; elsewhere does nothing. */
export async function seeAllWrites(dataSource: DataSource): Promise<void> {
  // Only servers built for Galera know the variable; the others answer without a row and without an error.
  const [wsrepOn] = await dataSource.query<{ Value: string }[]>("SHOW GLOBAL VARIABLES LIKE 'wsrep_on'");
  if (wsrepOn?.Value !== 'ON') return;
  const { pool } = dataSource.driver as unknown as { pool: Pool };
  beginAlsoWith(pool, WAIT_FOR_OTHERS); // even a node without quorum accepts it
  await dataSource.query(WAIT_FOR_OTHERS); // on the one connection already open
}
