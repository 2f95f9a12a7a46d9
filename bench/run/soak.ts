import { createHistogram, RecordableHistogram } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { BENCH, PASSWORD } from '../data/accounts';
import { Client } from './client';
import type { RunningServer } from './contenders';
import { CONNECTIONS, Mix, peakRate } from './mixed';
import { residentMegabytes } from './processes';
import type { Workload } from './workload';

const WINDOW_SECONDS = 10;
/** One request in 500 is a visit: sign in, renew the token, sign out. */
const VISIT_EVERY = 500;
/** Above this many requests under way the server no longer keeps up: further ones are errors, not a longer queue. */
const MAX_UNDER_WAY = 5_000;

interface SoakOptions {
  minutes: number;
  /** Time not counted, in which the heap still grows to its size. */
  warmUpMinutes: number;
  /** The rate as a share of the peak rate. */
  share: number;
}

/** The figures of ten seconds. */
interface Window {
  /** Minutes from the beginning to the end of the window. */
  minute: number;
  megabytes: number;
  requests: number;
  p50Ms: number;
  p99Ms: number;
  errors: number;
}

/** The figures of a server under load for a long time; all but the peak cover the time after the warm-up. */
interface SoakResult extends Window {
  peakPerSecond: number;
  perSecond: number;
  megabytesAtFirst: number;
  /** The slope by linear regression. */
  megabytesPerMinute: number;
  /** The number of times each error occurred, from the beginning. */
  reasons: Map<string, number>;
}

/** Sends a mix of reads and writes of both families at a steady rate, whether or not the server keeps up. */
export async function soak(
  server: RunningServer,
  workload: Workload,
  { minutes, warmUpMinutes, share }: SoakOptions,
  report: (window: Window) => void,
): Promise<SoakResult> {
  const client = new Client(server, CONNECTIONS);
  const mix = new Mix(workload);
  const peakPerSecond = await peakRate(client, mix);
  const perSecond = peakPerSecond * share;
  const reasons = new Map<string, number>();
  const windows: Window[] = [];
  const all = new Tally();
  let recent = new Tally();
  let underWay = 0;

  const count = (ms: number | undefined, reason?: string) => {
    if (reason) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    for (const tally of isWarm() ? [recent, all] : [recent]) tally.add(ms);
  };
  const send = async (due: number, work: () => Promise<unknown>) => {
    if (underWay >= MAX_UNDER_WAY) return count(undefined, `more than ${MAX_UNDER_WAY} under way`);
    underWay++;
    await work().then(
      () => count(performance.now() - due),
      (error: Error) => count(undefined, error.message),
    );
    underWay--;
  };

  const start = performance.now();
  const minute = () => (performance.now() - start) / 60_000;
  const isWarm = () => minute() >= warmUpMinutes;
  let sent = 0;
  while (minute() < minutes) {
    // A timer is late by a millisecond or two; requests that have fallen due meanwhile are sent together.
    for (; sent < minute() * 60 * perSecond; sent++) {
      const isVisit = sent % VISIT_EVERY === 0;
      const due = start + (sent / perSecond) * 1000;
      void send(due, () => (isVisit ? visit(client, workload) : client.send(mix.next().request)));
    }
    if (minute() * 60 >= (windows.length + 1) * WINDOW_SECONDS) {
      const window = { minute: minute(), megabytes: residentMegabytes(server.pid), ...recent.figures() };
      windows.push(window);
      report(window);
      recent = new Tally();
    }
    await sleep(1);
  }
  while (underWay > 0) await sleep(10);
  client.close();

  const warm = windows.filter((window) => window.minute >= warmUpMinutes);
  return {
    ...warm.at(-1)!,
    ...all.figures(),
    peakPerSecond,
    perSecond,
    megabytesAtFirst: warm[0]!.megabytes,
    megabytesPerMinute: slope(warm.map((window) => [window.minute, window.megabytes])),
    reasons,
  };
}

/** Signs in, renews the token and signs out, so that sessions are created and ended too. */
async function visit(client: Client, workload: Workload): Promise<void> {
  const tokens = async (path: string, body: object): Promise<{ token: string; refresh_token: string }> => {
    const answer = await client.send(workload.post(path, body, ''));
    return (JSON.parse(answer.toString()) as { result: { token: string; refresh_token: string } }).result;
  };
  const { refresh_token } = await tokens('/api/login', { username: BENCH.username, password: PASSWORD });
  const { token } = await tokens('/api/refresh_token', { refresh_token });
  await client.send(workload.post('/api/logout', {}, token));
}

/** Counts answers and errors, and records the latency of answers. */
class Tally {
  private readonly histogram: RecordableHistogram = createHistogram();
  private errors = 0;

  /** @param ms undefined for an error */
  add(ms: number | undefined): void {
    if (ms === undefined) this.errors++;
    else this.histogram.record(Math.max(1, Math.round(ms * 1000)));
  }

  figures() {
    const { errors, histogram } = this;
    const [p50Ms, p99Ms] = [histogram.percentile(50) / 1000, histogram.percentile(99) / 1000];
    return { requests: histogram.count, p50Ms, p99Ms, errors };
  }
}

/** The slope of the straight line nearest to the points (least squares). */
function slope(points: [x: number, y: number][]): number {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanX, meanY] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const along = points.map(([x, y]) => (x - meanX) * (y - meanY)).reduce((sum, value) => sum + value, 0);
  return along / points.map(([x]) => (x - meanX) ** 2).reduce((sum, value) => sum + value, 0);
}
