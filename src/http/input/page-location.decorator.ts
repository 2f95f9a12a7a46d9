import { createParamDecorator, ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { pathOf } from '../../base/url';

/** Where a request came in: scheme and host (the client's, when it is a well-formed one), and the path without query. */
export interface PageLocation {
  origin: string;
  path: string;
}

const HOST = /^(?:[a-z0-9](?:[a-z0-9.-]{0,252})|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i;

/** The location of a list, for its page URLs; the address of the connection replaces a malformed Host header. */
export const RequestLocation = createParamDecorator((_: unknown, context: ExecutionContext): PageLocation => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  const reached = `${request.socket.localAddress ?? 'localhost'}:${request.socket.localPort ?? 80}`;
  const host = HOST.test(request.host) ? request.host : reached;
  const scheme = request.protocol === 'https' ? 'https' : 'http'; // a proxy may pass on what the client wrote
  return { origin: `${scheme}://${host}`, path: pathOf(request.url) };
});
