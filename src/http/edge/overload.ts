import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { FastifyInstance } from 'fastify';
import { TransportFailure } from '../output/errors';
import { isProbe } from './probe';

const SAMPLE_MS = 1000;

/** One late sample may be a pause (garbage collection, a virtual machine); two in a row are load. */
const LATE_SAMPLES = 2;

/**
 * Refuses requests while the process cannot keep up, instead of letting all of them wait: a balancer can send a request
 * that is refused at once to another process. Not by the usual plugin, which also counts the work of the start.
 * @param maxDelay milliseconds that the event loop may be late on average over a second; 0 for no limit
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
    const isOverloaded = late >= LATE_SAMPLES && !isProbe(request);
    done(isOverloaded ? new TransportFailure('unavailable') : undefined);
  });
}
