import { Command } from 'commander';
import type { InDatabase } from '../../database/connect';
import { findDangling, toLine } from './dangling';
import { reindex } from './reindex';

export function reindexCommand(inDatabase: InDatabase): Command {
  return new Command('reindex')
    .description('derive anew what is wrong after rows were changed by SQL, beside servers; then list what dangles')
    .action(() =>
      inDatabase(async (database) => {
        const { checked, mended, gone, miscounted } = await reindex(database);
        console.log(`${checked} follows checked, ${mended} derived anew`);
        if (gone > 0) console.log(`search rows of ${gone} removed follows deleted`);
        if (miscounted > 0) console.log(`counters of ${miscounted} enterprises corrected`);
        for (const dangling of await findDangling(database.manager)) console.log(toLine(dangling));
      }),
    );
}
