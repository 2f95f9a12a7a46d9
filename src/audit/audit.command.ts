import { Command, InvalidArgumentError, Option } from 'commander';
import { wholeNumber } from '../base/command-arguments';
import type { InDatabase } from '../database/connect';
import { endOf, startOf } from '../http/input/time-range';
import { AuditFilter, auditLines } from './audit-log';
import { KINDS } from './note';
import { pruneAudit } from './prune';

export function auditCommand(inDatabase: InDatabase): Command {
  return new Command('audit')
    .description('who signed in, and who changed what and what it was before: a line of JSON for each entry')
    .addOption(new Option('--kind <kind>', 'entries about this').choices(KINDS))
    .option('--actor <user_id>', 'by this user, or with "command" by commands', actor)
    .option('--user <user_id>', 'about this user, or relations of it', wholeNumber)
    .option('--customer <customer_id>', 'about this customer of family A, or relations with it', wholeNumber)
    .option('--enterprise <id>', 'about this enterprise, rights to it and its choice', wholeNumber)
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
    .description('delete the entries before this day (UTC+8) from the audit log, for good; export them first')
    .action((day: string) =>
      inDatabase(async (database) => console.log(`${await pruneAudit(database, time(startOf)(day))} entries deleted`)),
    );
}

function actor(text: string): 'command' | number {
  if (text === 'command') return text;
  try {
    return wholeNumber(text);
  } catch {
    throw new InvalidArgumentError('a whole number is needed, or "command"');
  }
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
