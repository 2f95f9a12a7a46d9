import { Command, InvalidArgumentError } from 'commander';
import type { DataSource } from 'typeorm';
import { ADMIN, BENCH, PASSWORD } from './data/accounts';
import { fill, FillOptions, migrateEmpty, tableNames } from './data/fill';
import { DEFAULT_DATABASE, openDatabase } from './data/open';
import { startProgress } from './data/progress';
import { reasonOf } from '../src/base/operator-error';

async function main(): Promise<void> {
  const program = new Command('npm run bench:data --')
    .description('Fills an empty database with realistic rows of both families')
    .option('--relations <count>', 'relations of each family', wholeNumber, 1_000_000)
    .option('--seed <number>', 'the same seed gives the same rows', wholeNumber, 1)
    .option('--database <url>', 'as DATABASE_URL', DEFAULT_DATABASE)
    .parse();
  const options = program.opts<FillOptions & { database: string }>();
  const startedAt = performance.now();
  const dataSource = await openDatabase(options.database);
  try {
    await migrateEmpty(dataSource);
    const progress = startProgress(3 * options.relations);
    await fill(dataSource, options, progress.advance).finally(progress.stop);
    console.table(await rowsPerTable(dataSource));
    console.log(`${((performance.now() - startedAt) / 1000).toFixed(1)} s, ${await megabytes(dataSource)} MB`);
    console.log(
      `sign in as ${ADMIN.username} (is_super) or ${BENCH.username}, password ${PASSWORD}; uniacid 2, enterprise 1 is chosen`,
    );
  } finally {
    await dataSource.destroy();
  }
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('a whole number from 1 on is needed');
  return Number(text);
}

async function rowsPerTable(dataSource: DataSource): Promise<Record<string, { rows: number }>> {
  const counts: Record<string, { rows: number }> = {};
  for (const name of tableNames(dataSource)) {
    const sql = `SELECT COUNT(*) AS n FROM ${dataSource.driver.escape(name)}`;
    const [count] = await dataSource.query<{ n: number }[]>(sql);
    counts[name] = { rows: Number(count!.n) };
  }
  return counts;
}

/** The size of data and indexes. */
async function megabytes(dataSource: DataSource): Promise<number> {
  const sql =
    dataSource.options.type === 'better-sqlite3'
      ? 'SELECT page_count * page_size AS bytes FROM pragma_page_count(), pragma_page_size()'
      : 'SELECT SUM(data_length + index_length) AS bytes FROM information_schema.tables WHERE table_schema = DATABASE()';
  const [size] = await dataSource.query<{ bytes: number }[]>(sql);
  return Math.round(Number(size!.bytes) / 1e6);
}

main().catch((error: unknown) => {
  console.error(`bench:data: ${reasonOf(error)}`);
  process.exit(1);
});
