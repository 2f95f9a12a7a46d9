import { createParamDecorator, ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { assertReadable } from './php-params';

/** The parameters of a family B request; the body's take precedence over the query's (CONTRACT 2.1). */
export const BodyAndQuery = createParamDecorator((_: unknown, context: ExecutionContext): Record<string, unknown> => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  assertReadable(request.query);
  return { ...(request.query as object), ...(request.body as object | undefined) };
});
