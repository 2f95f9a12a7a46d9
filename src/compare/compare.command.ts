import { Command } from 'commander';
import { positiveNumber, wholeNumber } from '../base/command-arguments';
import { withAskOptions } from '../import/originals/options';
import { withEnterprise } from '../import/originals/originals.command';
import type { WechatOptions } from './compare-wechat';
import type { CompareOptions } from './compared-with';

/** `compare`: whether customer-hub answers as an original does. */
export function compareCommand(): Command {
  return new Command('compare')
    .description('ask an original and customer-hub the same questions; changes nothing in either')
    .addCommand(mixCommand())
    .addCommand(wechatCommand());
}

function mixCommand(): Command {
  const command = new Command('mix').description(
    'a running MixIOT: customers and relations, seen by a super user of both',
  );
  return withCompareOptions(command).action(async (options: CompareOptions) => {
    const { comparedWith } = await import('./compared-with.js');
    const { compareMix } = await import('./compare-mix.js');
    await comparedWith(options, (theirs, ours, comparing) => compareMix(theirs, ours, options, comparing));
  });
}

function wechatCommand(): Command {
  const command = new Command('wechat').description('a running 芸众: follows, tags and employees of an enterprise');
  return withCompareOptions(withEnterprise(command))
    .option('--into <business_id>', 'our enterprise, if its number differs', positiveNumber)
    .action(async (options: WechatOptions) => {
      const { comparedWith } = await import('./compared-with.js');
      const { compareWechat } = await import('./compare-wechat.js');
      await comparedWith(options, (theirs, ours, comparing) => compareWechat(theirs, ours, options, comparing));
    });
}

function withCompareOptions(command: Command): Command {
  return withAskOptions(command)
    .option('--against <url>', 'customer-hub', 'http://127.0.0.1:3000')
    .option('--random <n>', 'random questions beside those of every filter', wholeNumber, 200)
    .option('--seed <n>', 'for other random questions', wholeNumber, 1)
    .option('--sample', 'do not read every page')
    .option('--ignore <field...>', 'fields that may differ, such as updated_at or has_one_customer.avatar', [])
    .option('--json', 'the result as a line of JSON')
    .addHelpText('after', '\nStandard input: two passwords, a line each, the original first; or one line for both.')
    .addHelpText('after', 'Exit code: 0 everything is equal, 3 something differs, 1 failed');
}
