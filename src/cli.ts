import { Command, CommanderError } from 'commander';
import { accountCommand } from './auth/accounts.command';
import { reasonOf } from './base/operator-error';
import { version } from './base/version';
import { loadEnvFile } from './config/env-file';
import { backupCommand } from './database/sqlite/backup.command';
import { enterpriseCommand } from './enterprise/enterprises.command';
import { rightCommand } from './enterprise/rights.command';
import { endAtOnceOnSignals, endWithoutOutput } from './operations/signals';
import { demoCommand } from './schema/demo/demo.command';
import { migrateCommand } from './schema/migrate.command';
import { inDatabase } from './start/in-database';
import { auditCommand, pruneAuditCommand } from './user-customer/audit/audit.command';
import { customerCommand } from './user-customer/customers/customers.command';
import { bindCommand } from './wechat-customers/bind.command';
import { reindexCommand } from './wechat-customers/search-index/reindex.command';

const program = new Command(process.env.npm_lifecycle_event === 'cli' ? 'npm run cli --' : 'node dist/src/cli.js')
  .description('Accounts, rights, tables and data of customer-hub')
  .version(version())
  .hook('preAction', () => loadEnvFile())
  .addCommand(migrateCommand())
  .addCommand(backupCommand())
  .addCommand(demoCommand(inDatabase))
  .addCommand(accountCommand(inDatabase))
  .addCommand(enterpriseCommand(inDatabase))
  .addCommand(rightCommand(inDatabase).addCommand(bindCommand(inDatabase)))
  .addCommand(customerCommand(inDatabase))
  .addCommand(auditCommand(inDatabase))
  .addCommand(pruneAuditCommand(inDatabase))
  .addCommand(reindexCommand(inDatabase));

endAtOnceOnSignals(1);
endWithoutOutput();
program.parseAsync().catch((error: unknown) => {
  console.error(`customer-hub: ${error instanceof CommanderError ? error.message : reasonOf(error)}`);
  process.exit(1);
});
