import { QueryFailedError } from 'typeorm';
import { OperatorError } from '../base/operator-error';

/** The database cannot be used in its present state; the message says what to do and holds no credentials. */
export class DatabaseNotReady extends OperatorError {}

/** The rows of a statement hold more bytes of text than its caller allows. */
export class TooManyBytes extends Error {}

/** The transaction reads an earlier moment than that of the lock it holds; repeated, it reads the present. */
export class StaleSnapshot extends Error {
  /** MariaDB's number for the same, when it finds out itself. */
  readonly errno = 1020;
}

const DUPLICATE_KEY = new Set(['ER_DUP_ENTRY', 'SQLITE_CONSTRAINT_PRIMARYKEY', 'SQLITE_CONSTRAINT_UNIQUE']);

/** By number: the driver has no names for the errors of MariaDB, Galera and TiDB. */
const ROLLED_BACK = new Set([
  1020, // MariaDB: the row changed since the transaction's snapshot
  1205, // lock wait timeout
  1213, // deadlock; on Galera also a conflict with another node's transaction
  8002, // TiDB: conflict in a locking read
  8022, // TiDB: the commit may be retried
  8028, // TiDB: the schema changed during the transaction
  9007, // TiDB: write conflict
]);

/** The server, or this node of a cluster, refuses to serve; the statement had no effect. */
const UNFIT = new Set([
  1047, // a Galera node without quorum or not yet synced
  1290, // read-only: was the primary until a moment ago
  1792,
  1836,
]);

const AWAY = new Set<unknown>([
  ...UNFIT,
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_ENQUEUE_AFTER_FATAL_ERROR',
  'SQLITE_FULL',
  1021, // the disk is full
  1040, // too many connections
  1044, // the account may not, or may no longer, use the database
  1045, // wrong password
  1049, // no such database
  1053, // shutting down
  1114, // the table is full
  1129, // this host is blocked after too many failed connections
  1130, // this host is not allowed to connect
  1203, // the account has reached its connection limit
  1226, // the account has exceeded one of its resource limits
  1461, // the server holds as many prepared statements as it may
  1180, // a Galera node lost its quorum during the commit
  1317, // the statement was killed
  1927, // MariaDB: the connection was killed
  1969, // MariaDB: statement time limit exceeded
  3024, // MySQL: the same
  4031, // MySQL: idle connection closed
  4151, // MariaDB: the account is locked
  9001, // TiDB: a component is unreachable or overloaded
  9002,
  9003,
  9005,
]);

interface DriverError extends Error {
  code?: string;
  errno?: number;
  /** The connection is unusable. */
  fatal?: boolean;
}

function causeOf(thrown: unknown): Partial<DriverError> {
  const cause: unknown = thrown instanceof QueryFailedError ? thrown.driverError : thrown;
  return cause ?? {};
}

const isBusySqlite = ({ code }: Partial<DriverError>) => code?.startsWith('SQLITE_BUSY') ?? false;

/** True when a statement failed because a row with the same primary or unique key exists. */
export function isDuplicateKey(thrown: unknown): boolean {
  return thrown instanceof QueryFailedError && DUPLICATE_KEY.has(causeOf(thrown).code ?? '');
}

/**
 * True when the database rolled back a statement, or the transaction around it, because of a conflict: a retry may
 * succeed. Never for a lost connection, because the server may have done the work all the same.
 */
export function isRolledBack(thrown: unknown): boolean {
  const cause = causeOf(thrown);
  return ROLLED_BACK.has(cause.errno ?? 0) || isBusySqlite(cause);
}

/** True when the server at the other end refuses to serve: another connection may reach one that does. */
export function isUnfitServer(thrown: unknown): boolean {
  return UNFIT.has(causeOf(thrown).errno ?? 0);
}

/** True when the database is unreachable, full or overloaded, or the queue for a connection is full. */
export function isDatabaseAway(thrown: unknown): boolean {
  const cause = causeOf(thrown);
  const { code, errno, fatal, message } = cause;
  return (
    AWAY.has(code) || AWAY.has(errno) || fatal === true || isRolledBack(thrown) || message === 'Queue limit reached.'
  );
}
