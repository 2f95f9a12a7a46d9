import './base/compile-cache'; // first: what is imported after it is kept compiled
import { Command, CommanderError } from 'commander';
import { auditCommand, pruneAuditCommand } from './audit/audit.command';
import { accountCommand } from './auth/accounts.command';
import { assertUtf8 } from './base/command-arguments';
import { reasonOf } from './base/operator-error';
import { version } from './base/version';
import { compareCommand } from './compare/compare.command';
import { loadEnvFile } from './config/env-file';
import { backupCommand } from './database/sqlite/backup.command';
import { enterpriseCommand } from './enterprise/enterprises.command';
import { rightCommand } from './enterprise/rights.command';
import { importCommand } from './import/import.command';
import { endAtOnceOnSignals } from './operations/signals';
import { demandWholeOutput } from './operations/whole-output';
import { demoCommand } from './schema/demo/demo.command';
import { migrateCommand } from './schema/migrate.command';
import { applyCommand } from './setup/apply.command';
import { inDatabase } from './start/in-database';
import { customerCommand } from './user-customer/customers/customers.command';
import { bindCommand } from './wechat-customers/bind.command';
import { reindexCommand } from './wechat-customers/search-index/reindex.command';
import { wecomCommand } from './wecom/wecom.command';

const program = new Command(process.env.npm_lifecycle_event === 'cli' ? 'npm run cli --' : 'node dist/src/cli.js')
  .description('Accounts, rights, tables and data of customer-hub')
  .version(version())
  .hook('preAction', () => {
    assertUtf8(process.argv);
    loadEnvFile();
  })
  .addCommand(migrateCommand())
  .addCommand(backupCommand())
  .addCommand(demoCommand(inDatabase))
  .addCommand(applyCommand(inDatabase))
  .addCommand(accountCommand(inDatabase))
  .addCommand(enterpriseCommand(inDatabase))
  .addCommand(rightCommand(inDatabase).addCommand(bindCommand(inDatabase)))
  .addCommand(customerCommand(inDatabase))
  .addCommand(wecomCommand(inDatabase))
  .addCommand(importCommand(inDatabase))
  .addCommand(compareCommand())
  .addCommand(auditCommand(inDatabase))
  .addCommand(pruneAuditCommand(inDatabase))
  .addCommand(reindexCommand(inDatabase));

endAtOnceOnSignals(1);
demandWholeOutput();
program.parseAsync().catch((error: unknown) => {
  console.error(`customer-hub: ${error instanceof CommanderError ? error.message : reasonOf(error)}`);
  process.exit(1);
});
