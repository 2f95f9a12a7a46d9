import { Command } from 'commander';
import { wholeNumber } from '../../base/command-arguments';
import { readSecret } from '../../base/secret-input';
import type { InDatabase } from '../../database/connect';
import { putCustomer } from './customers';

export function customerCommand(inDatabase: InDatabase): Command {
  return new Command('customer')
    .argument('<id>')
    .description('create a customer of family A or change it; its code is asked for, or read from standard input')
    .option('--name <name>')
    .action(async (id: string, { name }: { name?: string }) => {
      const secret = await readSecret('code');
      await inDatabase(
        (database) => putCustomer(database, wholeNumber(id), secret, name),
        `customer ${id} has this code now`,
      );
    });
}
