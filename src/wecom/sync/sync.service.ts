import { Inject, Injectable, Logger, OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { reasonOf } from '../../base/operator-error';
import { wallClock } from '../../base/time';
import { ENV, Env } from '../../config/env';
import { IDENTITIES } from '../../enterprise/identities';
import { EnterpriseForbidden } from '../../enterprise/errors';
import type { ManagedEnterprise, Tenant } from '../../enterprise/tenant';
import type { Success } from '../../http/output/families';
import { Said } from '../../http/output/said';
import { eventCounts } from '../callbacks/event-counts';
import { Corps } from '../corps/corps';
import { MembersNotSynced } from '../errors';
import { Runner } from './runner';
import { RunReply, toRunReply } from './run.reply';
import { abandonedRuns, latestRun, progressOf, startRun } from './runs';
import type { SyncDto } from './sync.dto';
import type { SyncStatusReply } from './sync.reply';

/** What the original page shows of a run (its button calls once, as the answer has no `surplus_num`). */
export const SYNC_BEGUN: Success = { msg: '同步已开始' };
const SYNC_UNDER_WAY: Success = { msg: '同步正在进行' };

/** How often a process looks for runs that nobody carries out, and for the daily time. */
const LOOK_MS = 5_000;

/** Starts runs, by request and at the daily time, and resumes those whose process is gone. */
@Injectable()
export class SyncService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Sync');
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly dataSource: DataSource,
    private readonly corps: Corps,
    private readonly runner: Runner,
    @Inject(ENV) private readonly env: Env,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.look(), LOOK_MS);
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.runner.stop();
  }

  /**
   * Starts a run, or confirms the one under way; the answer does not wait for its end.
   * @throws EnterpriseForbidden for staff, NoCorp without credentials, UnreadableCredentials
   */
  async start(enterprise: ManagedEnterprise, { confirm }: SyncDto): Promise<Said<RunReply>> {
    assertMaySync(enterprise);
    const { run, isNew } = await startRun(this.dataSource, await this.corps.demand(enterprise), confirm);
    if (isNew) void this.runner.carryOut(run.id);
    const reply = toRunReply(run, await progressOf(this.dataSource.manager, run.id));
    return new Said(reply, isNew ? SYNC_BEGUN : SYNC_UNDER_WAY);
  }

  /** @throws EnterpriseForbidden for staff, MembersNotSynced for all others: the shop's members are not ours */
  startMembers(enterprise: ManagedEnterprise): never {
    assertMaySync(enterprise);
    throw new MembersNotSynced();
  }

  /** The newest run and the counts of the events of the last 30 days. */
  async status(tenant: Tenant): Promise<SyncStatusReply> {
    const { manager } = this.dataSource;
    const run = await latestRun(manager, tenant);
    const reply = run && toRunReply(run, await progressOf(manager, run.id));
    return { run: reply, events: await eventCounts(manager, tenant) };
  }

  private async look(): Promise<void> {
    try {
      await this.startDaily();
      for (const id of await abandonedRuns(this.dataSource)) void this.runner.carryOut(id);
    } catch (error) {
      this.logger.warn(`cannot look for runs: ${reasonOf(error)}`);
    }
  }

  /** Once a day and enterprise, whatever the number of processes: a run since that time is enough. */
  private async startDaily(): Promise<void> {
    const { WECOM_SYNC_AT: at } = this.env;
    const now = wallClock();
    if (!at || now.slice(11, 16) !== at) return;
    for (const corp of await this.corps.running()) {
      const { run, isNew } = await startRun(this.dataSource, corp, false, `${now.slice(0, 10)} ${at}:00`);
      if (isNew) void this.runner.carryOut(run.id);
    }
  }
}

function assertMaySync({ identity }: ManagedEnterprise): void {
  if (identity === IDENTITIES.staff.number) throw new EnterpriseForbidden();
}
