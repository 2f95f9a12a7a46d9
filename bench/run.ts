import { writeFileSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { DataSource } from 'typeorm';
import { OperatorError, reasonOf } from '../src/base/operator-error';
import { fill, migrateEmpty } from './data/fill';
import { openDatabase } from './data/open';
import { startProgress } from './data/progress';
import { compare } from './run/compare';
import { Contender, contendersOf, Engine, PRODUCT, RunningServer, startAll, Variants } from './run/contenders';
import { commitCounts, committedCounts, Counts, exceeding } from './run/counts';
import { differences } from './run/equality';
import { hasMariadb } from './run/mariadb';
import { measureMemory } from './run/memory';
import { meterOf } from './run/meter';
import { measureMixed } from './run/mixed';
import { newDatabase } from './run/new-database';
import { comparisonTables, conditions, table } from './run/report';
import { countWork } from './run/work';
import { cleanUp, Workload } from './run/workload';
import { assertWrk } from './run/wrk';

interface Options extends Variants {
  quick?: boolean;
  writeCounts?: boolean;
  mixed?: boolean;
  memory?: boolean;
  relations: number;
  engine: Engine;
  rounds: number;
  seconds: number;
  only?: string[];
  servers?: string[];
  database?: string;
  out?: string;
}

const QUICK_RELATIONS = 2_000;

/** A filled database. */
interface Filled {
  url: string;
  dataSource: DataSource;
}

/** Everything that runs during a measurement. */
interface Bench {
  servers: RunningServer[];
  workload: Workload;
  dataSource: DataSource;
}

async function main(): Promise<void> {
  const program = new Command('npm run bench --')
    .description('Measures the product against hand-written servers and the usual one, on one machine and in one run')
    .option(
      '--quick',
      'only compare the answers of all servers and count the work of requests, on little data; needs no wrk',
    )
    .option('--write-counts', 'as --quick, but write what was counted to bench/run/counts.json instead of comparing it')
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
    .option('--node <path>', 'the Node that runs the product')
    .option('--node-options <options>', 'NODE_OPTIONS of the product')
    .option('--out <file>', 'write the result there, too')
    .parse();
  const options = program.opts<Options>();
  if (options.quick || options.writeCounts) return quick(options);
  if (!options.mixed && !options.memory) assertWrk();
  const { engine } = options;
  const result = await withDatabase(engine, options, (filled) =>
    withServers(contendersOf(engine, options), filled, (bench) => measure(bench, options)),
  );
  console.log(result);
  if (options.out) writeFileSync(options.out, `${result}\n`);
}

/** Compares the answers and counts the work of requests on every engine available. */
async function quick({ writeCounts }: Options): Promise<void> {
  for (const engine of ['sqlite', 'mariadb'] as const) {
    if (engine === 'mariadb' && !hasMariadb()) {
      console.log('mariadb: skipped, mariadbd is not installed');
      continue;
    }
    await withDatabase(engine, { relations: QUICK_RELATIONS }, async (filled) => {
      await withServers(contendersOf(engine), filled, assertEqual);
      console.log(`${engine}: all servers answer alike`);
      const counts = await countsOf(engine, filled);
      if (writeCounts) commitCounts(engine, counts);
      else assertNoMore(engine, counts);
    });
  }
}

/** The work of the product's requests, while nothing else runs. */
async function countsOf(engine: Engine, filled: Filled): Promise<Counts> {
  const meter = meterOf(engine, filled.dataSource);
  const product = { ...PRODUCT, settings: { ...PRODUCT.settings, ...meter.settings } };
  try {
    return await withServers([product], filled, ({ servers, workload }) => countWork(servers[0]!, workload, meter));
  } finally {
    meter.remove();
  }
}

/** @throws OperatorError naming the requests that need more than was committed */
function assertNoMore(engine: Engine, counts: Counts): void {
  const committed = committedCounts(engine);
  const more = exceeding(counts, committed);
  if (more.length > 0) {
    throw new OperatorError(`${engine}: more work than committed; --write-counts if meant\n${more.join('\n')}`);
  }
  const less = exceeding(committed, counts);
  console.log(`${engine}: no request needs more statements or bytes than committed`);
  if (less.length > 0) console.log(`committed, but less is needed; --write-counts corrects it\n${less.join('\n')}`);
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

/** Runs `work` on a filled database, and removes it afterwards unless it was there before. */
async function withDatabase<Result>(
  engine: Engine,
  { database, relations }: Pick<Options, 'database' | 'relations'>,
  work: (filled: Filled) => Promise<Result>,
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
      return await work({ url: used.url, dataSource });
    } finally {
      await dataSource.destroy();
    }
  } finally {
    await used.stop();
  }
}

/** Runs `work` with servers on a filled database, stops them and deletes what they left behind. */
async function withServers<Result>(
  contenders: Contender[],
  { url, dataSource }: Filled,
  work: (bench: Bench) => Promise<Result>,
): Promise<Result> {
  const workload = await Workload.prepare(dataSource); // before the servers, some of which read the sessions at their start
  const servers = await startAll(contenders, url);
  try {
    return await work({ servers, workload, dataSource });
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
    await cleanUp(dataSource);
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
