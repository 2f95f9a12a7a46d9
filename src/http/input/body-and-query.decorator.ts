import { createParamDecorator, ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** The parameters of a family B request; the body's take precedence over the query's (CONTRACT 2.1). */
export const BodyAndQuery = createParamDecorator((_: unknown, context: ExecutionContext): Record<string, unknown> => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  return { ...(request.query as object), ...(request.body as object | undefined) };
});
