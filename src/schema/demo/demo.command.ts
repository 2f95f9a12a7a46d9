import { Command } from 'commander';
import type { InDatabase } from '../../database/connect';
import { fillDemoData } from './fill';

export function demoCommand(inDatabase: InDatabase): Command {
  return new Command('demo')
    .description('fill the demo data into a migrated database without accounts (its passwords are public!)')
    .action(() => inDatabase(fillDemoData, 'demo data filled in; its passwords are in the README'));
}
