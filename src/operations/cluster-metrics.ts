import cluster, { Worker } from 'node:cluster';
import { AggregatorRegistry, MetricObject, register } from 'prom-client';

/** Longest wait of a scrape for a worker that hangs or has just ended. */
const PATIENCE_MS = 1_000;

/** Types of metrics that only grow; what a worker counted stays in the sum after it ends. */
const SUMS = new Set(['counter', 'histogram']);

/**
 * Messages between primary and workers. `gather`: a worker is being scraped; `tell`: the primary asks every worker;
 * `told`: a worker's metrics; `all`: the sum.
 */
type Message =
  | { hub: 'gather' | 'tell'; id: number }
  | { hub: 'told'; id: number; metrics: MetricObject[] }
  | { hub: 'all'; id: number; text: string };

/**
 * In the primary: answers a worker that is being scraped with the sum of all workers. A worker that does not answer in
 * time counts with its last report, and workers that have ended with what they had counted: a falling sum would be
 * taken for a restart.
 */
export function shareMetrics(): void {
  const scrapes = new Map<number, (worker: Worker) => void>();
  const told = new Map<number, MetricObject[]>();
  let endedTotals: MetricObject[] = [];
  let count = 0;
  cluster.on('exit', (worker) => {
    const counted = told.get(worker.id)?.filter(({ type }) => SUMS.has(String(type)));
    told.delete(worker.id);
    if (!counted) return;
    void AggregatorRegistry.aggregate([endedTotals, counted])
      .getMetricsAsJSON()
      .then((metrics) => (endedTotals = metrics));
  });
  cluster.on('message', (asking: Worker, message: Message) => {
    if (message.hub === 'told') {
      told.set(asking.id, message.metrics);
      scrapes.get(message.id)?.(asking);
    }
    if (message.hub !== 'gather') return;
    const id = count++;
    const asked = new Set(Object.values(cluster.workers ?? {}).filter((worker) => worker?.isConnected()));
    const end = () => {
      clearTimeout(timer);
      if (!scrapes.delete(id)) return;
      void register
        .getMetricsAsJSON() // the primary's own: what it counts of its log
        .then((own) => AggregatorRegistry.aggregate([own, endedTotals, ...told.values()]).metrics())
        .then((text) => send(asking, { hub: 'all', id: message.id, text }));
    };
    const timer = setTimeout(end, PATIENCE_MS);
    scrapes.set(id, (worker) => {
      asked.delete(worker);
      if (asked.size === 0) end();
    });
    for (const worker of asked) send(worker!, { hub: 'tell', id });
  });
}

function send(worker: Worker, message: Message): void {
  if (worker.isConnected()) worker.send(message);
}

const waiting = new Map<number, (text: string) => void>();
let questions = 0;

if (cluster.isWorker) {
  process.on('message', (message: Message) => {
    const { id } = message;
    if (message.hub === 'tell') {
      void register
        .getMetricsAsJSON()
        .then((metrics) => process.send?.({ hub: 'told', id, metrics } satisfies Message));
    } else if (message.hub === 'all') {
      waiting.get(id)?.(message.text);
      waiting.delete(id);
    }
  });
}

/** The metrics of the whole program: of this process, or the sum of all workers. */
export function metricsOfAll(): Promise<string> {
  if (!cluster.isWorker) return register.metrics();
  return new Promise((resolve) => {
    const question: Message = { hub: 'gather', id: questions++ };
    waiting.set(question.id, resolve);
    process.send?.(question);
  });
}
