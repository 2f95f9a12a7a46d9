import type { DataSource, EntityManager } from 'typeorm';
import type { Context, Kind, Outcome } from '../kinds/kind';
import type { KindName } from '../kind-names';
import type { Source } from '../source';
import type { Read } from './reader';
import { RefusedFile, RefusedRow } from './refused-file';

/** What a run is asked for. */
export interface Job {
  dataSource: DataSource;
  kindName: KindName;
  kind: Kind<object>;
  context: Context;
  source: Source;
  rowsAtOnce: number;
  /** The file of refused rows, if one is chosen. */
  refused?: string;
}

/**
 * A new file for the rows that the job refuses.
 * @param isAgain the chosen one has rows of a run before: its name gets a number
 */
export function refusedFileOf({ refused, kindName, source: { header } }: Job, isAgain = false): RefusedFile {
  const own = `refused-${kindName}.${header === undefined ? 'jsonl' : 'csv'}`;
  return isAgain ? RefusedFile.create(undefined, refused ?? own, header) : RefusedFile.create(refused, own, header);
}

/**
 * Compares the rows of a batch, and writes them if that is wanted.
 * @returns what became of each
 */
export async function storeBatch(
  manager: EntityManager,
  { kind, context, rowsAtOnce }: Job,
  batch: Read<object>[],
  writes: boolean,
): Promise<Outcome[]> {
  const open = batch.flatMap((each) => (each.outcome === undefined ? [each.row] : []));
  const outcomes: Outcome[] = [];
  for (let i = 0; i < open.length; i += rowsAtOnce) {
    const plan = await kind.compare(manager, open.slice(i, i + rowsAtOnce), context);
    if (writes) await plan.write();
    outcomes.push(...plan.outcomes);
  }
  const rest = outcomes.values();
  return batch.map(({ outcome }) => outcome ?? rest.next().value!);
}

/** The rows that are refused. */
export function refusedAmong(batch: Read<object>[], outcomes: Outcome[]): RefusedRow[] {
  return batch.flatMap(({ came: { where, text } }, i) => {
    const outcome = outcomes[i]!;
    return typeof outcome === 'object' && 'refused' in outcome ? [{ where, text, reason: outcome.refused }] : [];
  });
}
