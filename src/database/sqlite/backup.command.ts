import { Command } from 'commander';
import { readEnv } from '../../config/env';
import { connectionOptions } from '../options';
import { backup } from './backup';

export function backupCommand(): Command {
  return new Command('backup')
    .argument('<file>')
    .description('copy the SQLite database to a new file, while the product is running or not')
    .action(async (file: string) => {
      await backup(connectionOptions(readEnv(process.env)), file);
      console.log(`${file} is a whole copy`);
    });
}
