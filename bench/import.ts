import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { DataSource } from 'typeorm';
import { OperatorError, reasonOf } from '../src/base/operator-error';
import { fillEnterprises, userTable } from './data/accounts';
import { ENTERPRISES } from './data/enterprises';
import { migrateEmpty } from './data/fill';
import { openDatabase } from './data/open';
import { FIRST_USER_ID, ImportFile, USERS, writeFiles } from './import/files';
import { runCommand } from './run/cli';
import type { Engine } from './run/contenders';
import { hasMariadb } from './run/mariadb';
import { NewDatabase, newDatabase } from './run/new-database';
import { cpuTime } from './run/processes';
import { conditions, table } from './run/report';

interface Options {
  quick?: boolean;
  rows: number;
  engine: Engine;
  out?: string;
}

const QUICK = { rows: 2_000 };
const COLUMNS = ['import', 'rows', 'seconds', 'rows/s', 'CPU µs', 'database CPU µs', 'peak RSS MB'];

async function main(): Promise<void> {
  const options = new Command('npm run bench:import --')
    .description('Measures a first and an unchanged import of files of each kind')
    .option('--quick', 'only check that the imports are complete, on every engine and with few rows')
    .option('--rows <count>', 'relations, and as many follows', wholeNumber, 100_000)
    .addOption(new Option('--engine <engine>').choices(['mariadb', 'sqlite']).default('mariadb'))
    .option('--out <file>', 'write the result there, too')
    .parse()
    .opts<Options>();
  if (options.quick) return quick();
  const result = await measure(options);
  console.log(result);
  if (options.out) writeFileSync(options.out, `${result}\n`);
}

async function quick(): Promise<void> {
  for (const engine of ['sqlite', 'mariadb'] as const) {
    if (engine === 'mariadb' && !hasMariadb()) console.log('mariadb: skipped, mariadbd is not installed');
    else console.log(`${engine}\n${await measure({ ...QUICK, engine })}`);
  }
}

async function measure({ engine, rows }: Options): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'customer-hub-bench-'));
  const database = await newDatabase(engine);
  try {
    const dataSource = await openDatabase(database.url);
    try {
      await prepare(dataSource);
      const lines: string[][] = [];
      for (const file of await writeFiles(directory, rows)) lines.push(...(await bothRuns(database, file)));
      return `${await conditions(dataSource, 'bench:import')}\n\n${table(COLUMNS, lines)}`;
    } finally {
      await dataSource.destroy();
    }
  } finally {
    await database.stop();
    rmSync(directory, { recursive: true });
  }
}

/** The accounts that follow, and the enterprises. */
async function prepare(dataSource: DataSource): Promise<void> {
  await migrateEmpty(dataSource);
  const users = await userTable(dataSource);
  for (let i = 0; i < USERS; i++) await users.add(FIRST_USER_ID + i);
  await users.table.flush();
  await fillEnterprises(dataSource);
}

/** A first import, and one that finds nothing changed. */
async function bothRuns(database: NewDatabase, file: ImportFile): Promise<string[][]> {
  return [await run(database, file, 'first', 'new'), await run(database, file, 'unchanged', 'equal')];
}

/** @throws OperatorError unless all rows have the outcome */
async function run(
  { url, pid }: NewDatabase,
  { kind, path, rows }: ImportFile,
  name: string,
  outcome: 'new' | 'equal',
): Promise<string[]> {
  const isOfEnterprise = kind !== 'customers' && kind !== 'relations';
  const words = [
    'import',
    'file',
    kind,
    path,
    '--apply',
    ...(isOfEnterprise ? ['--business', `${ENTERPRISES[0].id}`] : []),
  ];
  const before = pid && cpuTime(pid);
  const { report, seconds, cpuUs, peakMegabytes } = await runCommand(words, { DATABASE_URL: url });
  if ((report as Record<string, unknown>)[outcome] !== rows) {
    throw new OperatorError(`not all ${rows} ${kind} are ${outcome}: ${JSON.stringify(report)}`);
  }
  const databaseCpuUs = pid && (cpuTime(pid) - before!) / rows;
  return [
    `${kind}, ${name}`,
    String(rows),
    seconds.toFixed(1),
    (rows / seconds).toFixed(0),
    (cpuUs / rows).toFixed(0),
    databaseCpuUs?.toFixed(0) ?? '–',
    peakMegabytes.toFixed(0),
  ];
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('a whole number from 1 on is needed');
  return Number(text);
}

// A signal must not leave processes behind: `process.exit` still runs what is registered with `atExit`.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

main().catch((error: unknown) => {
  console.error(`bench:import: ${reasonOf(error)}`);
  process.exit(1);
});
