import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { whenAnswered } from '../http/edge/answers-owed';
import { isProbe } from '../http/edge/probe';
import type { IsTrusted } from '../http/edge/trusted-proxies';
import { requests } from './metrics';

const REQUEST_ID = 'x-request-id';

/** The id of a request: a trusted proxy's, so that both logs name the same one, or a new one. */
export function requestIdFrom(isTrusted: IsTrusted): (request: IncomingMessage) => string {
  return ({ headers, socket }) => {
    const given = headers[REQUEST_ID];
    const isUsable = typeof given === 'string' && /^[\w.:-]{1,64}$/.test(given) && isTrusted(socket.remoteAddress);
    return isUsable ? given : randomUUID();
  };
}

/** Gives the answer of a request its request id, a line in the log and a count in the metrics. */
export function observe(request: FastifyRequest, reply: FastifyReply): void {
  reply.header(REQUEST_ID, request.id);
  const { socket } = request.raw;
  whenAnswered(request.raw, reply.raw, () => {
    // An answer is also written whole when the client has left, and reaches it no more.
    if (socket.destroyed) request.outcome = 'aborted';
    tell(request, reply);
  });
}

function tell(request: FastifyRequest, reply: FastifyReply): void {
  const { method, outcome, failure, address } = request;
  const route = request.routeOptions.url ?? 'unknown'; // never the URL, which may hold a secret
  requests.observe({ method, route, outcome }, reply.elapsedTime / 1000);
  const ms = Math.round(reply.elapsedTime * 10) / 10;
  const level = isProbe(request) ? 'debug' : 'info';
  const { statusCode: status } = reply;
  const user_id = request.actor?.userId;
  request.log[level]({ method, route, status, outcome, failure, ms, address, user_id }, 'answered');
}
