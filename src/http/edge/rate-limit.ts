import type { FastifyInstance } from 'fastify';
import { LRUCache } from 'lru-cache';
import { TooManyRequests } from '../output/errors';
import { refuse } from '../output/exception.filter';
import { mayBeSigned } from './callback';
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
    const refusal = this.count(subject);
    if (refusal) throw refusal;
  }

  /** Counts a request. @returns its refusal beyond the limit */
  count(subject: string | number): TooManyRequests | undefined {
    if (this.max === 0) return undefined;
    let window = this.windows.get(subject);
    if (!window) this.windows.set(subject, (window = { requests: 0 }));
    window.requests++;
    if (window.requests <= this.max) return undefined;
    return new TooManyRequests(Math.ceil(this.windows.getRemainingTTL(subject) / 1000));
  }

  /** Takes back what {@link count} has counted. */
  uncount(subject: string | number): void {
    const window = this.windows.get(subject);
    if (window && window.requests > 0) window.requests--;
  }
}

/**
 * Counts every request but probes by client address, including those without a route or a token. A callback counts until
 * it has turned out to be signed, and is refused only then: also one whose sender does not wait for the answer.
 */
export function limitAddresses(fastify: FastifyInstance, limit: RateLimit): void {
  fastify.decorateRequest('beyondLimit');
  fastify.addHook('onRequest', (request, _reply, done) => {
    const address = subscriber(request.address);
    if (mayBeSigned(request)) request.beyondLimit = limit.count(address);
    else if (!isProbe(request)) limit.take(address);
    done();
  });
  fastify.addHook('onSend', (request, reply, payload, done) => {
    if (!mayBeSigned(request)) return done(null, payload);
    if (reply.statusCode === 200) limit.uncount(subscriber(request.address));
    const isRefused = reply.statusCode >= 400 && reply.statusCode < 500;
    done(null, isRefused && request.beyondLimit ? refuse(request.beyondLimit, request, reply) : payload);
  });
}
