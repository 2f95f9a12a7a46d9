import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { FastifyInstance } from 'fastify';
import { TransportFailure } from '../output/errors';
import { mayBeSigned } from './callback';
import { isProbe } from './probe';

const SAMPLE_MS = 1000;

/** One late sample may be a pause (garbage collection, the virtual machine); two in a row are load. */
const LATE_SAMPLES = 2;

/**
 * Answers 503 while the process cannot keep up, so that a balancer can try another process at once. Fastify's
 * under-pressure plugin is not used because it also measures the work of the start.
 * @param maxDelay mean event loop delay over one second, in milliseconds; 0 for no limit
 */
export function refuseWhenOverloaded(fastify: FastifyInstance, maxDelay: number): void {
  if (maxDelay === 0) return;
  const delay = monitorEventLoopDelay();
  let late = 0;
  const timer = setInterval(() => {
    late = delay.mean / 1e6 > maxDelay ? late + 1 : 0;
    delay.reset();
  }, SAMPLE_MS).unref();
  fastify.addHook('onListen', (done) => {
    delay.enable();
    done();
  });
  fastify.addHook('onClose', (_instance, done) => {
    clearInterval(timer);
    delay.disable();
    done();
  });
  fastify.addHook('onRequest', (request, _reply, done) => {
    const isOverloaded = late >= LATE_SAMPLES && !isProbe(request) && !mayBeSigned(request);
    done(isOverloaded ? new TransportFailure('unavailable') : undefined);
  });
}
