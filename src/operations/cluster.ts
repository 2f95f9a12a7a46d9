import cluster, { Worker } from 'node:cluster';
import type { Logger } from 'pino';
import type { Env } from '../config/env';
import { shareMetrics } from './cluster-metrics';
import { handOnUntaken } from './handed-connections';
import { onSignal } from './signals';

/** A worker that lived this long was healthy: whatever ended it, its successor starts at once. */
const HEALTHY_MS = 10_000;
/** The pause before the third start after quick ends in a row; it doubles with each further one. */
const PAUSE_MS = 500;
const MAX_PAUSE_MS = 30_000;
/** A worker ends itself within 25 s of a signal unless it is stuck; Kubernetes kills after 30 s. */
const DEADLINE_MS = 28_000;

/** True in the process that serves no requests itself but starts and watches the CLUSTER_WORKERS that do. */
export function isPrimary({ CLUSTER_WORKERS }: Env): boolean {
  return CLUSTER_WORKERS > 1 && cluster.isPrimary;
}

/** True in the process that announces where the program serves: the first of several workers. */
export function isFirst(): boolean {
  return (cluster.worker?.id ?? 1) === 1;
}

/**
 * Serves with several processes on one machine, all on the same port. They share nothing but the database, so each
 * counts its database connections and rate limits for itself. Only a scrape reports all of them, whichever process it
 * reaches.
 */
export function serveWithWorkers({ CLUSTER_WORKERS }: Env, log: Logger): void {
  const workers = new Workers(log);
  shareMetrics();
  onSignal('SIGTERM', () => workers.end('SIGTERM'));
  onSignal('SIGINT', () => workers.end('SIGINT'));
  // The first worker starts alone: what stops it would stop the others too, and is reported once.
  cluster.once('listening', () => {
    for (let count = 1; count < CLUSTER_WORKERS; count++) workers.start();
  });
  workers.start();
}

class Workers {
  private readonly serving = new Set<Worker>();
  private readonly pauses = new Set<NodeJS.Timeout>();
  /** Quick ends in a row, of any worker. */
  private quickEnds = 0;
  private isEnding = false;
  private exitCode = 0;

  constructor(private readonly log: Logger) {}

  start(): void {
    if (this.isEnding) return;
    const startedAt = performance.now();
    const worker = cluster.fork();
    handOnUntaken(worker, () => [...this.serving].some((other) => other !== worker));
    this.log.info({ worker: worker.process.pid }, 'a worker starts');
    worker.once('listening', () => {
      this.serving.add(worker);
      this.log.info({ worker: worker.process.pid }, 'a worker serves');
    });
    const replace = (code: number | null, signal?: string) => {
      const served = this.serving.delete(worker);
      if (this.isEnding) return this.ended(signal === 'SIGTERM' || signal === 'SIGINT' ? 0 : code);
      // The worker has reported why. While others serve, the cause may pass: an unreachable database, no memory.
      if (!served && this.serving.size === 0) process.exit(1);
      this.log.error({ worker: worker.process.pid, code, signal }, 'a worker ended');
      this.quickEnds = performance.now() - startedAt < HEALTHY_MS ? this.quickEnds + 1 : 0;
      this.startAfter(this.quickEnds < 2 ? 0 : Math.min(PAUSE_MS * 2 ** (this.quickEnds - 2), MAX_PAUSE_MS));
    };
    worker.once('exit', replace);
    // A process that could not be created emits no exit; a message to one that has just ended fails too.
    worker.on('error', (error) => {
      this.log.error({ worker: worker.process.pid, err: error }, 'a worker cannot be reached');
      if (worker.process.pid === undefined) replace(1);
    });
  }

  /** Passes a signal on to the workers, each of which ends in its own time, and then ends the program. */
  end(signal: NodeJS.Signals): void {
    if (this.isEnding) return;
    this.isEnding = true;
    for (const pause of this.pauses) clearTimeout(pause);
    for (const worker of running()) worker.process.kill(signal);
    setTimeout(() => {
      for (const worker of running()) worker.process.kill('SIGKILL');
    }, DEADLINE_MS).unref();
    if (running().length === 0) process.exit(this.exitCode);
  }

  private startAfter(milliseconds: number): void {
    const pause = setTimeout(() => {
      this.pauses.delete(pause);
      this.start();
    }, milliseconds);
    this.pauses.add(pause);
  }

  private ended(code: number | null): void {
    if (code !== 0) this.exitCode = 1;
    if (running().length === 0) process.exit(this.exitCode);
  }
}

function running(): Worker[] {
  return Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
}
