import { createParamDecorator, ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** The address of the request's client. Unlike Nest's `@Ip()` it is read once, and known after the client has left. */
export const Address = createParamDecorator(
  (_: unknown, context: ExecutionContext): string => context.switchToHttp().getRequest<FastifyRequest>().address,
);
