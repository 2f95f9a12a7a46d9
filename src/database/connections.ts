import type { DataSource } from 'typeorm';
import { waitingFor } from './mysql/bounded-pool';
import { exclusiveLoad } from './sqlite/exclusive-connection';

/** The use of the connections to the database. */
export interface Connections {
  inUse: number;
  idle: number;
  /** Requests waiting for a connection. */
  waiting: number;
}

/** Private fields of mysql2's pool, which has no public counters. */
interface PoolState {
  _allConnections: { length: number };
  _freeConnections: { length: number };
}

/** Reads the pool's counters; SQLite has one connection with a queue in front of it. */
export function connectionsOf(dataSource: DataSource): Connections {
  if (dataSource.options.type === 'better-sqlite3') {
    const { active, waiting } = exclusiveLoad(dataSource);
    return { inUse: active, idle: 1 - active, waiting };
  }
  const { pool } = dataSource.driver as unknown as { pool: PoolState };
  const idle = pool._freeConnections.length;
  return { inUse: pool._allConnections.length - idle, idle, waiting: waitingFor(pool) };
}
