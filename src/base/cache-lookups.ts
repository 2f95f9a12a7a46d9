import { Counter } from 'prom-client';

/** Counted by every cache of the product, each under its name. */
export const cacheLookups = new Counter({
  name: 'customer_hub_cache_lookups_total',
  help: 'Look-ups in what is kept in memory',
  labelNames: ['cache', 'result'],
});
