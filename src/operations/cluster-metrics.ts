import cluster, { Worker } from 'node:cluster';
import { AggregatorRegistry, MetricObject, register } from 'prom-client';

/** A worker that has not told its metrics by then is left out of a scrape: it hangs or has just ended. */
const PATIENCE_MS = 1_000;

/** Between primary and workers. `gather`: a worker is being scraped; `tell`: the primary asks all; `told`: a worker's; `all`: the sum. */
type Message =
  | { hub: 'gather' | 'tell'; id: number }
  | { hub: 'told'; id: number; metrics: MetricObject[] }
  | { hub: 'all'; id: number; text: string };

/** In the primary: tells a worker that is being scraped what all of them have counted. */
export function shareMetrics(): void {
  const scrapes = new Map<number, (metrics: MetricObject[]) => void>();
  let count = 0;
  cluster.on('message', (asking: Worker, message: Message) => {
    if (message.hub === 'told') return scrapes.get(message.id)?.(message.metrics);
    if (message.hub !== 'gather') return;
    const id = count++;
    const workers = Object.values(cluster.workers ?? {}).filter((worker) => worker?.isConnected());
    const told: MetricObject[][] = [];
    const end = () => {
      clearTimeout(timer);
      if (!scrapes.delete(id)) return;
      void AggregatorRegistry.aggregate(told)
        .metrics()
        .then((text) => send(asking, { hub: 'all', id: message.id, text }));
    };
    const timer = setTimeout(end, PATIENCE_MS);
    scrapes.set(id, (metrics) => {
      if (told.push(metrics) === workers.length) end();
    });
    for (const worker of workers) send(worker!, { hub: 'tell', id });
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

/** The metrics of the program: of this process, or of all workers that answer, together. */
export function metricsOfAll(): Promise<string> {
  if (!cluster.isWorker) return register.metrics();
  return new Promise((resolve) => {
    const question: Message = { hub: 'gather', id: questions++ };
    waiting.set(question.id, resolve);
    process.send?.(question);
  });
}
