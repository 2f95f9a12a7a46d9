import { writeFileSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { DataSource } from 'typeorm';
import { OperatorError, reasonOf } from '../src/base/operator-error';
import { fill, migrateEmpty } from './data/fill';
import { openDatabase } from './data/open';
import { startProgress } from './data/progress';
import { compare } from './run/compare';
import { Engine, RunningServer, startAll } from './run/contenders';
import { differences } from './run/equality';
import { hasMariadb } from './run/mariadb';
import { measureMemory } from './run/memory';
import { measureMixed } from './run/mixed';
import { newDatabase } from './run/new-database';
import { comparisonTables, conditions, table } from './run/report';
import { cleanUp, Workload } from './run/workload';
import { assertWrk } from './run/wrk';

interface Options {
  quick?: boolean;
  mixed?: boolean;
  memory?: boolean;
  relations: number;
  engine: Engine;
  rounds: number;
  seconds: number;
  only?: string[];
  servers?: string[];
  database?: string;
  beside?: string;
  out?: string;
}

const QUICK_RELATIONS = 2_000;

/** Everything that runs during a measurement. */
interface Bench {
  servers: RunningServer[];
  workload: Workload;
  dataSource: DataSource;
}

async function main(): Promise<void> {
  const program = new Command('npm run bench --')
    .description('Measures the product against hand-written servers and the usual one, on one machine and in one run')
    .option('--quick', 'only compare the answers of all servers, on little data; needs no wrk')
    .option('--mixed', 'reads and writes at half the peak rate instead')
    .option('--memory', 'time to the first answer and memory instead')
    .option('--relations <count>', 'of each family', wholeNumber, 100_000)
    .addOption(new Option('--engine <engine>').choices(['mariadb', 'sqlite']).default('mariadb'))
    .option('--rounds <count>', 'of each server and kind of request', wholeNumber, 6)
    .option('--seconds <count>', 'of each round', wholeNumber, 2)
    .option('--only <kinds...>', 'measure only these kinds of requests: get add "getList tag"')
    .option('--servers <names...>', 'measure only these')
    .option('--database <url>', 'one that bench:data has filled, instead of a new one')
    .option('--beside <main.js>', 'also measure another build of the product, for before and after')
    .option('--out <file>', 'write the result there, too')
    .parse();
  const options = program.opts<Options>();
  if (options.quick) return quick();
  if (!options.mixed && !options.memory) assertWrk();
  const result = await withDatabase(options.engine, options, (bench) => measure(bench, options));
  console.log(result);
  if (options.out) writeFileSync(options.out, `${result}\n`);
}

/** Compares the answers on every engine available; sets the exit code. */
async function quick(): Promise<void> {
  for (const engine of ['sqlite', 'mariadb'] as const) {
    if (engine === 'mariadb' && !hasMariadb()) {
      console.log('mariadb: skipped, mariadbd is not installed');
      continue;
    }
    await withDatabase(engine, { relations: QUICK_RELATIONS }, async (bench) => {
      await assertEqual(bench);
      console.log(`${engine}: all servers answer alike`);
    });
  }
}

async function measure(bench: Bench, options: Options): Promise<string> {
  await assertEqual(bench);
  const { workload, dataSource } = bench;
  const servers = bench.servers.filter(({ name }) => options.servers?.includes(name) ?? true);
  const head = `${await conditions(dataSource, 'bench')}\n- relations of each family: ${await relations(dataSource)}\n`;
  if (options.mixed) return `${head}\n${await mixedTable(servers, workload)}`;
  if (options.memory) return `${head}\n${await memoryTable(servers, workload)}`;
  const { only } = options;
  const kinds = workload.kinds.filter(({ name }) => only?.includes(name) ?? true);
  const series = await compare(servers, kinds, options, (line) => console.error(line));
  return `${head}- ${options.rounds} rounds of ${options.seconds} s\n\n${comparisonTables(series)}`;
}

/** @throws OperatorError that shows the differences */
async function assertEqual({ servers, workload, dataSource }: Bench): Promise<void> {
  const found = await differences(servers, workload, dataSource);
  if (found.length > 0) throw new OperatorError(`answers differ\n${found.join('\n')}`);
}

async function mixedTable(servers: RunningServer[], workload: Workload): Promise<string> {
  const rows: string[][] = [];
  for (const server of servers.filter(({ contender }) => contender.program.startsWith('src/'))) {
    const { peakPerSecond, perSecond, reads, writes } = await measureMixed(server, workload);
    const figures = [peakPerSecond, perSecond, reads.p50Ms, reads.p99Ms, writes.p50Ms, writes.p99Ms];
    rows.push([server.name, ...figures.map((figure) => figure.toFixed(figure < 100 ? 1 : 0))]);
  }
  return table(['server', 'peak req/s', 'paced req/s', 'reads p50 ms', 'p99 ms', 'writes p50 ms', 'p99 ms'], rows);
}

async function memoryTable(servers: RunningServer[], workload: Workload): Promise<string> {
  const rows: string[][] = [];
  for (const server of servers) {
    const { startedInMs, atStart, afterRequests } = await measureMemory(server, workload);
    rows.push([server.name, startedInMs.toFixed(0), atStart.toFixed(0), afterRequests.toFixed(0)]);
  }
  return table(['server', 'first answer ms', 'RSS at start MB', 'RSS after 100,000 requests MB'], rows);
}

async function relations(dataSource: DataSource): Promise<number> {
  const [{ n }] = await dataSource.query<[{ n: number }]>('SELECT COUNT(*) AS n FROM wechat_follow');
  return Number(n);
}

/** Runs `work` with all servers of an engine on a filled database, and stops everything afterwards. */
async function withDatabase<Result>(
  engine: Engine,
  { database, relations, beside }: Pick<Options, 'database' | 'relations' | 'beside'>,
  work: (bench: Bench) => Promise<Result>,
): Promise<Result> {
  const used = database ? { url: database, stop: async () => undefined } : await newDatabase(engine);
  try {
    const dataSource = await openDatabase(used.url);
    try {
      if (!database) {
        await migrateEmpty(dataSource);
        const progress = startProgress(3 * relations);
        await fill(dataSource, { relations, seed: 1 }, progress.advance).finally(progress.stop);
      }
      const workload = await Workload.prepare(dataSource);
      const servers = await startAll(engine, used.url, beside);
      try {
        return await work({ servers, workload, dataSource });
      } finally {
        await Promise.all(servers.map((server) => server.stop()));
        await cleanUp(dataSource);
      }
    } finally {
      await dataSource.destroy();
    }
  } finally {
    await used.stop();
  }
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('a whole number from 1 on is needed');
  return Number(text);
}

// A signal must not leave servers behind: `process.exit` still runs what is registered with `atExit`.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

main().catch((error: unknown) => {
  console.error(`bench: ${reasonOf(error)}`);
  process.exit(1);
});
