import { createParamDecorator, ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { assertReadable } from './php-params';

/** The parameters of a request of family B: body first, then query (CONTRACT 2.1). */
export const Params = createParamDecorator((_: unknown, context: ExecutionContext): Record<string, unknown> => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  assertReadable(request.query);
  return { ...(request.query as object), ...(request.body as object | undefined) };
});
