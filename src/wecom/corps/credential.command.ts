import { Command, InvalidArgumentError } from 'commander';
import { operator } from '../../audit/operator';
import { positiveNumber, wholeNumber } from '../../base/command-arguments';
import { OperatorError } from '../../base/operator-error';
import { readSecrets } from '../../base/secret-input';
import { readEnv } from '../../config/env';
import type { InDatabase } from '../../database/connect';
import { Cipher } from './cipher';
import type { CallbackKeys } from './corp';
import {
  removeCredentials,
  runningEnterprise,
  setContactsCredentials,
  setCredentials,
  shownCredentials,
} from './credentials';

interface SetOptions {
  corpId?: string;
  agentId?: number;
  contacts?: true;
}

/** `wecom credential`: the enterprises' access to WeCom. */
export function credentialCommand(inDatabase: InDatabase): Command {
  const credential = new Command('credential').description('the credentials of enterprises for WeCom');

  credential
    .command('set <business_id>')
    .description(
      'set secret, Token and EncodingAESKey of the self-built app, or with --contacts Token and EncodingAESKey of the ' +
        'contacts-sync assistant; asked for, or read from standard input, a line each; Token and EncodingAESKey may be empty',
    )
    .option('--corp-id <id>', "WeCom's id of the corp", corpIdOf)
    .option('--agent-id <n>', "WeCom's number of the app", positiveNumber)
    .option('--contacts', 'those of the contacts-sync assistant (通讯录同步)')
    .action(async (id: string, options: SetOptions) => {
      const enterpriseId = wholeNumber(id);
      const { corpId, agentId = null, contacts } = options;
      if (contacts ? corpId !== undefined || agentId !== null : corpId === undefined) {
        throw new OperatorError('either --corp-id, and --agent-id if you like, or --contacts is needed');
      }
      const cipher = new Cipher(readEnv(process.env));
      await inDatabase(async (database) => {
        await runningEnterprise(database, enterpriseId); // before anything is typed
        const actor = operator();
        let path: string;
        let keys: CallbackKeys | null;
        if (corpId === undefined) {
          const [token, aesKey] = await readSecrets(['Token', 'EncodingAESKey']);
          keys = keysOf(token!, aesKey!);
          path = await setContactsCredentials(database, cipher, enterpriseId, keys, actor);
        } else {
          const [secret, token, aesKey] = await readSecrets(['secret', 'Token', 'EncodingAESKey']);
          keys = keysOf(token!, aesKey!);
          const app = { corpId, agentId, secret: secret!, callbacks: keys };
          path = await setCredentials(database, cipher, enterpriseId, app, actor);
        }
        const callbacks = keys ? `WeCom's callbacks come to ${path}` : `without Token no callbacks come to ${path}`;
        console.log(`the credentials of enterprise ${enterpriseId} are set; ${callbacks}`);
      });
    });

  credential
    .command('show <business_id>')
    .description('corp, app and what is set, never a secret')
    .action(async (id: string) => {
      const enterpriseId = wholeNumber(id);
      const cipher = new Cipher(readEnv(process.env));
      await inDatabase(async (database) => console.table([await shownCredentials(database, cipher, enterpriseId)]));
    });

  credential
    .command('remove <business_id>')
    .description('take the credentials away; customers stay')
    .action(async (id: string) => {
      const enterpriseId = wholeNumber(id);
      await inDatabase(
        (database) => removeCredentials(database, enterpriseId, operator()),
        `enterprise ${enterpriseId} has no credentials any more`,
      );
    });

  return credential;
}

/** No callbacks if both are empty. */
const keysOf = (token: string, aesKey: string): CallbackKeys | null => (token || aesKey ? { token, aesKey } : null);

function corpIdOf(text: string): string {
  if (/^[\w-]{1,64}$/.test(text)) return text;
  throw new InvalidArgumentError('a corp id is needed: up to 64 letters and digits such as ww0123456789abcdef');
}
