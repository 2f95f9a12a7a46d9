import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { tablesAre } from '../database/migrated';
import { whyNotWritable } from '../database/writable';
import { reasonOf } from '../base/operator-error';

/** A probe is answered within this time, whatever the database does. */
const TIME_LIMIT_MS = 2_000;

/** Time for which one check of the database is reused, so that probes cannot load it, however many there are. */
const KEPT_MS = 1_000;

/** The public answer: fixed words, no cause. */
export interface Readiness {
  status: 'ok' | 'unavailable';
  checks: { database: string; migrations: string; process: string };
}

interface Check {
  database: string;
  migrations: string;
  /** The driver's reason, for the log only. */
  reason?: string;
}

/** Whether requests should be sent to this process. */
@Injectable()
export class ReadinessService {
  private readonly logger = new Logger('Readiness');
  private draining = false;
  private check: Promise<Check> | undefined;
  /** The last problem logged, so that each is logged once. */
  private logged = '';

  constructor(private readonly dataSource: DataSource) {}

  /** Makes the process not ready because it is about to end; it still serves. */
  drain(): void {
    this.draining = true;
  }

  async read(): Promise<Readiness> {
    this.check ??= this.checkInTime();
    const { database, migrations } = await this.check;
    const checks = { database, migrations, process: this.draining ? 'draining' : 'ok' };
    const isReady = Object.values(checks).every((check) => check === 'ok');
    return { status: isReady ? 'ok' : 'unavailable', checks };
  }

  private async checkInTime(): Promise<Check> {
    const tooLate = sleep<Check>(TIME_LIMIT_MS, { database: 'timeout', migrations: 'unknown' }, { ref: false });
    const check = await Promise.race([this.checkDatabase(), tooLate]);
    setTimeout(() => (this.check = undefined), KEPT_MS).unref();
    this.tell(check);
    return check;
  }

  private async checkDatabase(): Promise<Check> {
    try {
      const obstacle = await whyNotWritable(this.dataSource);
      if (obstacle) return { database: obstacle, migrations: 'unknown' };
      // Newer tables are fine: in a rolling upgrade the old programs serve until they are replaced.
      const isOlder = (await tablesAre(this.dataSource)) === 'older';
      return { database: 'ok', migrations: isOlder ? 'waiting' : 'ok' };
    } catch (error) {
      return { database: 'unreachable', migrations: 'unknown', reason: reasonOf(error) };
    }
  }

  private tell({ database, migrations, reason }: Check): void {
    const cause = reason ? ` (${reason})` : '';
    const isReady = database === 'ok' && migrations === 'ok';
    const news = isReady ? '' : `database ${database}${cause}, migrations ${migrations}`;
    if (news === this.logged) return;
    this.logged = news;
    if (news) this.logger.error(`not ready: ${news}`);
    else this.logger.log('ready again');
  }
}
