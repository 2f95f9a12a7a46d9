import type { Socket } from 'node:net';
import { Logger } from '@nestjs/common';
import { createPool, Pool, PoolConnection, PoolOptions } from 'mysql2';

/** Longest wait for a connection, whether all are busy or the server does not answer. */
const CONNECTION_WAIT_MS = 1_500;
/** Time for the server's answer, on top of the statement's own time limit. */
const ANSWER_WAIT_MS = 2_000;

/** The database did not answer in time; the code is the network's for a host that does not answer. */
class DatabaseTimeout extends Error {
  readonly code = 'ETIMEDOUT';
}

/**
 * The part of mysql2 that TypeORM uses, with a bound on everything a request may wait for: a connection, a lock, a
 * statement, a server that is frozen or behind a dead network.
 * @param statementMs how long a statement may run
 */
export function boundedMysql(statementMs: number): { createPool: (options: PoolOptions) => Pool } {
  return { createPool: (options) => bound(createPool(options), statementMs) };
}

function bound(pool: Pool, statementMs: number): Pool {
  const limits = sessionLimits(statementMs);
  pool.on('connection', (connection: PoolConnection) => {
    const socket = socketOf(connection);
    // A server that is frozen or cut off does not end a statement, so the client does: the pool drops the connection,
    // and everything waiting on it fails at once.
    socket.on('timeout', () => socket.destroy(new DatabaseTimeout('the database does not answer')));
    connection.on('error', () => undefined); // without a listener an error would end the process
    connection.query(limits, (error) => {
      if (error && !error.fatal) new Logger('Database').warn(`no time limit for statements (${error.code})`);
    });
  });
  pool.on('acquire', (connection: PoolConnection) => socketOf(connection).setTimeout(statementMs + ANSWER_WAIT_MS));
  pool.on('release', (connection: PoolConnection) => socketOf(connection).setTimeout(0));
  return boundWaiting(pool);
}

/**
 * One statement for every engine: only MariaDB reads the first comment (seconds), only MySQL and TiDB read the second
 * (milliseconds, and on MySQL for SELECT only). A lock is waited for half as long, which leaves time for a retry.
 */
function sessionLimits(statementMs: number): string {
  const lockSeconds = Math.max(1, Math.floor(statementMs / 2000));
  return `SET SESSION innodb_lock_wait_timeout = ${lockSeconds}
    /*M!100100 , max_statement_time = ${statementMs / 1000} */ /*!50708 , max_execution_time = ${statementMs} */`;
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

const socketOf = (connection: PoolConnection) => (connection as unknown as { stream: Socket }).stream;
