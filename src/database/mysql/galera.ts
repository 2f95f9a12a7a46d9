import type { Pool } from 'mysql2';
import type { DataSource } from 'typeorm';

/**
 * Before a node of a Galera cluster looks for rows, it waits for what the others had committed when it was asked: for SELECT
 * (1), UPDATE and DELETE (2). Without it, what one process acknowledged is missed through another one whose node is a
 * moment behind: rows are not shown, or 记录不存在 of a row that was added just now. An INSERT meets what it missed when it
 * commits.
 */
const WAIT_FOR_OTHERS = 'SET SESSION wsrep_sync_wait = 3';

/** On a Galera cluster, makes every connection see what was acknowledged through any node; elsewhere does nothing. */
export async function seeAllWrites(dataSource: DataSource): Promise<void> {
  // Only servers that are built for Galera know the variable; an empty answer is no error on any of them.
  const [wsrepOn] = await dataSource.query<{ Value: string }[]>("SHOW GLOBAL VARIABLES LIKE 'wsrep_on'");
  if (wsrepOn?.Value !== 'ON') return;
  const { pool } = dataSource.driver as unknown as { pool: Pool };
  // Goes before the first statement of the connection. Even a node without quorum takes it: when it fails, the connection
  // is lost, and the statement after it fails too.
  pool.on('connection', (connection) => connection.query(WAIT_FOR_OTHERS, () => undefined));
  await dataSource.query(WAIT_FOR_OTHERS); // on the one connection that is open since the start
}
