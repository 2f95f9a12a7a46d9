import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isProbe } from '../http/edge/probe';
import { addressOf } from '../http/edge/client-address';
import type { IsTrusted } from '../http/edge/trusted-proxies';
import { requests } from './metrics';

const REQUEST_ID = 'x-request-id';

/** The id of a request: a trusted proxy's, so that its log and ours speak of the same, or a new one. */
export function requestIdFrom(isTrusted: IsTrusted): (request: IncomingMessage) => string {
  return ({ headers, socket }) => {
    const given = headers[REQUEST_ID];
    const isUsable = typeof given === 'string' && /^[\w.:-]{1,64}$/.test(given) && isTrusted(socket.remoteAddress);
    return isUsable ? given : randomUUID();
  };
}

/** What has to be done about the answers still owed on a connection when it closes: of several one after the other. */
const owed = new WeakMap<Socket, Set<() => void>>();

function owedOn(socket: Socket): Set<() => void> {
  const known = owed.get(socket);
  if (known) return known;
  const answers = new Set<() => void>();
  owed.set(socket, answers);
  socket.once('close', () => answers.forEach((abort) => abort()));
  return answers;
}

/** Makes the answer of a request name the request's id, leave a line in the log and count in the metrics. */
export function observe(request: FastifyRequest, reply: FastifyReply): void {
  reply.header(REQUEST_ID, request.id);
  const { socket } = request.raw;
  const address = addressOf(request.ip); // now: a connection that is closed does not tell it any more
  const answers = owedOn(socket);
  const end = (outcome = request.outcome) => {
    if (!answers.delete(aborted)) return;
    request.outcome = outcome;
    tell(request, reply, address);
  };
  const aborted = () => end('aborted');
  answers.add(aborted);
  if (socket.destroyed) setImmediate(aborted); // its 'close' may be over
  // Not Fastify's onResponse: it never comes when the client leaves before the answer, as many do while a database hangs.
  // What a client that has left did not get any more is said to be finished, too.
  reply.raw.once('finish', () => end(socket.destroyed ? 'aborted' : undefined));
}

function tell(request: FastifyRequest, reply: FastifyReply, address: string): void {
  const { method, outcome, failure } = request;
  const route = request.routeOptions.url ?? 'unknown'; // never the URL: what a client wrote there may be a secret
  requests.observe({ method, route, outcome }, reply.elapsedTime / 1000);
  const ms = Math.round(reply.elapsedTime * 10) / 10;
  const level = isProbe(request) ? 'debug' : 'info';
  const { statusCode: status } = reply;
  const user_id = request.actor?.userId;
  request.log[level]({ method, route, status, outcome, failure, ms, address, user_id }, 'answered');
}
