import { readFileSync } from 'node:fs';
import type { Program } from '../program';

/** The program's setting for {@link longestDelay}. */
export const METRICS_TOKEN = 'a-token-for-metrics';

/** The most memory that a program's process has held so far. */
export function peakMegabytes({ pid }: Program): number {
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024);
}

/** The longest delay of a program's event loop since it was last asked, in milliseconds. */
export async function longestDelay({ port }: Program): Promise<number> {
  const headers = { authorization: `Bearer ${METRICS_TOKEN}` };
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`, { headers })).text();
  return Number(/^nodejs_eventloop_lag_max_seconds (\S+)$/m.exec(text)![1]) * 1000;
}
