import { QueryFailedError } from 'typeorm';
import { OperatorError } from '../base/operator-error';

/** The database cannot be used as it is; the message says what to do and holds no credentials. */
export class DatabaseNotReady extends OperatorError {}

const DUPLICATE_KEY = new Set(['ER_DUP_ENTRY', 'SQLITE_CONSTRAINT_PRIMARYKEY', 'SQLITE_CONSTRAINT_UNIQUE']);

/** By number: the driver knows no names for the errors of MariaDB, Galera and TiDB. */
const ROLLED_BACK = new Set([
  1020, // MariaDB: the row changed since the transaction's snapshot
  1205, // waited too long for a lock
  1213, // deadlock; on Galera also: another node's transaction came first
  8002, // TiDB: conflict of a locking read
  8022, // TiDB: the commit may be tried again
  8028, // TiDB: a table was altered meanwhile
  9007, // TiDB: write conflict
]);

/** The server, or this node of a cluster, does not serve now; nothing was done. */
const UNFIT = new Set([
  1047, // a Galera node without quorum, or not yet in line
  1290, // read only: was the primary until a moment ago
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
  1044, // the account may not use the database (any more)
  1045, // wrong password
  1049, // there is no such database
  1053, // shutting down
  1114, // the table is full
  1129, // this host failed too often
  1130, // this host may not connect
  1203, // the account has all the connections it may have
  1226, // the account used up a limit of its own
  1180, // a Galera node that lost its quorum while it committed
  1317, // somebody ended the statement
  1927, // MariaDB: somebody ended the connection
  1969, // MariaDB: over the time limit of a statement
  3024, // MySQL: the same
  4031, // MySQL: ended an idle connection
  4151, // MariaDB: the account is locked
  9001, // TiDB: parts of it cannot be reached or are overloaded
  9002,
  9003,
  9005,
]);

interface DriverError extends Error {
  code?: string;
  errno?: number;
  /** The connection is of no use any more. */
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
 * True when the database undid a statement, or the transaction it was part of, for the sake of somebody else: the same
 * once more may succeed. Never for a lost connection, of which nobody knows whether the server still did the work.
 */
export function isRolledBack(thrown: unknown): boolean {
  const cause = causeOf(thrown);
  return ROLLED_BACK.has(cause.errno ?? 0) || isBusySqlite(cause);
}

/** True when the server at the other end of a connection serves nobody now: another connection may lead to one that does. */
export function isUnfitServer(thrown: unknown): boolean {
  return UNFIT.has(causeOf(thrown).errno ?? 0);
}

/** True when the database cannot be reached, has no room or no time for us now, or our queue for a connection is full. */
export function isDatabaseAway(thrown: unknown): boolean {
  const cause = causeOf(thrown);
  const { code, errno, fatal, message } = cause;
  return (
    AWAY.has(code) || AWAY.has(errno) || fatal === true || isRolledBack(thrown) || message === 'Queue limit reached.'
  );
}
