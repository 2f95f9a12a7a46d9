import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { tablesAre } from '../database/migrated';
import { whyNotWritable } from '../database/writable';
import { reasonOf } from '../operator-error';

/** A probe is answered within this time, whatever the database does. */
const TIME_LIMIT_MS = 2_000;

/** So long the database is not looked at again: however many ask, they cannot load it. */
const KEPT_MS = 1_000;

/** What is said in public: words of ours, no cause. */
export interface Readiness {
  status: 'ok' | 'unavailable';
  checks: { database: string; migrations: string; process: string };
}

type DatabaseChecks = Omit<Readiness['checks'], 'process'>;

/** Whether requests should be sent to this process. */
@Injectable()
export class ReadinessService {
  private readonly logger = new Logger('Readiness');
  private draining = false;
  private look: Promise<DatabaseChecks> | undefined;
  /** Of the driver, for the log alone. */
  private reason = '';
  /** The last bad news in the log, so that it stands there once. */
  private logged = '';

  constructor(private readonly dataSource: DataSource) {}

  /** The process is about to end: it is not ready from now on, though it still serves. */
  drain(): void {
    this.draining = true;
  }

  async read(): Promise<Readiness> {
    this.look ??= this.lookAtDatabase();
    const checks = { ...(await this.look), process: this.draining ? 'draining' : 'ok' };
    const isReady = Object.values(checks).every((check) => check === 'ok');
    return { status: isReady ? 'ok' : 'unavailable', checks };
  }

  private async lookAtDatabase(): Promise<DatabaseChecks> {
    const tooLate = sleep(TIME_LIMIT_MS, { database: 'timeout', migrations: 'unknown' }, { ref: false });
    const checks = await Promise.race([this.checkDatabase(), tooLate]);
    setTimeout(() => (this.look = undefined), KEPT_MS).unref();
    this.tell(checks);
    return checks;
  }

  private async checkDatabase(): Promise<DatabaseChecks> {
    this.reason = '';
    try {
      const obstacle = await whyNotWritable(this.dataSource);
      if (obstacle) return { database: obstacle, migrations: 'unknown' };
      // Newer tables are right: in a rolling upgrade the old programs go on until they are replaced.
      const isOlder = (await tablesAre(this.dataSource)) === 'older';
      return { database: 'ok', migrations: isOlder ? 'waiting' : 'ok' };
    } catch (error) {
      this.reason = ` (${reasonOf(error)})`;
      return { database: 'unreachable', migrations: 'unknown' };
    }
  }

  private tell({ database, migrations }: DatabaseChecks): void {
    const news = [database, migrations].every((check) => check === 'ok')
      ? ''
      : `database ${database}${this.reason}, migrations ${migrations}`;
    if (news === this.logged) return;
    this.logged = news;
    if (news) this.logger.error(`not ready: ${news}`);
    else this.logger.log('ready again');
  }
}
