import { Command, Option } from 'commander';
import { wholeNumber } from '../base/command-arguments';
import type { InDatabase } from '../database/connect';
import { grant, IDENTITIES, Identity, revoke } from './rights';

/** `right`: the rights of accounts to manage enterprises. */
export function rightCommand(inDatabase: InDatabase): Command {
  const right = new Command('right').description('who may manage which enterprise');

  right
    .command('grant <username> <enterprise>')
    .addOption(new Option('--identity <identity>').choices(Object.keys(IDENTITIES)).default('staff' satisfies Identity))
    .action((username: string, id: string, { identity }: { identity: Identity }) =>
      inDatabase(
        (database) => grant(database, username, wholeNumber(id), identity),
        `${username} may manage enterprise ${id} as ${identity}`,
      ),
    );

  right
    .command('revoke <username> <enterprise>')
    .action((username: string, id: string) =>
      inDatabase(
        (database) => revoke(database, username, wholeNumber(id)),
        `${username} may not manage enterprise ${id} any more`,
      ),
    );

  return right;
}
