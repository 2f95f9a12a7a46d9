import { Logger } from '@nestjs/common';
import type { DataSource, EntityManager } from 'typeorm';
import { inTransaction } from '../../database/transaction';
import type { Tenant } from '../../enterprise/tenant';
import { lockEnterprise } from '../../wechat-customers/search-index/revisions';
import type { WecomApi } from '../client/wecom-client';
import type { Lease } from './lease';
import type { TagList } from './tag-list';

/** What the steps of one run share. */
export class RunContext {
  readonly logger = new Logger('Sync');

  constructor(
    readonly dataSource: DataSource,
    readonly tenant: Tenant,
    readonly api: WecomApi,
    readonly tags: TagList,
    private readonly lease: Lease,
    private readonly stopping: AbortSignal,
  ) {}

  get runId(): number {
    return this.lease.runId;
  }

  /**
   * Changes rows as the one that carries the run out.
   * @throws RunLost when another process does by now, and then changes nothing; Interrupted when this one ends; RunFailed
   * when the run is no longer meant
   */
  transaction<Result>(work: (manager: EntityManager) => Promise<Result>): Promise<Result> {
    this.stopping.throwIfAborted();
    return this.ending(async (manager) => {
      await lockEnterprise(manager, this.tenant); // read after it is what the last writer left
      await this.lease.assertMeant(manager);
      return work(manager);
    });
  }

  /** The same for the end of the run, which needs no more than its lease. @throws RunLost */
  ending<Result>(work: (manager: EntityManager) => Promise<Result>): Promise<Result> {
    return inTransaction(this.dataSource, async (manager) => {
      await this.lease.hold(manager);
      return work(manager);
    });
  }
}
