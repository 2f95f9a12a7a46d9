import { Inject, Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { reasonOf } from '../../base/operator-error';
import { wallClock } from '../../base/time';
import { ENV, Env } from '../../config/env';
import { Rejected } from '../../http/output/errors';
import { WecomClient } from '../client/wecom-client';
import type { Corp } from '../corps/corp';
import { Corps } from '../corps/corps';
import { Interrupted } from './failures';
import { Lease, RunLost } from './lease';
import { RunContext } from './run-context';
import { Run } from './run.entity';
import { endRun, pruneRuns } from './runs';
import { carryOut } from './sync-run';
import { TagList } from './tag-list';

/** A run that ends a process again and again is given up after this many take-overs. */
const MAX_RESUMED = 100;

/** Carries out runs in this process. */
@Injectable()
export class Runner {
  private readonly logger = new Logger('Sync');
  private readonly stopping = new AbortController();
  private readonly underWay = new Set<Promise<void>>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly corps: Corps,
    private readonly client: WecomClient,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /** Carries a run out to its end, unless another process does; an unexpected failure leaves it under way. */
  carryOut(runId: number): Promise<void> {
    const work = this.tryToCarryOut(runId).finally(() => this.underWay.delete(work));
    this.underWay.add(work);
    return work;
  }

  /** Stops after the pages under way; another process, or this one started again, goes on with them. */
  async stop(): Promise<void> {
    this.stopping.abort(new Interrupted());
    await Promise.allSettled(this.underWay);
  }

  private async tryToCarryOut(runId: number): Promise<void> {
    if (this.stopping.signal.aborted) return;
    const lease = await Lease.take(this.dataSource, runId);
    if (!lease) return;
    try {
      await this.carryOutUnder(lease);
      lease.stop();
    } catch (error) {
      if (!(error instanceof RunLost || error instanceof Interrupted)) {
        this.logger.error({ err: error }, `run ${runId} is left to be resumed: ${reasonOf(error)}`);
      }
      await lease.release().catch(() => undefined); // it runs out by itself
    }
  }

  private async carryOutUnder(lease: Lease): Promise<void> {
    const { dataSource } = this;
    const run = await dataSource.manager.findOneByOrFail(Run, { id: lease.runId });
    const tenant = { uniacid: run.uniacid, enterpriseId: run.enterpriseId };
    await pruneRuns(dataSource, tenant.enterpriseId);
    const corp = await this.corpOf(run);
    if (typeof corp === 'string') return endRun(dataSource.manager, run.id, 'failed', corp);
    const onWait = (until: Date | null) => this.tellWaiting(run.id, until);
    const api = this.client.for(corp, { onWait, signal: this.stopping.signal });
    const tags = new TagList(dataSource, tenant, api);
    const context = new RunContext(dataSource, tenant, api, tags, lease, this.stopping.signal);
    const { WECOM_CONCURRENCY: concurrency, WECOM_MAX_LOSS_PERCENT: maxLossPercent } = this.env;
    await carryOut(context, { concurrency, maxLossPercent });
    await pruneRuns(dataSource, tenant.enterpriseId);
  }

  /** The corp that a run was begun for, or in a sentence why it cannot go on. */
  private async corpOf({ enterpriseId, uniacid, corpId, resumed }: Run): Promise<Corp | string> {
    if (resumed > MAX_RESUMED) return '同步多次中断，请查看日志';
    try {
      const corp = await this.corps.demand({ enterpriseId, uniacid });
      return corp.corpId === corpId ? corp : '企业微信凭据已更换';
    } catch (error) {
      if (error instanceof Rejected) return error.message;
      throw error;
    }
  }

  private tellWaiting(id: number, until: Date | null): void {
    const waitingUntil = until && wallClock(until);
    this.dataSource.manager.update(Run, { id }, { waitingUntil }).catch(() => undefined); // told, not relied on
  }
}
