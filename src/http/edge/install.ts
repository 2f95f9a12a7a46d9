import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { addBodyParsers } from '../input/body-parsers';
import { EnvelopeExceptionFilter } from '../output/exception.filter';
import { encodeJson } from '../output/json';
import { answerForNode, countAnswersOwed } from './client-errors';
import { limitHeaders } from './header-count';
import { refuseWhenOverloaded } from './overload';
import { beyondLimit, limitAddresses, RateLimit } from './rate-limit';
import { refuseUnknownRoutes } from './unknown-routes';
import { refuseUnreadParts } from './unread-parts';

interface Options {
  /** Logs and counts a request once it is answered; passed in because this room may not import operations/. */
  observe: (request: FastifyRequest, reply: FastifyReply) => void;
  addressLimit: RateLimit;
  /** Mean event loop delay in milliseconds; 0 for no limit. */
  maxEventLoopDelay: number;
}

/**
 * Installs what every request passes before its route. Hooks run in the order of these lines, and the first refusal
 * ends the request. Called before Nest registers its routes.
 */
export function installHooks(fastify: FastifyInstance, { observe, addressLimit, maxEventLoopDelay }: Options): void {
  observeRequests(fastify, observe); // first, so that requests refused below are also logged and counted
  refuseWhenOverloaded(fastify, maxEventLoopDelay); // before any work on the request
  limitAddresses(fastify, addressLimit); // malformed requests and unknown routes count too
  limitHeaders(fastify); // before hooks that read a header Node may have dropped
  countAnswersOwed(fastify); // refusals above are sent at once; from here on an answer may be owed
  answerForNode(fastify); // a request without a Host is invalid whatever its path
  refuseUnknownRoutes(fastify); // before a body is read
  refuseUnreadParts(fastify); // an unknown route stays unknown, however it is asked
  addBodyParsers(fastify); // bodies are read after all hooks above
  fastify.setReplySerializer(encodeJson as (answer: unknown) => string);
}

function observeRequests(fastify: FastifyInstance, observe: Options['observe']): void {
  fastify.decorateRequest('outcome', 'ok');
  fastify.decorateRequest('failure');
  fastify.addHook('onRequest', (request, reply, done) => {
    observe(request, reply);
    done();
  });
}

/** Answers a URL that Fastify cannot decode. Such a request reaches no hook, so it is observed and limited here. */
export function answerWithoutHooks({ observe, addressLimit }: Options) {
  const filter = new EnvelopeExceptionFilter();
  return (error: Error, request: FastifyRequest, reply: FastifyReply): void => {
    observe(request, reply);
    filter.answer(beyondLimit(addressLimit, request) ?? error, request, reply);
  };
}
