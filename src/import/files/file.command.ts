import { extname } from 'node:path';
import { Argument, Command, Option } from 'commander';
import type { DataSource } from 'typeorm';
import { positiveNumber } from '../../base/command-arguments';
import { OperatorError } from '../../base/operator-error';
import type { InDatabase } from '../../database/connect';
import { tenantOf } from '../../enterprise/enterprises';
import { assertChosen, carryOut, CommonOptions, finish, withCommonOptions } from '../common-options';
import { KIND_NAMES, KindName } from '../kind-names';
import type { Format } from './file-source';
import { Encoding, ENCODINGS } from './scan';

interface FileOptions extends CommonOptions {
  business?: number;
  encoding?: Encoding;
  format?: Format;
}

/** `import file`: a CSV or JSON Lines file. */
export function importFileCommand(inDatabase: InDatabase): Command {
  const command = new Command('file')
    .description('rows of a CSV or JSON Lines file, with names in Chinese or as on the wire')
    .addArgument(new Argument('<kind>').choices(KIND_NAMES))
    .argument('<path>')
    .option('--business <business_id>', 'the enterprise, of tags, employees and follows', positiveNumber)
    .addOption(new Option('--encoding <encoding>', 'found by reading the file').choices(ENCODINGS))
    .addOption(new Option('--format <format>', 'told by the ending of the name').choices(['csv', 'jsonl']));
  return withCommonOptions(command).action(async (kind: KindName, path: string, options: FileOptions) => {
    assertChosen(options);
    await inDatabase((database) => importFile(database, kind, path, options));
  });
}

async function importFile(database: DataSource, kind: KindName, path: string, options: FileOptions): Promise<void> {
  // Only here, as they load what is needed to read and write rows: other commands start at once.
  const { FileSource } = await import('./file-source.js');
  const { fieldsOf } = await import('../registry.js');
  const tenant = options.business === undefined ? undefined : await tenantOf(database, options.business);
  const source = await FileSource.open(path, fieldsOf(kind), formatOf(path, options), options.encoding);
  finish(await carryOut(database, kind, source, options, { tenant }));
}

function formatOf(path: string, { format }: FileOptions): Format {
  if (format) return format;
  const ending = extname(path).toLowerCase();
  if (ending === '.csv') return 'csv';
  if (ending === '.jsonl' || ending === '.ndjson') return 'jsonl';
  throw new OperatorError('the name tells no format: say --format csv or --format jsonl');
}
