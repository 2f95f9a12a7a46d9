import { Command } from 'commander';
import type { InDatabase } from '../../database/connect';
import { inTransaction } from '../../database/transaction';
import { rebuildFollowIndex } from './rebuild';

export function reindexCommand(inDatabase: InDatabase): Command {
  return new Command('reindex')
    .description(
      'derive terms, tag links and counters again after rows of family B were changed by SQL, in one transaction',
    )
    .action(() =>
      inDatabase(async (database) => {
        const follows = await inTransaction(database, (manager) => rebuildFollowIndex(manager));
        console.log(`${follows} follows indexed`);
      }),
    );
}
