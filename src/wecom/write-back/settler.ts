import { Injectable, Logger, OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { reasonOf } from '../../base/operator-error';
import { Corps } from '../corps/corps';
import { claim, waiting } from './intents';
import { WriteBack } from './write-back';

/** How often a process looks for intents that were left. */
const LOOK_MS = 2_000;
/** Bounds the intents under way, so that those of a corp whose calls hang hold up no other; the client keeps the calls in flight few. */
const AT_ONCE = 50;

/** Settles what was left of writes: by a process that died, and by WeCom's silence. At start, and every few seconds. */
@Injectable()
export class Settler implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('WriteBack');
  private readonly stopping = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private readonly underWay = new Set<Promise<void>>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly corps: Corps,
    private readonly writeBack: WriteBack,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.start(this.look()), LOOK_MS);
    this.start(this.look());
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    this.stopping.abort();
    while (this.underWay.size > 0) await Promise.all(this.underWay);
  }

  private start(work: Promise<void>): void {
    this.underWay.add(work);
    void work.finally(() => this.underWay.delete(work));
  }

  private async look(): Promise<void> {
    try {
      const ids = await waiting(this.dataSource, Math.max(0, AT_ONCE - this.underWay.size));
      for (const id of ids) this.start(this.settle(id));
    } catch (error) {
      this.logger.warn(`cannot look for writes: ${reasonOf(error)}`);
    }
  }

  /** A failure of ours leaves the intent until its lease has run out. */
  private async settle(followId: number): Promise<void> {
    if (this.stopping.signal.aborted) return;
    try {
      const intent = await claim(this.dataSource, followId);
      if (!intent) return;
      const corp = await this.corps.of(intent.tenant);
      if (corp) await this.writeBack.settle(corp, intent, this.stopping.signal);
      else await this.writeBack.leave(intent);
    } catch (error) {
      this.logger.warn(`the write of follow ${followId} is left to be settled: ${reasonOf(error)}`);
    }
  }
}
