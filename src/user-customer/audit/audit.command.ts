import { Command, InvalidArgumentError } from 'commander';
import { wholeNumber } from '../../base/command-arguments';
import type { InDatabase } from '../../database/connect';
import { endOf, startOf } from '../list/time-range';
import { AuditFilter, auditLines, pruneAudit } from './audit-log';

export function auditCommand(inDatabase: InDatabase): Command {
  return new Command('audit')
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
}

export function pruneAuditCommand(inDatabase: InDatabase): Command {
  return new Command('prune-audit')
    .argument('<day>')
    .description('delete the changes before this day (UTC+8) from the audit log, for good; export them first')
    .action((day: string) =>
      inDatabase(async (database) => console.log(`${await pruneAudit(database, time(startOf)(day))} changes deleted`)),
    );
}

/** Parses a day or a time given on the command line. @param read the parser of family A's lists */
function time(read: (text: string) => string): (text: string) => string {
  return (text) => {
    try {
      return read(text);
    } catch {
      throw new InvalidArgumentError('a day or a time is needed: 2026-11-22 or "2026-11-22 16:30:00"');
    }
  };
}
