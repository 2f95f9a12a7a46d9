import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { addBodyParsers } from '../input/body-parsers';
import { EnvelopeExceptionFilter } from '../output/exception.filter';
import { encodeJson } from '../output/json';
import { answerForNode, noteConnectionsInUse } from './client-errors';
import { limitHeaders } from './header-count';
import { refuseWhenOverloaded } from './overload';
import { beyondLimit, limitAddresses, RateLimit } from './rate-limit';
import { refuseUnknownRoutes } from './unknown-routes';

/** What the edge needs to be told. */
interface Edge {
  /** Logs and counts a request once it is answered; comes from operations/, which this room does not know. */
  observe: (request: FastifyRequest, reply: FastifyReply) => void;
  addressLimit: RateLimit;
  /** Milliseconds; 0 for no limit. */
  maxEventLoopDelay: number;
}

/**
 * Installs what every request passes before its route: hooks run in the order of these lines, and the first one that
 * refuses ends the request. Nest registers its routes later.
 */
export function installHooks(fastify: FastifyInstance, { observe, addressLimit, maxEventLoopDelay }: Edge): void {
  watch(fastify, observe); // first, so that requests refused below are logged and counted, too
  refuseWhenOverloaded(fastify, maxEventLoopDelay); // a busy process spends nothing on a request
  limitAddresses(fastify, addressLimit); // malformed requests and unknown routes count, too
  limitHeaders(fastify); // Node may have left out headers that the rest reads
  noteConnectionsInUse(fastify); // the refusals above are sent at once, from here on an answer may be owed
  answerForNode(fastify); // without a Host a request is invalid whatever its path
  refuseUnknownRoutes(fastify); // before a body is read
  addBodyParsers(fastify); // read after all hooks above
  fastify.setReplySerializer(encodeJson as (answer: unknown) => string);
}

function watch(fastify: FastifyInstance, observe: Edge['observe']): void {
  fastify.decorateRequest('outcome', 'ok');
  fastify.decorateRequest('failure');
  fastify.addHook('onRequest', (request, reply, done) => {
    observe(request, reply);
    done();
  });
}

/** Answers a URL that Fastify cannot decode: such a request reaches no hook, so the first ones are repeated here. */
export function answerWithoutHooks({ observe, addressLimit }: Edge) {
  const filter = new EnvelopeExceptionFilter();
  return (error: Error, request: FastifyRequest, reply: FastifyReply): void => {
    observe(request, reply);
    filter.answer(beyondLimit(addressLimit, request) ?? error, request, reply);
  };
}
