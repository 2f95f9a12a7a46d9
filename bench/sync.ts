import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { DataSource } from 'typeorm';
import { reasonOf } from '../src/base/operator-error';
import { migrateEmpty } from './data/fill';
import { openDatabase } from './data/open';
import { Engine, PRODUCT, RunningServer } from './run/contenders';
import { hasMariadb } from './run/mariadb';
import { NewDatabase, newDatabase } from './run/new-database';
import { conditions, table } from './run/report';
import { SyncCommand, SyncResult } from './sync/command';
import { prepareEnterprise } from './sync/enterprise';
import { LightLoad } from './sync/light-load';
import { CorpSize, SimulatorProcess } from './sync/simulator';

interface Options extends CorpSize {
  quick?: boolean;
  latency: number[];
  engine: Engine;
  idleSeconds: number;
  profile?: string;
  out?: string;
}

const QUICK = { follows: 3_000, employees: 20, tags: 30, latency: [2], idleSeconds: 1 };

const COLUMNS = [
  'run',
  'follows/s',
  'seconds',
  'waiting',
  'CPU µs',
  'database CPU µs',
  'peak RSS MB',
  'getList p95 ms',
  '÷ idle',
];

async function main(): Promise<void> {
  const options = new Command('npm run bench:sync --')
    .description('Measures a first and an unchanged sync from the WeCom simulator, and getList meanwhile')
    .option('--quick', 'only check that the runs are complete, on every engine and with few follows')
    .option('--follows <count>', 'of the simulated corp', wholeNumber, 100_000)
    .option('--employees <count>', 'of the simulated corp', wholeNumber, 300)
    .option('--tags <count>', 'of the simulated corp', wholeNumber, 300)
    .option('--latency <ms...>', 'after which the simulator answers: two runs for each', addNumber, [20, 200])
    .addOption(new Option('--engine <engine>').choices(['mariadb', 'sqlite']).default('mariadb'))
    .option('--idle-seconds <count>', 'of getList without a run', wholeNumber, 15)
    .option('--profile <directory>', 'write a CPU profile of each run there')
    .option('--out <file>', 'write the result there, too')
    .parse()
    .opts<Options>();
  if (options.quick) return quick(options);
  const result = await measure(options);
  console.log(result);
  if (options.out) writeFileSync(options.out, `${result}\n`);
}

/** Two runs of few follows on every engine available. */
async function quick(options: Options): Promise<void> {
  for (const engine of ['sqlite', 'mariadb'] as const) {
    if (engine === 'mariadb' && !hasMariadb()) {
      console.log('mariadb: skipped, mariadbd is not installed');
      continue;
    }
    console.log(`${engine}\n${await measure({ ...options, ...QUICK, engine })}`);
  }
}

/** Measures with each latency on a database of its own. */
async function measure(options: Options): Promise<string> {
  const { engine, latency, follows, employees, tags } = options;
  const rows: string[][] = [];
  let head = '';
  for (const latencyMs of latency) {
    const database = await newDatabase(engine);
    try {
      const dataSource = await openDatabase(database.url);
      try {
        await migrateEmpty(dataSource);
        rows.push(...(await bothRuns(dataSource, database, latencyMs, options)));
        head = await conditions(dataSource, 'bench:sync');
      } finally {
        await dataSource.destroy();
      }
    } finally {
      await database.stop();
    }
  }
  return `${head}\n- ${follows} follows, ${employees} employees, ${tags} tags\n\n${table(COLUMNS, rows)}`;
}

/** A first run and one that finds nothing changed; between them, getList of all follows without a run. */
async function bothRuns(
  dataSource: DataSource,
  database: NewDatabase,
  latencyMs: number,
  { profile, idleSeconds, ...size }: Options,
): Promise<string[][]> {
  const simulator = await SimulatorProcess.start(size);
  try {
    const { settings, request } = await prepareEnterprise(dataSource, database.url, simulator);
    const server = await RunningServer.start(
      { ...PRODUCT, settings: { ...PRODUCT.settings, ...settings } },
      database.url,
    );
    const load = new LightLoad(server, request);
    try {
      await simulator.answerAfter(latencyMs);
      const profileOf = (run: string) => profile && resolve(profile, `${run}-${latencyMs}ms`);
      const command = new SyncCommand(database, settings, simulator, size.follows);
      const first = await load.during(() => command.run('first', profileOf('first')));
      const idle = await load.during(() => sleep(idleSeconds * 1000));
      const unchanged = await load.during(() => command.run('unchanged', profileOf('unchanged')));
      return [
        row(`first, ${latencyMs} ms`, first.result, first.p95Ms, idle.p95Ms),
        row(`unchanged, ${latencyMs} ms`, unchanged.result, unchanged.p95Ms, idle.p95Ms),
      ];
    } finally {
      load.close();
      await server.stop();
    }
  } finally {
    await simulator.stop();
  }
}

function row(name: string, run: SyncResult, p95Ms: number, idleP95Ms: number): string[] {
  return [
    name,
    run.followsPerSecond.toFixed(0),
    run.seconds.toFixed(1),
    `${(run.waitingShare * 100).toFixed(0)} %`,
    run.cpuUs.toFixed(0),
    run.databaseCpuUs?.toFixed(0) ?? '–',
    run.peakMegabytes.toFixed(0),
    p95Ms.toFixed(1),
    (p95Ms / idleP95Ms).toFixed(1),
  ];
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('a whole number from 1 on is needed');
  return Number(text);
}

/** The first number given takes the place of the defaults, which commander hands in as what was given before. */
let given: number[] | undefined;
function addNumber(text: string): number[] {
  given = [...(given ?? []), wholeNumber(text)];
  return given;
}

// A signal must not leave processes behind: `process.exit` still runs what is registered with `atExit`.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

main().catch((error: unknown) => {
  console.error(`bench:sync: ${reasonOf(error)}`);
  process.exit(1);
});
