import { isIPv6 } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { LRUCache } from 'lru-cache';
import { TooManyRequests } from '../errors';
import { isProbe } from './probe';

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
export function limitAddresses(fastify: FastifyInstance, max: number): void {
  const limit = new RateLimit(max);
  fastify.addHook('onRequest', (request, _reply, done) => {
    if (!isProbe(request)) limit.take(subscriber(request.ip));
    done();
  });
}

/** No address is longer; what a proxy passes on need not be one. */
const MAX_ADDRESS_LENGTH = 45;

/** An IPv4 address, or the /64 network that a subscriber has of IPv6. */
export function subscriber(address: string): string {
  const ipv4 = address.replace(/^::ffff:(?=\d+\.)/i, '');
  if (!isIPv6(ipv4)) return ipv4.slice(0, MAX_ADDRESS_LENGTH);
  const [head = '', tail] = ipv4.split('::');
  const groups = head.split(':');
  if (tail !== undefined) groups.push(...Array<string>(8).fill('0'));
  return groups.slice(0, 4).join(':');
}
