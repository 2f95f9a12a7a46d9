import { Command } from 'commander';
import { positiveNumber } from '../../base/command-arguments';
import { readEnv } from '../../config/env';
import type { InDatabase } from '../../database/connect';
import { toLine } from './finding';

/** `wecom doctor`: what has to be changed, and where, before customers arrive. */
export function doctorCommand(inDatabase: InDatabase): Command {
  return new Command('doctor')
    .description(
      'check credentials, permission, ranges and callbacks of an enterprise; a line each, with what to change',
    )
    .argument('<business_id>', 'the enterprise', positiveNumber)
    .addHelpText('after', '\nExit code: 0 all well, 1 something is wrong')
    .action((id: number) =>
      inDatabase(async (database) => {
        const { examine } = await import('./doctor.js'); // only here, as it loads Nest
        for await (const finding of examine(database, readEnv(process.env), id, console.error)) {
          console.log(toLine(finding));
          if (finding.state === 'wrong') process.exitCode = 1;
        }
      }),
    );
}
