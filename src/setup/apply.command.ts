import { Command } from 'commander';
import type { InDatabase } from '../database/connect';

/** `apply`: brings the database to what a file says. */
export function applyCommand(inDatabase: InDatabase): Command {
  return new Command('apply')
    .description('bring accounts, enterprises, rights and customers to what a file says; what it does not name stays')
    .argument('<file>', 'YAML, as docs/setup-file.md describes it')
    .option('--dry-run', 'print what would change, and change nothing')
    .action(async (file: string, { dryRun = false }: { dryRun?: boolean }) => {
      const { setupBy } = await import('./apply.js'); // loads YAML, for which no other command should wait
      const apply = await setupBy(file, process.env);
      await inDatabase((database) => apply(database, dryRun));
    });
}
