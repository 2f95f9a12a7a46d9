import type { DataSource } from 'typeorm';
import { waitingFor } from './mysql/bounded-pool';
import { exclusiveLoad } from './sqlite/exclusive-connection';

/** How busy the way to the database is. */
export interface Connections {
  inUse: number;
  idle: number;
  /** Requests that wait for a connection. */
  waiting: number;
}

/** What the pool of mysql2 keeps; it has no other way to tell. */
interface PoolState {
  _allConnections: { length: number };
  _freeConnections: { length: number };
}

/** How busy the pool is; SQLite has one connection, and the lane before it. */
export function connectionsOf(dataSource: DataSource): Connections {
  if (dataSource.options.type === 'better-sqlite3') {
    const { active, waiting } = exclusiveLoad(dataSource);
    return { inUse: active, idle: 1 - active, waiting };
  }
  const { pool } = dataSource.driver as unknown as { pool: PoolState };
  const idle = pool._freeConnections.length;
  return { inUse: pool._allConnections.length - idle, idle, waiting: waitingFor(pool) };
}
