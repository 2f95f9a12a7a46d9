import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { addBodyParsers } from '../input/body-parsers';
import { encodeJson } from '../output/json';
import { needsToken } from '../routes/route-config';
import { boundAnswers } from './answer-budget';
import { answerInTurn } from './answers-owed';
import { boundBodies, limitBodies } from './body-budget';
import { addressOf } from './client-address';
import { answerForNode } from './client-errors';
import { limitHeaders } from './header-count';
import { refuseWhenOverloaded } from './overload';
import { limitAddresses, RateLimit } from './rate-limit';
import { refuseUndecodablePaths } from './undecodable-paths';
import { refuseUnknownRoutes } from './unknown-routes';
import { refuseUnreadParts } from './unread-parts';

interface Options {
  /** Logs and counts a request once it is answered; passed in because this room may not import operations/. */
  observe: (request: FastifyRequest, reply: FastifyReply) => void;
  addressLimit: RateLimit;
  /** Signs a request in or throws; passed in because this room may not import auth/. */
  authenticate: (request: FastifyRequest) => void | Promise<void>;
  /** Mean event loop delay in milliseconds; 0 for no limit. */
  maxEventLoopDelay: number;
}

/**
 * Installs what every request passes before its route. Hooks run in the order of these lines, and the first refusal
 * ends the request. Called before Nest registers its routes.
 */
export function installHooks(fastify: FastifyInstance, options: Options): void {
  const { observe, addressLimit, authenticate, maxEventLoopDelay } = options;
  observeRequests(fastify, observe); // first, so that requests refused below are also logged and counted
  answerInTurn(fastify); // before anything that reads or answers: what waits costs no more than its headers
  refuseWhenOverloaded(fastify, maxEventLoopDelay); // before any work on the request
  limitAddresses(fastify, addressLimit); // malformed requests and unknown routes count too
  limitHeaders(fastify); // before hooks that read a header Node may have dropped
  answerForNode(fastify); // a request without a Host is invalid whatever its path
  refuseUndecodablePaths(fastify); // an undecodable path is invalid, not unknown
  refuseUnknownRoutes(fastify); // before a body is read
  refuseUnreadParts(fastify); // an unknown route stays unknown, however it is asked
  authenticateBeforeBody(fastify, authenticate); // last of what needs the headers alone, because it may ask the database
  limitBodies(fastify); // nothing is read of a body that is too large
  boundBodies(fastify); // shares count by account, so after it is known
  addBodyParsers(fastify); // bodies are read after all hooks above
  boundAnswers(fastify);
  fastify.setReplySerializer(encodeJson as (answer: unknown) => string);
}

function observeRequests(fastify: FastifyInstance, observe: Options['observe']): void {
  fastify.decorateRequest('address', 'unknown');
  fastify.decorateRequest('outcome', 'ok');
  fastify.decorateRequest('failure');
  fastify.addHook('onRequest', (request, reply, done) => {
    request.address = addressOf(request.ip);
    observe(request, reply);
    done();
  });
}

function authenticateBeforeBody(fastify: FastifyInstance, authenticate: Options['authenticate']): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    const pending = needsToken(request.routeOptions.config) ? authenticate(request) : undefined;
    if (pending) pending.then(() => done(), done);
    else done();
  });
}
