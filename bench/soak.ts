import { Command, InvalidArgumentError } from 'commander';
import { OperatorError, reasonOf } from '../src/base/operator-error';
import { fill, migrateEmpty } from './data/fill';
import { openDatabase } from './data/open';
import { PRODUCT, RunningServer } from './run/contenders';
import { startMariadb } from './run/mariadb';
import { conditions, table } from './run/report';
import { soak } from './run/soak';
import { cleanUp, Workload } from './run/workload';

const BAR_MEGABYTES_PER_MINUTE = 1;

interface Options {
  minutes: number;
  warmUp: number;
  load: number;
  relations: number;
}

/** Loads the built program on its own MariaDB for a long time: does its memory grow, does any request fail? */
async function main(): Promise<void> {
  const options = new Command('npm run soak --')
    .description(
      'Loads the product steadily for a long time and watches its memory; ends with 1 when it grows or fails',
    )
    .option('--minutes <count>', 'how long, with the warm-up', positive, 20)
    .option('--warm-up <minutes>', 'after which memory and times count', positive, 3)
    .option('--load <percent>', 'of the rate that it can bear', positive, 60)
    .option('--relations <count>', 'of each family', positive, 20_000)
    .parse()
    .opts<Options>();
  if (options.warmUp >= options.minutes) throw new OperatorError('--warm-up must be less than --minutes');
  const mariadb = await startMariadb();
  try {
    const dataSource = await openDatabase(mariadb.url);
    try {
      await migrateEmpty(dataSource);
      await fill(dataSource, { relations: options.relations, seed: 1 });
      const workload = await Workload.prepare(dataSource);
      const server = await RunningServer.start(PRODUCT, mariadb.url);
      try {
        await watch(server, workload, options);
      } finally {
        await server.stop();
      }
      console.log(await conditions(dataSource, 'soak'));
      await cleanUp(dataSource);
    } finally {
      await dataSource.destroy();
    }
  } finally {
    await mariadb.stop();
  }
}

/** Prints every ten seconds and the result; sets the exit code. */
async function watch(server: RunningServer, workload: Workload, options: Options): Promise<void> {
  const { minutes, warmUp: warmUpMinutes, load } = options;
  const found = await soak(server, workload, { minutes, warmUpMinutes, share: load / 100 }, (window) => {
    const { minute, megabytes, requests, p50Ms, p99Ms, errors } = window;
    const times = `p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms`;
    console.log(
      `${minute.toFixed(1)} min: RSS ${megabytes.toFixed(1)} MB, ${requests} requests, ${times}, ${errors} errors`,
    );
  });
  const rows = [
    ['requests/s at the peak', found.peakPerSecond.toFixed(0)],
    ['requests/s sent', found.perSecond.toFixed(0)],
    ['requests after the warm-up', String(found.requests)],
    ['errors', String(found.errors)],
    ['p50 ms', found.p50Ms.toFixed(1)],
    ['p99 ms', found.p99Ms.toFixed(1)],
    ['RSS MB after the warm-up', found.megabytesAtFirst.toFixed(1)],
    ['RSS MB at the end', found.megabytes.toFixed(1)],
    [`slope MB/min (bar: below ${BAR_MEGABYTES_PER_MINUTE})`, found.megabytesPerMinute.toFixed(2)],
  ];
  console.log(`\n${table([`${minutes} minutes, ${warmUpMinutes} of them warm-up`, ''], rows)}\n`);
  for (const [reason, times] of found.reasons) console.log(`${times} × ${reason}`);
  if (found.megabytesPerMinute >= BAR_MEGABYTES_PER_MINUTE || found.reasons.size > 0) process.exitCode = 1;
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('a number above 0 is needed');
  return value;
}

// A signal must not leave servers behind: `process.exit` still runs what is registered with `atExit`.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

main().catch((error: unknown) => {
  console.error(`soak: ${reasonOf(error)}`);
  process.exit(1);
});
