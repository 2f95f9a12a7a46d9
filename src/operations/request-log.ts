import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isProbe } from '../http/request/probe';
import { addressOf } from '../http/request/subscriber';
import type { IsTrusted } from '../http/request/trusted-proxies';
import { requests } from './metrics';

declare module 'fastify' {
  interface FastifyRequest {
    /** What the answer says inside its envelope: `ok` or the kind of failure; `aborted` when the client did not wait for it. */
    outcome: string;
    /** The class of the failure, which tells refusals apart: `WrongCredentials`, `RecordNotFound` … */
    failure?: string;
  }
}

const REQUEST_ID = 'x-request-id';

/** The id of a request: a trusted proxy's, so that its log and ours speak of the same, or a new one. */
export function requestIdFrom(isTrusted: IsTrusted): (request: IncomingMessage) => string {
  return ({ headers, socket }) => {
    const given = headers[REQUEST_ID];
    const isUsable = typeof given === 'string' && /^[\w.:-]{1,64}$/.test(given) && isTrusted(socket.remoteAddress);
    return isUsable ? given : randomUUID();
  };
}

/** Every answer names its request's id, leaves a line in the log and counts in the metrics. */
export function observeRequests(fastify: FastifyInstance): void {
  fastify.decorateRequest('outcome', 'ok');
  fastify.decorateRequest('failure');

  fastify.addHook('onRequest', (request, reply, done) => {
    observe(request, reply);
    done();
  });
}

/** As {@link observeRequests}; for itself where a request reaches no hook, as its URL cannot be decoded. */
export function observe(request: FastifyRequest, reply: FastifyReply): void {
  reply.header(REQUEST_ID, request.id);
  const address = addressOf(request.ip); // now: a connection that is closed does not tell it any more
  // Not Fastify's onResponse: it never comes when the client leaves before the answer, as many do while a database hangs.
  reply.raw.once('close', () => tell(request, reply, address));
}

function tell(request: FastifyRequest, reply: FastifyReply, address: string): void {
  if (request.outcome === 'ok' && !reply.raw.writableFinished) request.outcome = 'aborted';
  const { method, outcome, failure } = request;
  const route = request.routeOptions.url ?? 'unknown'; // never the URL: what a client wrote there may be a secret
  requests.observe({ method, route, outcome }, reply.elapsedTime / 1000);
  const ms = Math.round(reply.elapsedTime * 10) / 10;
  const level = isProbe(request) ? 'debug' : 'info';
  const { statusCode: status } = reply;
  const user_id = request.actor?.userId;
  request.log[level]({ method, route, status, outcome, failure, ms, address, user_id }, 'answered');
}
