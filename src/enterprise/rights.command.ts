import { Command, Option } from 'commander';
import { operator } from '../audit/operator';
import { wholeNumber } from '../base/command-arguments';
import type { InDatabase } from '../database/connect';
import { IDENTITIES, Identity } from './identities';
import { grant, listRights, revoke, unbind } from './rights';

/** `right`: the rights of accounts to manage enterprises. */
export function rightCommand(inDatabase: InDatabase): Command {
  const right = new Command('right').description('who may manage which enterprise');

  right
    .command('list')
    .description('all rights, and which employee an account is')
    .action(() => inDatabase(async (database) => console.table(await listRights(database))));

  right
    .command('grant <username> <enterprise>')
    .description(
      'let an account manage an enterprise; staff may not start a sync, otherwise clients only show the identity',
    )
    .addOption(new Option('--identity <identity>').choices(Object.keys(IDENTITIES)).default('staff' satisfies Identity))
    .action((username: string, id: string, { identity }: { identity: Identity }) =>
      inDatabase(
        (database) => grant(database, username, wholeNumber(id), identity, operator()),
        `${username} may manage enterprise ${id} as ${identity}`,
      ),
    );

  right
    .command('revoke <username> <enterprise>')
    .description('take the right back, from the next request on')
    .action((username: string, id: string) =>
      inDatabase(
        (database) => revoke(database, username, wholeNumber(id), operator()),
        `${username} may not manage enterprise ${id} any more`,
      ),
    );

  right
    .command('unbind <username> <enterprise>')
    .description('take back what `right bind` said')
    .action((username: string, id: string) =>
      inDatabase(
        (database) => unbind(database, username, wholeNumber(id), operator()),
        `${username} is no employee in enterprise ${id} any more`,
      ),
    );

  return right;
}
