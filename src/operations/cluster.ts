import cluster, { Worker } from 'node:cluster';
import type { Logger } from 'pino';
import type { Env } from '../config/env';
import { shareMetrics } from './cluster-metrics';
import { onSignal } from './signals';

/** A worker that lived so long was well: whatever ended it, the next one need not wait. */
const WELL_MS = 10_000;
/** Before the third start after quick ends in a row; it doubles with each further one. */
const PAUSE_MS = 500;
const MAX_PAUSE_MS = 30_000;
/** A worker ends itself 25 s after a signal; one that is stuck does not. Kubernetes kills after 30 s. */
const DEADLINE_MS = 28_000;

/** True in the one process that serves nobody itself but starts and watches the CLUSTER_WORKERS that do. */
export function isPrimary({ CLUSTER_WORKERS }: Env): boolean {
  return CLUSTER_WORKERS > 1 && cluster.isPrimary;
}

/** True in the process that tells where the program serves: of several workers one. */
export function isFirst(): boolean {
  return (cluster.worker?.id ?? 1) === 1;
}

/**
 * Serves with several processes on one machine, all on the same port. They share nothing but the database, so whatever a
 * process counts, it counts for itself: connections to the database, rate limits. Only a scrape of any is told of all.
 */
export function serveWithWorkers({ CLUSTER_WORKERS }: Env, log: Logger): void {
  const workers = new Workers(log);
  shareMetrics();
  onSignal('SIGTERM', () => workers.end('SIGTERM'));
  onSignal('SIGINT', () => workers.end('SIGINT'));
  // The first one starts alone: what it cannot start with, no other can, and it is told once.
  cluster.once('listening', () => {
    for (let count = 1; count < CLUSTER_WORKERS; count++) workers.start();
  });
  workers.start();
}

class Workers {
  private readonly serving = new Set<Worker>();
  private readonly pauses = new Set<NodeJS.Timeout>();
  /** In a row, of any of them. */
  private quickEnds = 0;
  private isEnding = false;
  private exitCode = 0;

  constructor(private readonly log: Logger) {}

  start(): void {
    if (this.isEnding) return;
    const startedAt = performance.now();
    const worker = cluster.fork();
    this.log.info({ worker: worker.process.pid }, 'a worker starts');
    worker.once('listening', () => {
      this.serving.add(worker);
      this.log.info({ worker: worker.process.pid }, 'a worker serves');
    });
    const replace = (code: number | null, signal?: string) => {
      const served = this.serving.delete(worker);
      if (this.isEnding) return this.ended(signal === 'SIGTERM' || signal === 'SIGINT' ? 0 : code);
      // It has said what it cannot start with. While others serve, that may pass: a database that is away, no memory.
      if (!served && this.serving.size === 0) process.exit(1);
      this.log.error({ worker: worker.process.pid, code, signal }, 'a worker ended');
      this.quickEnds = performance.now() - startedAt < WELL_MS ? this.quickEnds + 1 : 0;
      this.startAfter(this.quickEnds < 2 ? 0 : Math.min(PAUSE_MS * 2 ** (this.quickEnds - 2), MAX_PAUSE_MS));
    };
    worker.once('exit', replace);
    // Of no process that could not be made does an exit come; a message to one that has just ended fails too.
    worker.on('error', (error) => {
      this.log.error({ worker: worker.process.pid, err: error }, 'a worker cannot be reached');
      if (worker.process.pid === undefined) replace(1);
    });
  }

  /** Passes a signal on, which ends each worker in its own good time, and then ends the program. */
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
