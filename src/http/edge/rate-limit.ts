import type { FastifyInstance, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { TooManyRequests } from '../output/errors';
import { isProbe } from './probe';
import { subscriber } from './client-address';

const WINDOW_MS = 60_000;

/** So many subjects are counted at once: a flood of forged ones costs no more memory. */
const MAX_SUBJECTS = 10_000;

/** Bounds how many requests a subject makes in a minute, in this process. */
export class RateLimit {
  private readonly windows = new LRUCache<string | number, { requests: number }>({ max: MAX_SUBJECTS, ttl: WINDOW_MS });

  /** @param max requests a minute; 0 for no limit */
  constructor(private readonly max: number) {}

  /** Counts a request. @throws TooManyRequests */
  take(subject: string | number): void {
    if (this.max === 0) return;
    let window = this.windows.get(subject);
    if (!window) this.windows.set(subject, (window = { requests: 0 }));
    window.requests++;
    if (window.requests > this.max) {
      throw new TooManyRequests(Math.ceil(this.windows.getRemainingTTL(subject) / 1000));
    }
  }
}

/** Every request counts for the address it comes from, also one without a route or a token. */
export function limitAddresses(fastify: FastifyInstance, limit: RateLimit): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    if (!isProbe(request)) limit.take(subscriber(request.ip));
    done();
  });
}

/** The failure of a request beyond the limit; for one that reaches no hook. */
export function beyondLimit(limit: RateLimit, request: FastifyRequest): unknown {
  try {
    limit.take(subscriber(request.ip));
  } catch (failure) {
    return failure;
  }
  return undefined;
}
