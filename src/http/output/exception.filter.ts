import { ArgumentsHost, Catch, ExceptionFilter, HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { NoTurn } from '../../base/turns';
import { isDatabaseAway } from '../../database/errors';
import { BadParameter, Failure, FailureKind, TooManyRequests, TransportFailure } from './errors';
import { families, familyOfUrl } from './families';

/** The HTTP statuses of failures outside the contract; every failure of the contract is 200 (CONTRACT 1.1). */
export const HTTP_STATUS: Partial<Record<FailureKind, number>> = {
  'method-not-allowed': 405,
  'body-too-large': 413,
  'too-many-requests': 429,
  fault: 500,
  unavailable: 503,
  timeout: 504,
};

/** Retry-After of a 503: overload and a database failover mostly end within this time. */
const RETRY_UNAVAILABLE_SECONDS = 2;

/** The HTTP statuses of a callback's failures, where those of the contract are no 200 either. */
const callbackStatus: Partial<Record<FailureKind, number>> = {
  ...HTTP_STATUS,
  'bad-parameter': 400,
  rejected: 403,
  'route-not-found': 404,
};

/** Answers anything thrown by a parser, guard, pipe, service or the framework in the envelope of the family. */
@Catch()
export class EnvelopeExceptionFilter implements ExceptionFilter {
  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (request.socket.destroyed && !request.raw.complete) return; // the client left before its request was complete
    const failure = toFailure(thrown);
    if (failure.kind === 'fault' || failure.kind === 'unavailable') request.log.error({ err: thrown }, failure.kind);
    if (request.socket.destroyed || reply.sent) return; // the client has left, or has its answer
    void reply.send(refuse(failure, request, reply));
  }
}

/**
 * Makes a reply that of a failure: its outcome, status and headers.
 * @returns the body, in the envelope of the family; of a callback one word, which tells a stranger nothing
 */
export function refuse(failure: Failure, request: FastifyRequest, reply: FastifyReply): object | string {
  request.outcome = failure.kind;
  request.failure = failure.constructor.name;
  if (failure instanceof TooManyRequests) reply.header('Retry-After', failure.retryAfter);
  if (failure.kind === 'unavailable') reply.header('Retry-After', RETRY_UNAVAILABLE_SECONDS);
  reply.header('cache-control', 'no-store');
  if (request.routeOptions.config.callback) {
    reply.status(callbackStatus[failure.kind] ?? 400).type('text/plain; charset=utf-8');
    return 'refused';
  }
  const family = families[request.routeOptions.config.family ?? familyOfUrl(request.url)];
  reply
    .status(failure.kind === 'route-not-found' ? family.unknownRoute : (HTTP_STATUS[failure.kind] ?? 200))
    .type('application/json; charset=utf-8');
  return family.fail(failure);
}

const kindOfStatus: Record<number, TransportFailure['kind']> = {
  404: 'route-not-found',
  405: 'method-not-allowed',
  413: 'body-too-large',
  429: 'too-many-requests',
  503: 'unavailable',
  504: 'timeout',
};

function toFailure(thrown: unknown): Failure {
  if (thrown instanceof Failure) return thrown;
  if (isDatabaseAway(thrown) || thrown instanceof NoTurn) return new TransportFailure('unavailable');
  const status = statusOf(thrown);
  if (kindOfStatus[status]) return new TransportFailure(kindOfStatus[status]);
  // The remaining 4xx are requests that Fastify cannot read: a broken body, an unknown Content-Type, a bad URL.
  if (status >= 400 && status < 500) return new BadParameter(['请求格式不正确']);
  return new TransportFailure('fault');
}

function statusOf(thrown: unknown): number {
  if (thrown instanceof HttpException) return thrown.getStatus();
  const { statusCode } = (thrown ?? {}) as { statusCode?: unknown };
  return typeof statusCode === 'number' ? statusCode : 500;
}
