import type { Pool, PoolConnection, ResultSetHeader } from 'mysql2';
import { QueryFailedError } from 'typeorm';
import { isUnfitServer } from '../errors';
import type { PreparedTransaction, Statement } from '../sql';

/**
 * Runs a transaction on a connection of the pool, and gives the connection back whatever happens. Without TypeORM's
 * QueryRunner and with prepared statements: an `add` costs 9 % less processor time, an `edit` 19 %.
 */
export async function transactionOn<Result>(
  pool: Pool,
  work: (transaction: PreparedTransaction) => Promise<Result>,
): Promise<Result> {
  const connection = await connectionOf(pool);
  try {
    await send(connection, { sql: 'START TRANSACTION', values: [] });
    const result = await work({
      rows: <Row>(statement: Statement) => send<Row[]>(connection, statement),
      change: async (statement) => (await send<ResultSetHeader>(connection, statement)).affectedRows,
    });
    await send(connection, { sql: 'COMMIT', values: [] });
    connection.release();
    return result;
  } catch (error) {
    await rollBack(connection, error);
    throw error;
  }
}

/** Leaves no transaction open on a connection that goes back to the pool. */
async function rollBack(connection: PoolConnection, reason: unknown): Promise<void> {
  if (isUnfitServer(reason)) return connection.destroy(); // the pool replaces it
  try {
    await send(connection, { sql: 'ROLLBACK', values: [] });
    connection.release();
  } catch {
    connection.destroy(); // the server rolls back what has lost its connection
  }
}

function connectionOf(pool: Pool): Promise<PoolConnection> {
  return new Promise((resolve, reject) => {
    pool.getConnection((error, connection) => (error ? reject(error) : resolve(connection)));
  });
}

/** By callbacks, because mysql2's promises capture a stack trace for every statement. */
function send<Answer>(connection: PoolConnection, { sql, values, hasList }: Statement): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const end = (error: Error | null, answer: unknown) =>
      error ? reject(new QueryFailedError(sql, values, error)) : resolve(answer as Answer);
    if (values.length > 0 && !hasList) connection.execute(sql, values, end);
    else connection.query(sql, values, end);
  });
}
