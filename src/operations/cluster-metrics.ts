import cluster, { Worker } from 'node:cluster';
import { AggregatorRegistry, register } from 'prom-client';
import { TransportFailure } from '../http/errors';

/** What a worker asks the primary; `id` tells the answers apart. */
interface Question {
  customerHub: 'metrics';
  id: number;
}

/** `text` is absent when a worker did not answer in time. */
interface Answer extends Question {
  text?: string;
}

/** In the primary: tells a worker that is being scraped what all of them have counted. */
export function shareMetrics(): void {
  const workers = new AggregatorRegistry();
  cluster.on('message', (worker: Worker, message: Partial<Question>) => {
    if (message.customerHub !== 'metrics') return;
    const answer = (text?: string) => worker.isConnected() && worker.send({ ...message, text });
    workers.clusterMetrics().then(answer, () => answer());
  });
}

let questions = 0;
const waiting = new Map<number, { resolve: (text: string) => void; reject: (error: Error) => void }>();

if (cluster.isWorker) {
  new AggregatorRegistry(); // answers the primary
  process.on('message', ({ customerHub, id, text }: Answer) => {
    const asked = customerHub === 'metrics' && waiting.get(id);
    if (!asked) return;
    waiting.delete(id);
    if (text === undefined) asked.reject(new TransportFailure('unavailable'));
    else asked.resolve(text);
  });
}

/**
 * The metrics of the program: of this process, or of all workers together where there are several.
 * @throws TransportFailure `unavailable` when a worker does not tell its own in time
 */
export function metricsOfAll(): Promise<string> {
  if (!cluster.isWorker) return register.metrics();
  return new Promise((resolve, reject) => {
    const question: Question = { customerHub: 'metrics', id: questions++ };
    waiting.set(question.id, { resolve, reject });
    process.send?.(question);
  });
}
