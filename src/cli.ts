import { existsSync } from 'node:fs';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { DataSource } from 'typeorm';
import { addAccount, changeAccount, listAccounts, setPassword } from './auth/accounts';
import { AuditFilter, auditLines, pruneAudit } from './user-customer/audit/audit-log';
import { backup } from './database/sqlite/backup';
import { putCustomer } from './user-customer/customers';
import { addEnterprise, grant, IDENTITIES, listEnterprises, revoke, setRunning } from './enterprise/rights';
import { migrate } from './schema/migrate';
import { readSecret } from './base/secret-input';
import { readEnv } from './config/env';
import { fillDemoData } from './schema/demo';
import { connect } from './database/connect';
import { dataSourceOptions } from './schema/data-source';
import { inTransaction } from './database/transaction';
import { assertMigrated } from './start/start-checks';
import { endOf, startOf } from './user-customer/time-range';
import { rebuildFollowIndex } from './wechat-customers/search-index/rebuild';
import { endAtOnceOnSignals } from './operations/signals';
import { reasonOf } from './base/operator-error';
import { version } from './base/version';

const program = new Command(process.env.npm_lifecycle_event === 'cli' ? 'npm run cli --' : 'node dist/src/cli.js')
  .description('Accounts, rights, tables and data of customer-hub')
  .version(version());

const databaseOptions = () => dataSourceOptions(readEnv(process.env));

program
  .command('migrate')
  .description('create the tables or bring them up to date; safe to run from several machines at once')
  .action(async () => {
    await migrate(databaseOptions(), (name) => console.log(`migrated: ${name}`));
    console.log('the tables are up to date');
  });

program
  .command('backup <file>')
  .description('copy the SQLite database to a new file, while the product is running or not')
  .action(async (file: string) => {
    await backup(databaseOptions(), file);
    console.log(`${file} is a whole copy`);
  });

program
  .command('demo')
  .description('fill the demo data into a migrated database without accounts (its passwords are public!)')
  .action(() => inDatabase(fillDemoData, 'demo data filled in; its passwords are in the README'));

const account = program.command('account').description('who may sign in');

account
  .command('list')
  .description('all accounts')
  .action(() => inDatabase(async (database) => console.table(await listAccounts(database))));

account
  .command('add <username>')
  .description('create an account; the password is asked for, or read from standard input')
  .option('--id <user_id>', 'its user_id; without it the next free one', wholeNumber)
  .option('--super', 'may act for every user (is_super)')
  .option('--email <address>')
  .option('--mobile <number>')
  .action(async (username: string, options: { id?: number; super?: boolean; email?: string; mobile?: string }) => {
    const password = await readSecret('password');
    await inDatabase(async (database) =>
      console.log(`user_id ${await addAccount(database, username, password, options)}`),
    );
  });

account
  .command('password <username>')
  .description('set a new password, asked for or read from standard input; ends all sessions')
  .action(async (username: string) => {
    const password = await readSecret('new password');
    await inDatabase(
      (database) => setPassword(database, username, password),
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
  .option('--email <address>')
  .option('--mobile <number>')
  .action((username: string, options: { super?: boolean; open?: boolean; email?: string; mobile?: string }) =>
    inDatabase((database) => changeAccount(database, username, options), `${username} is changed`),
  );

const enterprise = program.command('enterprise').description('enterprises of family B');

enterprise.command('list').action(() => inDatabase(async (database) => console.table(await listEnterprises(database))));

enterprise
  .command('add <id> <name>')
  .requiredOption('--uniacid <uniacid>', 'the official account it belongs to', wholeNumber)
  .action((id: string, name: string, { uniacid }: { uniacid: number }) =>
    inDatabase((database) => addEnterprise(database, wholeNumber(id), uniacid, name), `enterprise ${id} is created`),
  );

enterprise
  .command('stop <id>')
  .description('nobody may manage it from the next request on')
  .action((id: string) =>
    inDatabase((database) => setRunning(database, wholeNumber(id), false), `enterprise ${id} is stopped`),
  );

enterprise
  .command('start <id>')
  .action((id: string) =>
    inDatabase((database) => setRunning(database, wholeNumber(id), true), `enterprise ${id} runs`),
  );

const right = program.command('right').description('who may manage which enterprise');

right
  .command('grant <username> <enterprise>')
  .addOption(
    new Option('--identity <identity>')
      .choices(Object.keys(IDENTITIES))
      .default('staff' satisfies keyof typeof IDENTITIES),
  )
  .action((username: string, id: string, { identity }: { identity: keyof typeof IDENTITIES }) =>
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

program
  .command('customer <id>')
  .description('create a customer of family A or change it; its code is asked for, or read from standard input')
  .option('--name <name>')
  .action(async (id: string, { name }: { name?: string }) => {
    const secret = await readSecret('code');
    await inDatabase(
      (database) => putCustomer(database, wholeNumber(id), secret, name),
      `customer ${id} has this code now`,
    );
  });

program
  .command('audit')
  .description('who changed which relation of family A, and what it was before: a line of JSON for each change')
  .option('--user <user_id>', 'relations of this user', wholeNumber)
  .option('--customer <customer_id>', 'relations with this customer', wholeNumber)
  .option('--from <time>', 'from this day or time on, 2026-11-22 or "2026-11-22 16:30:00" (UTC+8)', time(startOf))
  .option('--to <time>', 'up to this day or time, included', time(endOf))
  .action((filter: AuditFilter) =>
    inDatabase(async (database) => {
      for await (const line of auditLines(database, filter)) console.log(line);
    }),
  );

program
  .command('prune-audit <day>')
  .description('delete the changes before this day (UTC+8) from the audit log, for good; export them first')
  .action((day: string) =>
    inDatabase(async (database) => console.log(`${await pruneAudit(database, time(startOf)(day))} changes deleted`)),
  );

program
  .command('reindex')
  .description('after rows of family B were changed by SQL: derive search terms and counters anew, in one transaction')
  .action(() =>
    inDatabase(async (database) => {
      let relations = 0;
      await inTransaction(database, (manager) => {
        relations = 0;
        return rebuildFollowIndex(manager, (done) => (relations += done));
      });
      console.log(`${relations} relations indexed`);
    }),
  );

/** @param read as the lists of family A read their times */
function time(read: (text: string) => string): (text: string) => string {
  return (text) => {
    try {
      return read(text);
    } catch {
      throw new InvalidArgumentError('a day or a time is needed: 2026-11-22 or "2026-11-22 16:30:00"');
    }
  };
}

function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('a whole number is needed');
  return Number(text);
}

/** @param done printed when the work is done */
async function inDatabase(work: (database: DataSource) => Promise<void>, done?: string): Promise<void> {
  const database = await connect(databaseOptions());
  try {
    await assertMigrated(database);
    await work(database);
    if (done) console.log(done);
  } finally {
    await database.destroy();
  }
}

endAtOnceOnSignals(1);
process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
  console.error(`customer-hub: standard output takes no more (${code})`);
  process.exit(1);
});
if (existsSync('.env')) process.loadEnvFile('.env');
program.parseAsync().catch((error: unknown) => {
  console.error(`customer-hub: ${error instanceof CommanderError ? error.message : reasonOf(error)}`);
  process.exit(1);
});
