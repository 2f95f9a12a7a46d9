import { Command } from 'commander';
import { positiveNumber, wholeNumber } from '../../base/command-arguments';
import { readSecrets } from '../../base/secret-input';
import type { InDatabase } from '../../database/connect';
import { findEnterprise } from '../../enterprise/enterprises';
import { assertChosen, CommonOptions, finish, withCommonOptions } from '../common-options';
import { AskOptions, mannersOf, urlOf, withAskOptions } from './options';
import type { SystemTransport } from './transport';

type MixOptions = CommonOptions & AskOptions;
type WechatOptions = MixOptions & { uniacid: number; business: number; into?: number; token?: true };

const REFUSED = '\nEach kind puts its name into the file of refused rows: refused-customers.jsonl, …';

const tell = (line: string): void => console.error(line);

/** `import mix`: out of a running MixIOT. */
export function mixCommand(inDatabase: InDatabase): Command {
  const command = new Command('mix').description(
    'customers, then relations, of a running MixIOT, read by a super user',
  );
  return withCommonOptions(withAskOptions(command))
    .addHelpText('after', REFUSED)
    .action(async (options: MixOptions) => {
      assertChosen(options);
      await askedWith(options, async (transport, password) => {
        const { importMix } = await import('./import-mix.js');
        await inDatabase(async (database) => {
          const { username } = options;
          finish(await importMix(database, transport, { username, password }, { ...options, tell }));
        });
      });
    });
}

/** `import wechat`: out of a running 芸众. */
export function wechatCommand(inDatabase: InDatabase): Command {
  const command = new Command('wechat').description(
    'tags, employees and follows of an enterprise of a running 芸众, read by an account that may manage it',
  );
  return withCommonOptions(withAskOptions(withEnterprise(command)))
    .option('--into <business_id>', 'our enterprise, if its number differs', positiveNumber)
    .addHelpText('after', REFUSED)
    .action(async (options: WechatOptions) => {
      assertChosen(options);
      const { uniacid, business: businessId, into = businessId, username, token: isToken } = options;
      await askedWith(options, async (transport, password) => {
        const { importWechat } = await import('./import-wechat.js');
        await inDatabase(async (database) => {
          const tenant = { uniacid: (await findEnterprise(database, into)).uniacid, enterpriseId: into };
          const access = { username, password, isToken };
          const carrying = { ...options, tell, tenant };
          finish(await importWechat(database, transport, { uniacid, businessId }, access, carrying));
        });
      });
    });
}

/** Adds what names an enterprise of family B, and how one signs in there, to a command. */
export function withEnterprise(command: Command): Command {
  return command
    .requiredOption('--uniacid <n>', 'the official account', wholeNumber)
    .requiredOption('--business <business_id>', 'the enterprise', positiveNumber)
    .option('--token', 'the secret is a token, and --username its uid: signs in by Basic instead of the form');
}

async function askedWith(
  options: AskOptions,
  work: (transport: SystemTransport, password: string) => Promise<void>,
): Promise<void> {
  const base = urlOf('--with', options.with);
  const [password] = await readSecrets(['password']);
  const { SystemTransport } = await import('./transport.js');
  const transport = new SystemTransport(base, mannersOf(options));
  try {
    await work(transport, password!);
  } finally {
    await transport.close();
  }
}
