import type { DataSource } from 'typeorm';
import type { EntryActor } from '../../audit/note';
import { OperatorError } from '../../base/operator-error';
import { dialectOf } from '../../database/dialect';
import type { Tenant } from '../../enterprise/tenant';
import type { Context, Kind } from '../kinds/kind';
import type { KindName } from '../kind-names';
import { kindOf } from '../registry';
import type { Source } from '../source';
import { Applied } from './applied';
import { DryRun } from './dry-run';
import { Reader } from './reader';
import type { Progress } from './show-progress';
import type { Tally } from './tally';

export interface ImportOptions {
  /** Needed by kinds of family B. */
  tenant?: Tenant;
  /** False: reads and compares, and writes nothing but the file of refused rows. */
  apply: boolean;
  /** The file of refused rows; absent: `refused-<kind>.csv` or `.jsonl` in the working directory. */
  refused?: string;
  /** Who does it, for the audit log. */
  actor: EntryActor;
  /** Rows that are compared and written by one set of statements. */
  rowsAtOnce?: number;
  /** Filled by a dry run with what it would have stored; pass the same set to the dry runs after it. */
  assumed?: Set<string>;
  progress?: Progress;
}

/** What became of the rows of a source. */
export interface Report extends Tally {
  kind: KindName;
  source: string;
  /** Whether it went on where a run before was killed. */
  resumed: boolean;
  /** Where the refused rows are. */
  refusedFile?: string;
}

/** Bounds the values of one statement and the wait of other writers. */
const ROWS_AT_ONCE = 500;

/**
 * Imports the rows of a source, a batch in a transaction.
 * @throws OperatorError when it cannot begin, or another process imports the same
 */
export async function importRows(
  dataSource: DataSource,
  kindName: KindName,
  source: Source,
  options: ImportOptions,
): Promise<Report> {
  const kind = kindOf(kindName);
  assertTenant(kind, kindName, options.tenant);
  const { tenant, actor, assumed = new Set<string>(), rowsAtOnce = ROWS_AT_ONCE, progress } = options;
  const context: Context = {
    tenant,
    actor,
    assumed,
    lock: options.apply ? dialectOf(dataSource).forUpdate : '',
    metadataOf: (entity) => dataSource.getMetadata(entity),
  };
  const reader = new Reader(kind, context);
  const job = { dataSource, kindName, kind, context, source, rowsAtOnce, refused: options.refused };
  const run = options.apply ? await Applied.begin(job) : new DryRun(job);
  try {
    if (run.after !== undefined) for await (const { rows } of source.before?.(run.after) ?? []) reader.read(rows);
    for await (const { rows, next } of source.batches(run.after)) {
      await run.store(reader.read(rows), next);
      progress?.show(run.tally, source.total);
    }
    await run.end();
  } catch (error) {
    await run.release();
    throw error;
  }
  const { tally, refusedFile } = run;
  return {
    ...{ kind: kindName, source: source.name, ...tally, resumed: run.after !== undefined },
    ...(tally.refused > 0 && { refusedFile }),
  };
}

function assertTenant({ isOfEnterprise }: Kind<object>, name: KindName, tenant: Tenant | undefined): void {
  if (isOfEnterprise && !tenant) throw new OperatorError(`${name} are of an enterprise: name it by --business`);
  if (!isOfEnterprise && tenant) throw new OperatorError(`${name} are of no enterprise: leave out --business`);
}
