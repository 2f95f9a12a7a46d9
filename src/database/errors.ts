import { QueryFailedError } from 'typeorm';

const DUPLICATE_KEY = new Set(['ER_DUP_ENTRY', 'SQLITE_CONSTRAINT_PRIMARYKEY', 'SQLITE_CONSTRAINT_UNIQUE']);

const AWAY = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_ENQUEUE_AFTER_FATAL_ERROR',
  'ER_CON_COUNT_ERROR',
  'ER_SERVER_SHUTDOWN',
  'ER_UNKNOWN_COM_ERROR', // a Galera node without quorum
  'SQLITE_BUSY',
]);

const codeOf = (thrown: unknown) => (thrown as { code?: string } | undefined)?.code ?? '';

/** True when a statement failed because a row with the same primary or unique key exists. */
export function isDuplicateKey(thrown: unknown): boolean {
  return thrown instanceof QueryFailedError && DUPLICATE_KEY.has(codeOf(thrown.driverError));
}

/** True when the database cannot be reached, has no room for us now, or our queue for a connection is full. */
export function isDatabaseAway(thrown: unknown): boolean {
  const cause: unknown = thrown instanceof QueryFailedError ? thrown.driverError : thrown;
  return AWAY.has(codeOf(cause)) || (cause as Error | undefined)?.message === 'Queue limit reached.';
}
