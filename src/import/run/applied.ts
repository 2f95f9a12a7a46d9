import { resolve } from 'node:path';
import { OperatorError } from '../../base/operator-error';
import { isDuplicateKey } from '../../database/errors';
import { inTransaction } from '../../database/transaction';
import { Checkpoint } from './checkpoint';
import type { ImportCheckpoint } from './checkpoint.entity';
import { storeBatch, Job, refusedAmong, refusedFileOf } from './job';
import type { Read } from './reader';
import { EMPTY, Lengths, RefusedFile } from './refused-file';
import { NOTHING, Tally, tallied } from './tally';

/** Another writer took a key after it was seen to be free; in the next try it is seen as taken. */
const MAX_TRIES = 3;

/** Where a run stands. */
interface State {
  tally: Tally;
  /** Of the files of refused rows. */
  lengths: Lengths;
  /** Undefined before the first batch. */
  next?: string;
}

/** Writes the rows; each batch with the checkpoint from which a run after a kill goes on. */
export class Applied {
  /** Where a run before was killed. */
  readonly after?: string;

  private constructor(
    private readonly job: Job,
    private readonly checkpoint: Checkpoint,
    private readonly file: RefusedFile,
    private state: State,
  ) {
    this.after = state.next;
  }

  /** @throws OperatorError while another process imports the same, or the file of refused rows is another run's */
  static async begin(job: Job): Promise<Applied> {
    const { dataSource, kindName, source, context } = job;
    const checkpoint = await Checkpoint.take(dataSource, kindName, source.name, context.tenant);
    try {
      const stored = await checkpoint.read();
      const before = fileOf(job, stored.refusedFile);
      const state = await stateOf(job, before, stored);
      const file = (await isOwn(before, state)) ? before : refusedFileOf(job, true);
      // Before the first batch: what a batch wrote that was not stored is then known to be this run's.
      await checkpoint.save(dataSource.manager, { ...columnsOf(state), refusedFile: file.path });
      return new Applied(job, checkpoint, file, state);
    } catch (error) {
      await checkpoint.forget();
      throw error;
    }
  }

  get tally(): Tally {
    return this.state.tally;
  }

  get refusedFile(): string {
    return this.file.path;
  }

  async store(batch: Read<object>[], next: string): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        this.state = await inTransaction(this.job.dataSource, async (manager) => {
          await this.checkpoint.hold(manager);
          const outcomes = await storeBatch(manager, this.job, batch, true);
          // Within the transaction, as the checkpoint says where the file ends; a second try overwrites the first.
          const lengths = await this.file.write(this.state.lengths, refusedAmong(batch, outcomes));
          const state = { tally: tallied(this.state.tally, outcomes), lengths, next };
          await this.checkpoint.save(manager, columnsOf(state));
          return state;
        });
        return;
      } catch (error) {
        if (!isDuplicateKey(error) || tries === MAX_TRIES) throw error;
      }
    }
  }

  /** Does what is left once all rows are written. */
  async end(): Promise<void> {
    const { kind, dataSource, context } = this.job;
    await kind.finish?.(dataSource, context);
    await this.checkpoint.end();
    if (this.state.lengths.rows === 0) await this.file.discard();
  }

  async release(): Promise<void> {
    await this.checkpoint.release();
  }
}

/** @param path of the file of an unfinished run; empty without one */
function fileOf(job: Job, path: string): RefusedFile {
  if (path === '') return refusedFileOf(job);
  if (job.refused !== undefined && resolve(job.refused) !== path) {
    throw new OperatorError(`the unfinished import writes refused rows to ${path}: give the same --refused`);
  }
  return new RefusedFile(path, job.source.header);
}

/** Rows that the checkpoint does not know of are another run's, or mended by now: none is written over them. */
async function isOwn(file: RefusedFile, { lengths }: State): Promise<boolean> {
  return lengths.rows > 0 || (await file.isEmpty());
}

async function stateOf({ source }: Job, file: RefusedFile, stored: ImportCheckpoint): Promise<State> {
  const begun: State = { tally: NOTHING, lengths: EMPTY };
  if (stored.next === null) return begun;
  const lengths = { rows: stored.refusedBytes, reasons: stored.reasonsBytes };
  const isStill = source.isStill?.(stored.next) !== false;
  if (isStill && (await file.has(lengths))) return { tally: tallyOf(stored), lengths, next: stored.next };
  const why = isStill ? `${file.path} is gone or shorter` : 'the source has changed or is read in another way';
  console.error(`${why} since an import of it was interrupted: it begins again, what is stored stays`);
  return begun;
}

const tallyOf = ({ rowsNew, rowsChanged, rowsEqual, rowsRefused, reasons }: ImportCheckpoint): Tally => ({
  new: rowsNew,
  changed: rowsChanged,
  equal: rowsEqual,
  refused: rowsRefused,
  reasons: JSON.parse(reasons) as Tally['reasons'],
});

const columnsOf = ({ tally, lengths, next }: State): Partial<ImportCheckpoint> => ({
  next: next ?? null,
  rowsNew: tally.new,
  rowsChanged: tally.changed,
  rowsEqual: tally.equal,
  rowsRefused: tally.refused,
  reasons: JSON.stringify(tally.reasons),
  refusedBytes: lengths.rows,
  reasonsBytes: lengths.reasons,
});
