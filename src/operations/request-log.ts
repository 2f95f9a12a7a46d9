import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isProbe } from '../http/edge/probe';
import { addressOf } from '../http/edge/client-address';
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

/** Callbacks for the answers still owed on a connection when it closes; pipelined requests owe several. */
const owed = new WeakMap<Socket, Set<() => void>>();

function owedOn(socket: Socket): Set<() => void> {
  const known = owed.get(socket);
  if (known) return known;
  const answers = new Set<() => void>();
  owed.set(socket, answers);
  socket.once('close', () => answers.forEach((abort) => abort()));
  return answers;
}

/** Gives the answer of a request its request id, a line in the log and a count in the metrics. */
export function observe(request: FastifyRequest, reply: FastifyReply): void {
  reply.header(REQUEST_ID, request.id);
  const { socket } = request.raw;
  const address = addressOf(request.ip); // read now: a closed connection no longer tells it
  const answers = owedOn(socket);
  const end = (outcome = request.outcome) => {
    if (!answers.delete(aborted)) return;
    request.outcome = outcome;
    tell(request, reply, address);
  };
  const aborted = () => end('aborted');
  answers.add(aborted);
  if (socket.destroyed) setImmediate(aborted); // its 'close' may have fired already
  // Not Fastify's onResponse, which never fires when the client leaves before the answer, as many do while a database
  // hangs. 'finish' also fires for an answer that reached no client because the client had left.
  reply.raw.once('finish', () => end(socket.destroyed ? 'aborted' : undefined));
}

function tell(request: FastifyRequest, reply: FastifyReply, address: string): void {
  const { method, outcome, failure } = request;
  const route = request.routeOptions.url ?? 'unknown'; // never the URL, which may hold a secret
  requests.observe({ method, route, outcome }, reply.elapsedTime / 1000);
  const ms = Math.round(reply.elapsedTime * 10) / 10;
  const level = isProbe(request) ? 'debug' : 'info';
  const { statusCode: status } = reply;
  const user_id = request.actor?.userId;
  request.log[level]({ method, route, status, outcome, failure, ms, address, user_id }, 'answered');
}
