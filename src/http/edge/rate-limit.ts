import type { FastifyInstance, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { TooManyRequests } from '../output/errors';
import { isProbe } from './probe';
import { subscriber } from './client-address';

const WINDOW_MS = 60_000;

/** Bounds the memory of a flood of forged addresses; the least recently seen subject is evicted first. */
const MAX_SUBJECTS = 10_000;

/** Limits the requests of a subject (an address or an account) per minute, in this process. */
export class RateLimit {
  private readonly windows = new LRUCache<string | number, { requests: number }>({ max: MAX_SUBJECTS, ttl: WINDOW_MS });

  /** @param max requests per minute; 0 for no limit */
  constructor(private readonly max: number) {}

  /** Counts a request. @throws TooManyRequests beyond the limit */
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

/** Counts every request but probes by client address, including those without a route or a token. */
export function limitAddresses(fastify: FastifyInstance, limit: RateLimit): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    if (!isProbe(request)) limit.take(subscriber(request.ip));
    done();
  });
}

/** Counts a request that reaches no hook. @returns its failure if it exceeds the limit */
export function beyondLimit(limit: RateLimit, request: FastifyRequest): unknown {
  try {
    limit.take(subscriber(request.ip));
  } catch (failure) {
    return failure;
  }
  return undefined;
}
