import { randomUUID } from 'node:crypto';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { pino } from 'pino';
import { collectDefaultMetrics, Histogram } from 'prom-client';

/** What the duties keep of a request. */
interface Observed extends FastifyRequest {
  isSuccess: boolean;
  askedBy?: number;
}

/** The product's headers, in its order; Fastify adds the content's own. */
const HEADERS = {
  'content-security-policy':
    "default-src 'self';base-uri 'self';font-src 'self' https: data:;form-action 'self';frame-ancestors 'self';" +
    "img-src 'self' data:;object-src 'none';script-src 'self';script-src-attr 'none';" +
    "style-src 'self' https: 'unsafe-inline'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'SAMEORIGIN',
  'cache-control': 'no-store',
};

const SUCCESS = /^\{"(code":200|result":1),/;
const WINDOW_MS = 60_000;
const SAMPLE_MS = 1000;
const LATE_SAMPLES = 2;

/**
 * What the product does for a request beside answering it, by hand: an id, a line in the log, a histogram, security
 * headers, limits of addresses and accounts, and a check for overload. Reads the product's settings.
 */
export class Duties {
  private readonly addresses = new Limit(Number(process.env.RATE_LIMIT_ADDRESS));
  private readonly accounts = new Limit(Number(process.env.RATE_LIMIT_ACCOUNT));
  private readonly isOverloaded = watchDelay(Number(process.env.MAX_EVENT_LOOP_DELAY_MS));
  private readonly log = pino(
    {
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
    },
    pino.destination({ fd: 1, sync: true }),
  );
  private readonly requests = new Histogram({
    name: 'request_seconds',
    help: 'Answered requests by route, outcome and time until the answer was sent',
    labelNames: ['method', 'route', 'outcome'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  });

  constructor(app: FastifyInstance) {
    collectDefaultMetrics();
    app.setGenReqId(() => randomUUID());
    app.decorateRequest('isSuccess', false);
    app.decorateRequest('askedBy');
    app.addHook('onRequest', (request, reply, done) => {
      reply.headers(HEADERS).header('x-request-id', request.id);
      if (this.isOverloaded()) return done(refusal(503));
      done(this.addresses.take(request.ip) ? undefined : refusal(429));
    });
    app.addHook('onSend', (request, _reply, payload, done) => {
      (request as Observed).isSuccess = typeof payload === 'string' && SUCCESS.test(payload);
      done();
    });
    app.addHook('onResponse', (request, reply, done) => {
      this.tell(request as Observed, reply);
      done();
    });
  }

  /** Counts a request of a signed-in user. @throws beyond the limit */
  countUser(request: FastifyRequest, userId: number): void {
    (request as Observed).askedBy = userId;
    if (!this.accounts.take(userId)) throw refusal(429);
  }

  private tell(
    { id, method, routeOptions, ip, isSuccess, askedBy }: Observed,
    { elapsedTime, statusCode }: FastifyReply,
  ) {
    const { url: route = 'unknown' } = routeOptions;
    const outcome = isSuccess ? 'ok' : 'refused';
    this.requests.observe({ method, route, outcome }, elapsedTime / 1000);
    const ms = Math.round(elapsedTime * 10) / 10;
    const [about, who] = [
      { method, route, status: statusCode, outcome, ms },
      { address: ip, user_id: askedBy },
    ];
    this.log.info({ request_id: id, ...about, ...who }, 'answered');
  }
}

/** Limits the requests of a subject per minute. */
class Limit {
  private readonly requests = new Map<string | number, number>();

  constructor(private readonly max: number) {
    setInterval(() => this.requests.clear(), WINDOW_MS).unref();
  }

  /** Counts a request. @returns false beyond the limit */
  take(subject: string | number): boolean {
    const requests = (this.requests.get(subject) ?? 0) + 1;
    this.requests.set(subject, requests);
    return requests <= this.max;
  }
}

/** Samples the event loop's delay. @returns whether it was above `maxMs` in the last samples */
function watchDelay(maxMs: number): () => boolean {
  const delay = monitorEventLoopDelay();
  let late = 0;
  delay.enable();
  setInterval(() => {
    late = delay.mean / 1e6 > maxMs ? late + 1 : 0;
    delay.reset();
  }, SAMPLE_MS).unref();
  return () => late >= LATE_SAMPLES;
}

function refusal(statusCode: number): Error {
  return Object.assign(new Error('refused'), { statusCode });
}
