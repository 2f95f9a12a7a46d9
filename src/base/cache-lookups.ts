import { Counter } from 'prom-client';

/** Shared by all in-memory caches; the label `cache` names the one. */
export const cacheLookups = new Counter({
  name: 'customer_hub_cache_lookups_total',
  help: 'Look-ups in the in-memory caches',
  labelNames: ['cache', 'result'],
});
