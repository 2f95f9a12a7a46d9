import { AsyncResource } from 'node:async_hooks';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { Counter } from 'prom-client';

const floods = new Counter({
  name: 'customer_hub_request_floods_total',
  help: 'Connections ended because too many requests were sent ahead on them',
});

/** Bounds the requests sent ahead on a connection, which cost 5 KB each; clients send a few. */
const MAX_WAITING = 100;

/** What to do when an answer has ended, for the answers owed on a connection. */
const ends = new WeakMap<Duplex, Set<() => void>>();

function endsOn(socket: Duplex): Set<() => void> {
  const known = ends.get(socket);
  if (known) return known;
  const added = new Set<() => void>();
  ends.set(socket, added);
  socket.once('close', () => added.forEach((end) => end()));
  return added;
}

/**
 * Calls `end` once, when the answer was handed to the network whole or its connection has closed before. Not Fastify's
 * onResponse nor the answer's 'close', which never fire for some answers whose client leaves before.
 */
export function whenAnswered({ socket }: IncomingMessage, answer: ServerResponse, end: () => void): void {
  const owed = endsOn(socket);
  const endOnce = () => {
    if (owed.delete(endOnce)) end();
  };
  owed.add(endOnce);
  answer.once('finish', endOnce);
  if (socket.destroyed) setImmediate(endOnce); // its 'close' may have fired already
}

/** The requests that wait on a connection while one is worked on. */
const waiting = new WeakMap<Duplex, (() => void)[]>();

/** Whether an answer is owed on a connection: nothing else may be written then. */
export function owesAnswer(socket: Duplex): boolean {
  return waiting.has(socket);
}

/** Makes a connection owe an answer until it closes. */
export function oweForEver(socket: Duplex): void {
  waiting.set(socket, []);
}

/**
 * Works on the requests of a connection one after the other, and reads no further ones while any wait: a client that
 * sends many and reads nothing holds one answer. The next begins when the network has taken the answer before it.
 */
export function answerInTurn(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    const { socket } = request.raw;
    whenAnswered(request.raw, reply.raw, () => beginNext(socket));
    const queue = waiting.get(socket);
    if (!queue) {
      waiting.set(socket, []);
      return done();
    }
    queue.push(AsyncResource.bind(() => done())); // not in the transaction or log context of the answer before
    socket.pause();
  });
  endFloods(fastify.server);
}

/**
 * Ends a connection on which too many requests wait. Stands before Fastify, which would make a request and a reply of each
 * that the parser still finds in what it has read: thousands in 64 KB.
 */
function endFloods(server: Server): void {
  const handlers = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  server.on('request', (request, answer) => {
    const { socket } = request;
    if (socket.destroyed) return;
    if ((waiting.get(socket)?.length ?? 0) < MAX_WAITING) return handlers.forEach((handle) => handle(request, answer));
    floods.inc();
    socket.destroy();
  });
}

function beginNext(socket: Duplex): void {
  if (socket.destroyed) return;
  const queue = waiting.get(socket);
  const begin = queue?.shift();
  if (!begin) return void waiting.delete(socket);
  begin();
  if (queue!.length === 0) socket.resume();
}
