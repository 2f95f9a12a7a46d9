import { collectDefaultMetrics, Gauge, Histogram } from 'prom-client';
import type { DataSource } from 'typeorm';
import { Connections, connectionsOf } from '../database/connections';

/**
 * The metrics of this process, for Prometheus. `outcome` is what an answer says inside its envelope, `ok` or the kind
 * of failure, because nearly every answer of the contract is HTTP 200.
 */
collectDefaultMetrics();

export const requests = new Histogram({
  name: 'customer_hub_request_seconds',
  help: 'Answered requests by route, outcome inside the envelope and time until the answer was sent',
  labelNames: ['method', 'route', 'outcome'],
  buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
});

/** Reads the pool of the app that serves; tests run several apps in turn. */
let connections: (() => Connections) | undefined;

new Gauge({
  name: 'customer_hub_pool_connections',
  help: 'Database connections of the pool by state; waiting: requests for a connection',
  labelNames: ['state'],
  collect() {
    if (!connections) return;
    const { inUse, idle, waiting } = connections();
    this.set({ state: 'in use' }, inUse);
    this.set({ state: 'idle' }, idle);
    this.set({ state: 'waiting' }, waiting);
  },
});

/** Makes the metrics report the connections to this database. */
export function observePool(dataSource: DataSource): void {
  connections = () => connectionsOf(dataSource);
}
