import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { OperatorError } from '../../../base/operator-error';
import { isDatabaseAway } from '../../../database/errors';
import { isWecomFault } from '../../client/errors';
import { WecomApi, WecomClient } from '../../client/wecom-client';
import { Corps } from '../../corps/corps';
import { NoCorp } from '../../errors';
import { effectOf } from '../effects';
import { subjectOf } from '../event';
import { applyAsks } from './ask';
import { Claim, Claims, Due, keyOf, RENEW_MS, Subject } from './claims';
import { changeEmployees } from './employees';
import { applyEnds } from './end';
import { pruneEvents } from './prune';
import { reloadTags } from './tags';

/** Finds what another process has received or left behind, and what waited for another try. */
const LOOK_MS = 2_000;

const PRUNE_MS = 3_600_000;

/** Questions under way for one enterprise: one corp that is slow holds up no other, and no ends of its own. */
const MAX_ASKING = 4;

/** Work that is cut off by the end of the process gets this time, which bounds the shutdown. */
const STOP_MS = 5_000;

/** A later version of this program has stored it. */
class UnknownChange extends OperatorError {
  constructor() {
    super('this version does not know the change');
  }
}

/** Gives the events of the inbox their effect, beside the workers of other processes. */
@Injectable()
export class EventWorker implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('WecomEvents');
  private readonly stopping = new AbortController();
  private readonly timers: NodeJS.Timeout[] = [];
  /** By {@link keyOf}. */
  private readonly underWay = new Map<string, { subject: Subject; isAsking: boolean; work: Promise<void> }>();
  private look: Promise<void> | undefined;
  private isLookDue = false;
  private nextLook: NodeJS.Timeout | undefined;
  private isAway = false;

  constructor(
    private readonly dataSource: DataSource,
    private readonly claims: Claims,
    private readonly corps: Corps,
    private readonly client: WecomClient,
  ) {}

  onApplicationBootstrap(): void {
    const prune = () => void this.safely(() => pruneEvents(this.dataSource));
    this.timers.push(
      setInterval(() => this.wake(), LOOK_MS),
      setInterval(prune, PRUNE_MS),
    );
    prune();
  }

  /** Ends what is under way; what is cut off goes on in another process at once. */
  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    for (const timer of this.timers) clearInterval(timer);
    clearTimeout(this.nextLook);
    const ended = Promise.allSettled([this.look, ...[...this.underWay.values()].map(({ work }) => work)]);
    await Promise.race([ended, sleep(STOP_MS, undefined, { ref: false })]);
  }

  /** Looks for work at once. */
  wake(): void {
    this.isLookDue = true;
    this.look ??= this.safely(() => this.lookWhileDue()).finally(() => (this.look = undefined));
  }

  private async lookWhileDue(): Promise<void> {
    while (this.isLookDue && !this.stopping.signal.aborted) {
      this.isLookDue = false;
      const found = await this.claims.due(this.busy(), this.asking(), LOOK_MS);
      for (const each of found) if (each.waitMs === 0) this.begin(each);
      const next = Math.min(...found.map(({ waitMs }) => waitMs || Infinity));
      clearTimeout(this.nextLook);
      if (next < LOOK_MS) this.nextLook = setTimeout(() => this.wake(), next).unref();
    }
  }

  /** The enterprises for which no more may be asked now. */
  private busy(): number[] {
    const ids = this.asking().map(({ tenant }) => tenant.enterpriseId);
    return [...new Set(ids)].filter((id) => ids.filter((each) => each === id).length >= MAX_ASKING);
  }

  /** What is asked for now: WeCom may be slow to answer. */
  private asking(): Subject[] {
    return [...this.underWay.values()].filter(({ isAsking }) => isAsking).map(({ subject }) => subject);
  }

  private begin({ subject, isAsking }: Due): void {
    const key = keyOf(subject);
    if (this.underWay.has(key) || (isAsking && this.busy().includes(subject.tenant.enterpriseId))) return;
    const work = this.safely(async () => {
      const claim = await this.claims.take(subject);
      if (claim) await this.workOn(claim);
    }).finally(() => {
      this.underWay.delete(key);
      if (!this.isAway) this.wake(); // for what came, or stood back, meanwhile
    });
    this.underWay.set(key, { subject, isAsking, work });
  }

  private async workOn(claim: Claim): Promise<void> {
    const renewal = setInterval(() => void this.claims.renew(claim).catch(() => undefined), RENEW_MS);
    try {
      await this.apply(claim);
    } catch (error) {
      if (this.stopping.signal.aborted) return await this.claims.release(claim);
      if (isDatabaseAway(error)) throw error; // the lease ends by itself
      const isExpected = isWecomFault(error) || error instanceof NoCorp || error instanceof OperatorError;
      if (!isExpected) this.logger.error(error);
      await this.claims.fail(claim, error);
    } finally {
      clearInterval(renewal);
    }
  }

  private async apply(claim: Claim): Promise<void> {
    const [{ change, externalUserid } = claim.events[0]!] = claim.events;
    switch (effectOf(change).does) {
      case 'end':
        return applyEnds(this.dataSource, claim);
      case 'ask':
        await this.endBefore(claim, externalUserid);
        return applyAsks(this.dataSource, claim, await this.apiOf(claim));
      case 'reload-tags':
        return reloadTags(this.dataSource, claim, await this.apiOf(claim));
      case 'remove-employee':
      case 'rename-employee':
        return changeEmployees(this.dataSource, claim);
      case 'nothing':
        throw new UnknownChange();
    }
  }

  /** Ends that came before are applied before: an edit of the same follow may be younger. */
  private async endBefore({ tenant }: Claim, externalUserid: string): Promise<void> {
    const ends = await this.claims.take({ tenant, subject: subjectOf('end', externalUserid) });
    if (ends) await applyEnds(this.dataSource, ends);
  }

  /** @throws NoCorp without credentials, WrongCredentialKey */
  private async apiOf(claim: Claim): Promise<WecomApi> {
    const corp = await this.corps.of(claim.tenant);
    if (!corp) throw new NoCorp();
    return this.client.for(corp, { signal: this.stopping.signal });
  }

  /** Logs a failure of the database once, until it is back. */
  private async safely(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.isAway = false;
    } catch (err) {
      if (this.stopping.signal.aborted) return; // the database may be closed
      if (!this.isAway) this.logger.error(err);
      this.isAway = true;
    }
  }
}
