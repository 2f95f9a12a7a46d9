import type { Socket } from 'node:net';
import { createPool, Pool, PoolConnection, PoolOptions } from 'mysql2';
import { settleSessions } from './session';

/** Longest wait for a connection, whether all are busy or the server does not answer. */
const CONNECTION_WAIT_MS = 1_500;
/** Time for the server's answer, on top of the statement's own time limit. */
const ANSWER_WAIT_MS = 2_000;

/** The database did not answer in time; the code is the network's for a host that does not answer. */
class DatabaseTimeout extends Error {
  readonly code = 'ETIMEDOUT';
}

/** The part of mysql2 that TypeORM uses. */
interface Mysql {
  createPool: (options: PoolOptions) => Pool;
}

/** mysql2 with our settings on every connection (`session.ts`) and no bound on waiting, for commands and migrations. */
export const patientMysql: Mysql = { createPool: (options) => settleSessions(createPool(options), 0) };

/**
 * The same for serving, with a bound on everything a request may wait for: a connection, a lock, a statement, a server
 * that is frozen or behind a dead network.
 * @param statementMs how long a statement may run
 */
export function boundedMysql(statementMs: number): Mysql {
  return { createPool: (options) => bound(settleSessions(createPool(options), statementMs), statementMs) };
}

function bound(pool: Pool, statementMs: number): Pool {
  pool.on('connection', (connection: PoolConnection) => {
    const socket = socketOf(connection);
    // A server that is frozen or cut off does not end a statement, so the client does: the pool drops the connection,
    // and everything waiting on it fails at once.
    socket.on('timeout', () => socket.destroy(new DatabaseTimeout('the database does not answer')));
  });
  pool.on('acquire', (connection: PoolConnection) => socketOf(connection).setTimeout(statementMs + ANSWER_WAIT_MS));
  pool.on('release', (connection: PoolConnection) => socketOf(connection).setTimeout(0));
  return boundWaiting(pool);
}

/** Callers waiting for a connection; mysql2's own queue also holds those that have given up. */
const waiting = new WeakMap<object, number>();

/** The number of callers waiting for a connection of a pool of {@link boundedMysql}. */
export function waitingFor(pool: object): number {
  return waiting.get(pool) ?? 0;
}

/** mysql2 lets a caller wait for ever; the pool's `execute` and `query` come through here too. */
function boundWaiting(pool: Pool): Pool {
  const getConnection = pool.getConnection.bind(pool);
  pool.getConnection = (callback) => {
    let isWaiting = true;
    const end = () => {
      isWaiting = false;
      waiting.set(pool, waitingFor(pool) - 1);
    };
    waiting.set(pool, waitingFor(pool) + 1);
    const timer = setTimeout(() => {
      end();
      callback(new DatabaseTimeout('no connection to the database in time'), undefined as never);
    }, CONNECTION_WAIT_MS);
    getConnection((error, connection) => {
      if (!isWaiting) return connection?.release();
      clearTimeout(timer);
      end();
      callback(error, connection);
    });
  };
  return pool;
}

/** Ends a connection at once, with what is on its way to it; mysql2's own `destroy` still reads all of it. */
export function cutOff(connection: PoolConnection): void {
  connection.destroy(); // the pool lets go of it
  socketOf(connection).destroy();
}

const socketOf = (connection: PoolConnection) => (connection as unknown as { stream: Socket }).stream;
