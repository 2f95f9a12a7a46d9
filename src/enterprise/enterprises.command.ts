import { Command } from 'commander';
import { wholeNumber } from '../base/command-arguments';
import type { InDatabase } from '../database/connect';
import { addEnterprise, listEnterprises, setRunning } from './enterprises';

/** `enterprise`: the enterprises of family B. */
export function enterpriseCommand(inDatabase: InDatabase): Command {
  const enterprise = new Command('enterprise').description('enterprises of family B');

  enterprise
    .command('list')
    .description('all enterprises')
    .action(() => inDatabase(async (database) => console.table(await listEnterprises(database))));

  enterprise
    .command('add <id> <name>')
    .description('create an enterprise of an official account')
    .requiredOption('--uniacid <uniacid>', 'the official account it belongs to', wholeNumber)
    .action((id: string, name: string, { uniacid }: { uniacid: number }) =>
      inDatabase((database) => addEnterprise(database, wholeNumber(id), uniacid, name), `enterprise ${id} is created`),
    );

  enterprise
    .command('stop <id>')
    .description('no account may manage it from the next request on')
    .action((id: string) =>
      inDatabase((database) => setRunning(database, wholeNumber(id), false), `enterprise ${id} is stopped`),
    );

  enterprise
    .command('start <id>')
    .description('let it be managed again')
    .action((id: string) =>
      inDatabase((database) => setRunning(database, wholeNumber(id), true), `enterprise ${id} runs`),
    );

  return enterprise;
}
