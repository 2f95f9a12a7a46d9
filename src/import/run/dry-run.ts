import { inTransaction } from '../../database/transaction';
import type { Outcome } from '../kinds/kind';
import { storeBatch, Job, refusedAmong, refusedFileOf } from './job';
import type { Read } from './reader';
import { EMPTY, RefusedFile } from './refused-file';
import { NOTHING, tallied } from './tally';

/** Reads and compares, and writes no row. */
export class DryRun {
  readonly after = undefined;
  tally = NOTHING;
  private readonly file: RefusedFile;
  private lengths = EMPTY;

  constructor(private readonly job: Job) {
    this.file = refusedFileOf(job);
  }

  get refusedFile(): string {
    return this.file.path;
  }

  async store(batch: Read<object>[]): Promise<void> {
    const { dataSource, kind, context } = this.job;
    const outcomes = await inTransaction(dataSource, (manager) => storeBatch(manager, this.job, batch, false));
    batch.forEach((each, i) => {
      if (each.outcome === undefined && isNew(outcomes[i]!)) context.assumed.add(kind.said(each.row)[0].key);
    });
    this.lengths = await this.file.write(this.lengths, refusedAmong(batch, outcomes));
    this.tally = tallied(this.tally, outcomes);
  }

  async end(): Promise<void> {
    if (this.lengths.rows === 0) await this.file.discard();
  }

  release(): Promise<void> {
    return this.end();
  }
}

const isNew = (outcome: Outcome) =>
  outcome === 'new' || (typeof outcome === 'object' && 'taken' in outcome && outcome.taken === 'new');
