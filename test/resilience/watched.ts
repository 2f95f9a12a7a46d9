import { setTimeout as sleep } from 'node:timers/promises';
import type { Program } from '../program';
import { percentile } from './measured';

/** For METRICS_TOKEN of a program that is watched. */
export const METRICS_TOKEN = 'metrics-token-of-the-test';

const SAMPLE_MS = 200;
/** Clients who ask meanwhile, each after its last answer and a pause. */
const OTHERS = 5;
const PAUSE_MS = 20;

/** What an attack did to a program and to its other clients. */
export interface Effects {
  /** Milliseconds. */
  longestDelay: number;
  othersP99: number;
  others: number;
  /** Answers to the others that were not a success. */
  failed: number;
  /** MB. */
  rss: number;
  /** What the program says it holds, in MB. */
  held: number;
  /** CPU time of the program, in seconds. */
  cpu: number;
}

/** Watches a program by its metrics while other clients ask for a row of theirs. */
export class Watch {
  private isOver = false;
  private readonly times: number[] = [];
  private readonly effects = { longestDelay: 0, rss: 0, held: 0, failed: 0 };
  /** CPU seconds at the first sample, and at the last. */
  private readonly cpu: number[] = [];
  private readonly ended: Promise<unknown>;

  private constructor(
    private readonly program: Program,
    token: string,
  ) {
    this.ended = Promise.all([this.sample(), ...Array.from({ length: OTHERS }, () => this.ask(token))]);
  }

  static async start(program: Program): Promise<Watch> {
    const { token } = (await program.post('/api/login', { username: 'demo', password: 'demo-user' })).result;
    await readMetrics(program); // begins a new measurement of the event loop
    return new Watch(program, token as string);
  }

  async stop(): Promise<Effects> {
    this.isOver = true;
    await this.ended;
    const [first = 0] = this.cpu;
    const cpu = this.cpu.at(-1)! - first;
    return { ...this.effects, cpu, others: this.times.length, othersP99: percentile(this.times, 0.99) };
  }

  private async sample(): Promise<void> {
    while (!this.isOver) {
      const metrics = await readMetrics(this.program);
      const raise = (name: keyof Watch['effects'], value: number) =>
        (this.effects[name] = Math.max(this.effects[name], value));
      raise('longestDelay', 1000 * (metrics.nodejs_eventloop_lag_max_seconds ?? 0));
      raise('rss', (metrics.process_resident_memory_bytes ?? 0) / 2 ** 20);
      raise('held', (metrics.customer_hub_held_bytes ?? 0) / 2 ** 20);
      this.cpu.push(metrics.process_cpu_seconds_total ?? 0);
      await sleep(SAMPLE_MS);
    }
  }

  private async ask(token: string): Promise<void> {
    while (!this.isOver) {
      const asked = performance.now();
      const answer = await this.program.post('/api/user_customer/get', { user_id: 998, customer_id: 1001 }, token);
      this.times.push(performance.now() - asked);
      if (answer.code !== 200) this.effects.failed++;
      await sleep(PAUSE_MS);
    }
  }
}

/** The program's metrics by name; those with labels are summed. */
async function readMetrics({ port }: Program): Promise<Record<string, number>> {
  const headers = { authorization: `Bearer ${METRICS_TOKEN}` };
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`, { headers })).text();
  const values: Record<string, number> = {};
  for (const [, name, value] of text.matchAll(/^(\w+)(?:\{.*\})? (\S+)$/gm)) {
    values[name!] = (values[name!] ?? 0) + Number(value);
  }
  return values;
}
