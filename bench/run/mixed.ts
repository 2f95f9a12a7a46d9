import { Random } from '../data/random';
import { Client, inParallel } from './client';
import type { RunningServer } from './contenders';
import { quantile } from './report';
import type { Kind, WireRequest, Workload } from './workload';

/** Connections of the client that sends a {@link Mix}. */
export const CONNECTIONS = 32;
const PEAK_REQUESTS = 6_000;
const PACED_SECONDS = 10;
const WRITE_SHARE = 0.2;

/** A mix of 80 % reads of both families and 20 % `add` and `edit`. */
export class Mix {
  private readonly random = new Random(11);
  private readonly readKinds: Kind[];

  constructor(private readonly workload: Workload) {
    const names = ['get', 'get_list', 'get_customer_list', 'getList', 'getList owner'];
    this.readKinds = names.map((name) => workload.kind(name));
  }

  next(): { isWrite: boolean; request: WireRequest } {
    const isWrite = this.random.chance(WRITE_SHARE);
    return { isWrite, request: isWrite ? this.write() : this.random.pick(this.readKinds).next() };
  }

  private write(): WireRequest {
    return this.random.chance(0.5) ? this.workload.kind('add').next() : this.workload.edit();
  }
}

/** Requests per second that a server answers to clients that never pause, after a warm-up of a quarter as many. */
export async function peakRate(client: Client, mix: Mix): Promise<number> {
  const send = () => client.send(mix.next().request);
  await inParallel(PEAK_REQUESTS / 4, CONNECTIONS, send);
  const startedAt = performance.now();
  await inParallel(PEAK_REQUESTS, CONNECTIONS, send);
  return PEAK_REQUESTS / ((performance.now() - startedAt) / 1000);
}

/** Latencies of reads and writes at half the peak rate. */
export interface MixedResult {
  peakPerSecond: number;
  perSecond: number;
  reads: { p50Ms: number; p99Ms: number };
  writes: { p50Ms: number; p99Ms: number };
}

/**
 * Sends a {@link Mix} at half the peak rate. Every request has its due time on the wall clock, and its latency counts
 * from there: a server that stalls is charged for all requests due meanwhile.
 */
export async function measureMixed(server: RunningServer, workload: Workload): Promise<MixedResult> {
  const mix = new Mix(workload);
  const client = new Client(server, CONNECTIONS);
  try {
    const peakPerSecond = await peakRate(client, mix);
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
      const { isWrite, request } = mix.next();
      pending.push(timed(request, due, isWrite ? times.writes : times.reads));
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
