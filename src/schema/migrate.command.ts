import { Command } from 'commander';
import { readEnv } from '../config/env';
import { dataSourceOptions } from './data-source';
import { migrate } from './migrate';

export function migrateCommand(): Command {
  return new Command('migrate')
    .description('create the tables or bring them up to date; safe to run from several machines at once')
    .action(async () => {
      await migrate(dataSourceOptions(readEnv(process.env)), (name) => console.log(`migrated: ${name}`));
      console.log('the tables are up to date');
    });
}
