import { Command } from 'commander';
import { positiveNumber } from '../../base/command-arguments';
import type { InDatabase } from '../../database/connect';
import type { RunState } from './run.entity';

/** What a script learns of a run. */
const EXIT_CODES: Record<RunState, number> = { running: 1, ok: 0, partial: 3, held: 4, failed: 1 };

/** `wecom sync`: carries out a run, or follows the one that another process carries out. */
export function syncCommand(inDatabase: InDatabase): Command {
  return new Command('sync')
    .description('read all customers of an enterprise from WeCom; the last line of output is the run as JSON')
    .argument('<business_id>', 'the enterprise', positiveNumber)
    .option('--confirm', 'write the losses however many they are')
    .addHelpText('after', '\nExit code: 0 ok, 3 partial, 4 held (needs --confirm), 1 failed')
    .action((id: number, { confirm = false }: { confirm?: boolean }) =>
      inDatabase(async (database) => {
        // Only here, as it loads Nest: other commands start at once.
        const { syncByCommand } = await import('./by-command.js');
        const run = await syncByCommand(database, id, confirm);
        console.log(JSON.stringify(run));
        process.exitCode = EXIT_CODES[run.state];
      }),
    );
}
