import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { tablesAre } from '../database/migrated';
import { whyNotWritable } from '../database/writable';
import { reasonOf } from '../base/operator-error';

/** A probe is answered within this time, whatever the database does. */
const TIME_LIMIT_MS = 2_000;

/** So long the database is not looked at again: however many ask, they cannot load it. */
const KEPT_MS = 1_000;

/** What is said in public: words of ours, no cause. */
export interface Readiness {
  status: 'ok' | 'unavailable';
  checks: { database: string; migrations: string; process: string };
}

interface Look {
  database: string;
  migrations: string;
  /** Of the driver, for the log alone. */
  reason?: string;
}

/** Whether requests should be sent to this process. */
@Injectable()
export class ReadinessService {
  private readonly logger = new Logger('Readiness');
  private draining = false;
  private look: Promise<Look> | undefined;
  /** The last bad news in the log, so that it stands there once. */
  private logged = '';

  constructor(private readonly dataSource: DataSource) {}

  /** The process is about to end: it is not ready from now on, though it still serves. */
  drain(): void {
    this.draining = true;
  }

  async read(): Promise<Readiness> {
    this.look ??= this.lookAtDatabase();
    const { database, migrations } = await this.look;
    const checks = { database, migrations, process: this.draining ? 'draining' : 'ok' };
    const isReady = Object.values(checks).every((check) => check === 'ok');
    return { status: isReady ? 'ok' : 'unavailable', checks };
  }

  private async lookAtDatabase(): Promise<Look> {
    const tooLate = sleep<Look>(TIME_LIMIT_MS, { database: 'timeout', migrations: 'unknown' }, { ref: false });
    const look = await Promise.race([this.checkDatabase(), tooLate]);
    setTimeout(() => (this.look = undefined), KEPT_MS).unref();
    this.tell(look);
    return look;
  }

  private async checkDatabase(): Promise<Look> {
    try {
      const obstacle = await whyNotWritable(this.dataSource);
      if (obstacle) return { database: obstacle, migrations: 'unknown' };
      // Newer tables are right: in a rolling upgrade the old programs go on until they are replaced.
      const isOlder = (await tablesAre(this.dataSource)) === 'older';
      return { database: 'ok', migrations: isOlder ? 'waiting' : 'ok' };
    } catch (error) {
      return { database: 'unreachable', migrations: 'unknown', reason: reasonOf(error) };
    }
  }

  private tell({ database, migrations, reason }: Look): void {
    const cause = reason ? ` (${reason})` : '';
    const isReady = database === 'ok' && migrations === 'ok';
    const news = isReady ? '' : `database ${database}${cause}, migrations ${migrations}`;
    if (news === this.logged) return;
    this.logged = news;
    if (news) this.logger.error(`not ready: ${news}`);
    else this.logger.log('ready again');
  }
}
