import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '../run/client';
import type { RunningServer } from '../run/contenders';
import { quantile } from '../run/report';
import type { WireRequest } from '../run/workload';

/** A load that a server hardly feels. */
const REQUESTS_PER_SECOND = 20;
const CONNECTIONS = 8;

/** Sends one request to a server again and again at a steady rate, whether or not it keeps up. */
export class LightLoad {
  private readonly client: Client;

  constructor(
    server: RunningServer,
    private readonly request: WireRequest,
  ) {
    this.client = new Client(server, CONNECTIONS);
  }

  /** @returns what `work` gives, and the 95th percentile of the answers' times meanwhile, each from when it was due */
  async during<Result>(work: () => Promise<Result>): Promise<{ result: Result; p95Ms: number }> {
    const times: number[] = [];
    const pending: Promise<void>[] = [];
    let isOver = false;
    const working = work().finally(() => (isOver = true));
    working.catch(() => undefined); // the load ends first
    const startedAt = performance.now();
    for (let sent = 0; !isOver; sent++) {
      const due = startedAt + (sent * 1000) / REQUESTS_PER_SECOND;
      await sleep(due - performance.now());
      pending.push(this.client.send(this.request).then(() => void times.push(performance.now() - due)));
    }
    await Promise.all(pending);
    return { result: await working, p95Ms: quantile(times, 0.95) };
  }

  close(): void {
    this.client.close();
  }
}
