import { Command } from 'commander';
import { OperatorError } from '../../base/operator-error';
import { readEnv } from '../../config/env';
import type { InDatabase } from '../../database/connect';
import { assertChosen, CommonOptions, withCommonOptions } from '../common-options';

/** `import tables`: from the MySQL database of an original. */
export function importTablesCommand(inDatabase: InDatabase): Command {
  return withCommonOptions(new Command('tables'))
    .description('rows of a MySQL database, whose URL is in IMPORT_DATABASE_URL')
    .argument('<map>', 'YAML: which column of which table is which field, as docs/moving-in.md describes it')
    .action(async (file: string, options: CommonOptions) => {
      assertChosen(options);
      const { IMPORT_DATABASE_URL: url } = readEnv(process.env);
      if (url === undefined)
        throw new OperatorError('IMPORT_DATABASE_URL is missing: the URL of the original’s database');
      const { importTables } = await import('./import-tables.js'); // loads YAML, for which no other command should wait
      await inDatabase((database) => importTables(database, file, url, options));
    });
}
