import { Command } from 'commander';
import type { InDatabase } from '../database/connect';
import { importFileCommand } from './files/file.command';
import { mixCommand, wechatCommand } from './originals/originals.command';
import { importTablesCommand } from './tables/tables.command';

/** `import`: moves data in from other systems. */
export function importCommand(inDatabase: InDatabase): Command {
  return new Command('import')
    .description('data of other systems; run again, it changes nothing')
    .addCommand(importFileCommand(inDatabase))
    .addCommand(mixCommand(inDatabase))
    .addCommand(wechatCommand(inDatabase))
    .addCommand(importTablesCommand(inDatabase));
}
