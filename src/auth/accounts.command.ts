import { Command } from 'commander';
import type { DataSource } from 'typeorm';
import { operator } from '../audit/operator';
import { emailAddress, mobileNumber, name, positiveNumber } from '../base/command-arguments';
import { readSecret } from '../base/secret-input';
import type { InDatabase } from '../database/connect';
import {
  AccountChanges,
  addAccount,
  changeAccount,
  endSessions,
  isSharedMobile,
  listAccounts,
  setPassword,
} from './accounts';

/** `account`: the accounts that may sign in. */
export function accountCommand(inDatabase: InDatabase): Command {
  const account = new Command('account').description('who may sign in');

  account
    .command('list')
    .description('all accounts')
    .action(() => inDatabase(async (database) => console.table(await listAccounts(database))));

  account
    .command('add')
    .description('create an account; the password is asked for, or read from standard input')
    .argument('<username>', 'by which it signs in', name)
    .option('--id <user_id>', 'its user_id; without it the next free one', positiveNumber)
    .option('--super', 'may act for every user (is_super)')
    .option('--email <address>', 'shown to the clients', emailAddress)
    .option('--mobile <number>', 'signs in too, if no other account has it', mobileNumber)
    .action(async (username: string, options: AccountChanges & { id?: number }) => {
      const password = await readSecret('password');
      await inDatabase(async (database) => {
        console.log(`user_id ${await addAccount(database, username, password, options, operator())}`);
        await warnOfSharedMobile(database, options);
      });
    });

  account
    .command('password <username>')
    .description('set a new password, asked for or read from standard input; ends all sessions')
    .action(async (username: string) => {
      const password = await readSecret('new password');
      await inDatabase(
        (database) => setPassword(database, username, password, operator()),
        `${username} has the new password, all sessions are ended`,
      );
    });

  account
    .command('change <username>')
    .description('change an account; closing it ends its sessions')
    .option('--super')
    .option('--no-super')
    .option('--open')
    .option('--no-open', 'close the account')
    .option('--email <address>', 'empty: none', emailAddress)
    .option('--mobile <number>', 'empty: none', mobileNumber)
    .action((username: string, options: AccountChanges) =>
      inDatabase(async (database) => {
        await changeAccount(database, username, options, operator());
        await warnOfSharedMobile(database, options);
      }, `${username} is changed`),
    );

  account
    .command('end-sessions [username]')
    .description('end the sessions of an account, or without a name of all accounts, as after restoring a backup')
    .action((username?: string) =>
      inDatabase(async (database) => {
        const ended = await endSessions(database, username, operator());
        console.log(`${ended} sessions are ended`);
      }),
    );

  return account;
}

async function warnOfSharedMobile(database: DataSource, { mobile }: AccountChanges): Promise<void> {
  if (!mobile || !(await isSharedMobile(database, mobile))) return;
  console.warn('another account has this mobile number: neither can sign in by it');
}
