import { Command } from 'commander';
import { positiveNumber } from '../../base/command-arguments';
import type { InDatabase } from '../../database/connect';
import { runningEnterprise } from '../corps/credentials';
import { deadEvents } from './dead-events';

/** `wecom events`: what WeCom reported and could not take effect. */
export function eventsCommand(inDatabase: InDatabase): Command {
  return new Command('events')
    .description('events of an enterprise that were set aside, a line of JSON each with the reason')
    .argument('<business_id>', 'the enterprise', positiveNumber)
    .option('--replay', 'put them back: the servers try them again')
    .action((id: number, { replay = false }: { replay?: boolean }) =>
      inDatabase(async (database) => {
        const { uniacid } = await runningEnterprise(database, id);
        for await (const event of deadEvents(database, { uniacid, enterpriseId: id }, replay)) {
          console.log(JSON.stringify(event));
        }
      }),
    );
}
