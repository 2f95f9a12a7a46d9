import { Readable, Transform } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { BODY_LIMIT, CALLBACK_BODY_LIMIT, PUBLIC_BODY_LIMIT } from '../input/body-parsers';
import { needsToken } from '../routes/route-config';
import { whenAnswered } from './answers-owed';
import { Budget, clientOf, OverBudget } from './budget';

/**
 * Lets only routes behind a token take large bodies, and callbacks somewhat larger ones: anyone can send to the others,
 * the documentation's pages too.
 */
export function limitBodies(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', (route) => {
    const { config = {} } = route;
    const limit = config.callback ? CALLBACK_BODY_LIMIT : PUBLIC_BODY_LIMIT;
    route.bodyLimit = needsToken(config) ? BODY_LIMIT : limit;
  });
}

/**
 * Bounds the bytes of bodies received and not yet answered. Bodies up to {@link PUBLIC_BODY_LIMIT}, nearly all, are
 * neither counted nor refused. Bytes count as they come: a client that declares much and sends nothing holds nothing.
 */
export function boundBodies(fastify: FastifyInstance): void {
  const budget = new Budget('bodies');
  fastify.addHook('preParsing', (request, reply, payload, done) => {
    const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
    if (encoding === undefined && Number(length ?? 0) <= PUBLIC_BODY_LIMIT) return done(null, payload);
    const client = clientOf(request);
    let taken = 0;
    let isAnswered = false;
    whenAnswered(request.raw, reply.raw, () => {
      isAnswered = true;
      budget.add(client, -taken);
    });
    const count = (bytes: number) => {
      if (isAnswered) return; // the rest of a body that was refused
      if (!budget.hasRoom(client, bytes)) throw new OverBudget();
      taken += bytes;
      budget.add(client, bytes);
    };
    done(null, counted(payload as Readable, count));
  });
}

/** Passes a body on until `count` throws. The rest is read and dropped, so that the client gets to see its answer. */
function counted(body: Readable, count: (bytes: number) => void): Readable {
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, next) {
      try {
        count(chunk.length);
        next(null, chunk);
      } catch (failure) {
        next(failure as Error);
      }
    },
  });
  stream.on('error', () => undefined); // Fastify's reader no longer listens once it has refused a body
  body.once('error', (error) => stream.destroy(error)); // the client left
  body.pipe(stream);
  return stream.once('close', () => body.resume()); // after pipe's own listener, which pauses
}
