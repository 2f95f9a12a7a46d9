import { createParamDecorator, ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { pathOf } from '../../base/url';

/** The URL of a request without its query. */
export interface PageLocation {
  origin: string;
  path: string;
}

const HOST = /^(?:[a-z0-9](?:[a-z0-9.-]{0,252})|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i;

/** The location for a list's page URLs. A malformed Host header is replaced by the local address of the connection. */
export const RequestLocation = createParamDecorator((_: unknown, context: ExecutionContext): PageLocation => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  const local = `${request.socket.localAddress ?? 'localhost'}:${request.socket.localPort ?? 80}`;
  const host = HOST.test(request.host) ? request.host : local;
  const scheme = request.protocol === 'https' ? 'https' : 'http'; // a proxy may pass on any text from the client
  return { origin: `${scheme}://${host}`, path: pathOf(request.url) };
});

/** The URL of a list without its query, on the public address if one is set (CONTRACT 2.3). */
export function listUrl({ origin, path }: PageLocation, publicUrl: string | undefined): string {
  return (publicUrl ?? origin) + path;
}
