import { setTimeout as sleep } from 'node:timers/promises';
import type { OnApplicationShutdown } from '@nestjs/common';
import type { Pool } from 'mysql2';
import type { DataSource } from 'typeorm';
import type { Env } from '../../config/env';
import { boundedMysql } from './bounded-pool';
import { TooManyBytes } from '../errors';
import { replicaOptions } from '../options';
import { MysqlSql, PreparedTransaction, Sql, Statement } from '../sql';

/** Longest wait for a replica to catch up; most need a few milliseconds. */
const CATCH_UP_MS = 50;
/** Longest wait for a replica's answer before it is passed over. */
const ANSWER_MS = 500;
/** Pause after which a replica that was late or failed is asked again. */
const REST_MS = 500;

/** SQL for what has been committed and whether a replica has applied it: columns `position` and `late`. */
interface Positions {
  now: string;
  reached: string;
}

const MARIADB: Positions = {
  now: 'SELECT @@global.gtid_binlog_pos AS position',
  reached: `SELECT MASTER_GTID_WAIT(?, ${CATCH_UP_MS / 1000}) AS late`,
};

const MYSQL: Positions = {
  now: 'SELECT @@global.gtid_executed AS position',
  reached: `SELECT WAIT_FOR_EXECUTED_GTID_SET(?, ${CATCH_UP_MS / 1000}) AS late`,
};

interface Replica {
  pool: Pool;
  sql: Sql;
  /** In milliseconds of the monotonic clock. */
  restsUntil: number;
}

/** The source for reading lists: the replicas of DATABASE_REPLICA_URLS, or the primary when there are none. */
export async function listSql(env: Env, dataSource: DataSource, primary: Sql): Promise<Sql> {
  if (env.DATABASE_REPLICA_URLS.length === 0) return primary;
  const [server] = await dataSource.query<{ version: string }[]>('SELECT VERSION() AS version');
  const positions = server!.version.includes('MariaDB') ? MARIADB : MYSQL;
  const replicas = env.DATABASE_REPLICA_URLS.map((url) => {
    const pool = boundedMysql(env.DATABASE_STATEMENT_TIMEOUT_MS).createPool(replicaOptions(env, url));
    return { pool, sql: new MysqlSql(primary.dialect, pool), restsUntil: 0 };
  });
  return new ReplicaSql(primary, positions, replicas);
}

/**
 * Reads from a replica that has everything the primary had committed when the read was requested; from the primary when
 * the replica is late, away or fails. So every reader finds every write acknowledged before, by any process, and what
 * is cached under a revision is never older than the revision.
 */
class ReplicaSql extends Sql implements OnApplicationShutdown {
  private turn = 0;

  constructor(
    private readonly primary: Sql,
    private readonly positions: Positions,
    private readonly replicas: Replica[],
  ) {
    super(primary.dialect);
  }

  rows<Row>(statement: Statement, maxLength?: number): Promise<Row[]> {
    return this.read((sql) => sql.rows(statement, maxLength));
  }

  joinedRows<Row>(statement: Statement, maxLength?: number): Promise<Row[]> {
    return this.read((sql) => sql.joinedRows(statement, maxLength));
  }

  transaction<Result>(work: (transaction: PreparedTransaction) => Promise<Result>): Promise<Result> {
    return this.primary.transaction(work);
  }

  onApplicationShutdown(): void {
    for (const { pool } of this.replicas) pool.end(() => undefined);
  }

  private async read<Row>(from: (sql: Sql) => Promise<Row[]>): Promise<Row[]> {
    const replica = this.nextReplica();
    if (!replica) return from(this.primary);
    const [primary] = await this.primary.rows<{ position: string }>({ sql: this.positions.now, values: [] });
    try {
      if (await this.hasReached(replica, primary!.position)) return await from(replica.sql);
    } catch (error) {
      if (error instanceof TooManyBytes) throw error; // the primary has as many
      // On any other: a replica that lacks a right or a table must not fail what the primary can answer.
    }
    replica.restsUntil = performance.now() + REST_MS;
    return from(this.primary);
  }

  private nextReplica(): Replica | undefined {
    const now = performance.now();
    const awake = this.replicas.filter(({ restsUntil }) => restsUntil <= now);
    return awake[this.turn++ % awake.length];
  }

  /** Always false when the primary keeps no positions. */
  private async hasReached(replica: Replica, position: string): Promise<boolean> {
    if (position === '') return false;
    const asked = replica.sql.rows<{ late: number | null }>({ sql: this.positions.reached, values: [position] });
    asked.catch(() => undefined); // may fail after the race is over
    const answer = await Promise.race([asked, sleep(ANSWER_MS, undefined, { ref: false })]);
    return answer?.[0]?.late === 0;
  }
}
