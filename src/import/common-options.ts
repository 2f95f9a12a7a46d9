import { Command, Option } from 'commander';
import type { DataSource } from 'typeorm';
import { operator } from '../audit/operator';
import { OperatorError } from '../base/operator-error';
import type { Tenant } from '../enterprise/tenant';
import type { KindName } from './kind-names';
import type { Report } from './run/import-rows';
import type { Source } from './source';

/** The options that every `import …` has. */
export interface CommonOptions {
  dryRun?: boolean;
  apply?: boolean;
  refused?: string;
}

/** Adds them to a command. */
export function withCommonOptions(command: Command): Command {
  return command
    .addOption(new Option('--dry-run', 'compare and report, write nothing').conflicts('apply'))
    .option('--apply', 'write what is new and changed')
    .option('--refused <file>', 'where refused rows go (default: refused-<kind>.csv or .jsonl)')
    .addHelpText(
      'after',
      '\nThe last line of output is the report as JSON. Exit code: 0, 3 rows were refused, 1 failed',
    );
}

/** @throws OperatorError unless exactly one of the two is given */
export function assertChosen({ dryRun, apply }: CommonOptions): void {
  if (!dryRun && !apply) throw new OperatorError('say --dry-run to look first, or --apply to write');
}

/**
 * Imports a source with progress on standard error.
 * @param tenant of kinds of family B
 * @param assumed one set for the kinds of one dry run, as relations need the customers before them
 */
export async function carryOut(
  database: DataSource,
  kind: KindName,
  source: Source,
  { apply = false, refused }: CommonOptions,
  { tenant, assumed }: { tenant?: Tenant; assumed?: Set<string> } = {},
): Promise<Report> {
  // Only here, as they load what is needed to write rows: other commands start at once.
  const { importRows } = await import('./run/import-rows.js');
  const { showProgress } = await import('./run/show-progress.js');
  const progress = showProgress(kind);
  try {
    return await importRows(database, kind, source, { tenant, apply, refused, actor: operator(), assumed, progress });
  } finally {
    progress.end();
  }
}

/** Prints what became of it, and sets the exit code. */
export function finish(reports: Report | Report[]): void {
  console.log(JSON.stringify(reports));
  const isWhole = [reports].flat().every(({ refused }) => refused === 0);
  process.exitCode = isWhole ? 0 : 3;
}
