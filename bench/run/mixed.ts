import { Random } from '../data/random';
import { Client, inParallel } from './client';
import type { RunningServer } from './contenders';
import { quantile } from './report';
import type { WireRequest, Workload } from './workload';

const CONNECTIONS = 32;
const PEAK_REQUESTS = 6_000;
const PACED_SECONDS = 10;
const WRITE_SHARE = 0.2;

/** What a server does with reads and writes at half the rate that it can bear. */
export interface MixedResult {
  peakPerSecond: number;
  perSecond: number;
  reads: { p50Ms: number; p99Ms: number };
  writes: { p50Ms: number; p99Ms: number };
}

/**
 * 80 % reads of both families, 20 % `add` and `edit`. Every request has its moment on the wall clock, and its time counts
 * from there: a server that stops for a while is charged with all who would have come meanwhile.
 */
export async function measureMixed(server: RunningServer, workload: Workload): Promise<MixedResult> {
  const random = new Random(11);
  const readKinds = ['get', 'get_list', 'get_customer_list', 'getList', 'getList owner'].map((name) =>
    workload.kind(name),
  );
  const nextRead = () => random.pick(readKinds).next();
  const nextWrite = () => (random.chance(0.5) ? workload.kind('add').next() : workload.edit());
  const client = new Client(server, CONNECTIONS);
  try {
    const next = () => (random.chance(WRITE_SHARE) ? nextWrite() : nextRead());
    await inParallel(PEAK_REQUESTS / 4, CONNECTIONS, () => client.send(next()));
    const startedAt = performance.now();
    await inParallel(PEAK_REQUESTS, CONNECTIONS, () => client.send(next()));
    const peakPerSecond = PEAK_REQUESTS / ((performance.now() - startedAt) / 1000);

    const perSecond = peakPerSecond / 2;
    const times: Record<'reads' | 'writes', number[]> = { reads: [], writes: [] };
    const timed = async (request: WireRequest, due: number, into: number[]) => {
      await client.send(request);
      into.push(performance.now() - due);
    };
    const pending: Promise<void>[] = [];
    const start = performance.now();
    for (let n = 0; n < perSecond * PACED_SECONDS; n++) {
      const due = start + (n / perSecond) * 1000;
      while (performance.now() < due) await new Promise((soon) => setImmediate(soon));
      const isWrite = random.chance(WRITE_SHARE);
      pending.push(timed(isWrite ? nextWrite() : nextRead(), due, isWrite ? times.writes : times.reads));
    }
    await Promise.all(pending);
    return { peakPerSecond, perSecond, reads: percentiles(times.reads), writes: percentiles(times.writes) };
  } finally {
    client.close();
  }
}

function percentiles(times: number[]) {
  return { p50Ms: quantile(times, 0.5), p99Ms: quantile(times, 0.99) };
}
