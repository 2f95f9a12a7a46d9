import { Command } from 'commander';
import { operator } from '../audit/operator';
import { name, positiveNumber, wholeNumber } from '../base/command-arguments';
import type { InDatabase } from '../database/connect';
import { addEnterprise, changeEnterprise, listEnterprises } from './enterprises';

/** `enterprise`: the enterprises of family B. */
export function enterpriseCommand(inDatabase: InDatabase): Command {
  const enterprise = new Command('enterprise').description('enterprises of family B');

  enterprise
    .command('list')
    .description('all enterprises')
    .action(() => inDatabase(async (database) => console.table(await listEnterprises(database))));

  enterprise
    .command('add')
    .description('create an enterprise of an official account')
    .argument('<id>', 'by which it is chosen', positiveNumber)
    .argument('<name>', 'as the clients show it', name)
    .requiredOption('--uniacid <uniacid>', 'the official account it belongs to', positiveNumber)
    .action((id: number, called: string, { uniacid }: { uniacid: number }) =>
      inDatabase((database) => addEnterprise(database, id, uniacid, called, operator()), `enterprise ${id} is created`),
    );

  enterprise
    .command('stop <id>')
    .description('no account may manage it from the next request on')
    .action((id: string) =>
      inDatabase(
        (database) => changeEnterprise(database, wholeNumber(id), { running: false }, operator()),
        `enterprise ${id} is stopped`,
      ),
    );

  enterprise
    .command('start <id>')
    .description('let it be managed again')
    .action((id: string) =>
      inDatabase(
        (database) => changeEnterprise(database, wholeNumber(id), { running: true }, operator()),
        `enterprise ${id} runs`,
      ),
    );

  return enterprise;
}
