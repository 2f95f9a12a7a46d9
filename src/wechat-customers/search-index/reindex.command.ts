import { Command } from 'commander';
import type { InDatabase } from '../../database/connect';
import { reindex } from './reindex';

export function reindexCommand(inDatabase: InDatabase): Command {
  return new Command('reindex')
    .description(
      'after rows of family B were changed by SQL: derive search terms and counters anew, in one transaction',
    )
    .action(() => inDatabase(async (database) => console.log(`${await reindex(database)} relations indexed`)));
}
