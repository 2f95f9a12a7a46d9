import { isIPv6, type Socket } from 'node:net';
import { createParamDecorator, ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { pathOf } from '../../base/url';

/** The URL of a request without its query. */
export interface PageLocation {
  origin: string;
  path: string;
}

/** The location for a list's page URLs, by the first header of a host that names one, or the connection's own address. */
export const RequestLocation = createParamDecorator((_: unknown, context: ExecutionContext): PageLocation => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  const given = [request.host, request.headers.host ?? '']; // the first is X-Forwarded-Host of a trusted proxy
  const host = given.find(isHost) ?? localHost(request.socket);
  const scheme = request.protocol === 'https' ? 'https' : 'http'; // a proxy may pass on any text from the client
  return { origin: `${scheme}://${host}`, path: pathOf(request.url) };
});

const LABEL = '(?!-)[a-z0-9_-]{1,63}(?<!-)';

/** A name or an IPv4 address, or in brackets an IPv6 address without a zone; then perhaps a port. */
const HOST = new RegExp(`^(?:${LABEL}(?:\\.${LABEL})*\\.?|\\[[0-9a-f:.]+\\])(?::\\d{1,5})?$`, 'i');

/** Whether a header's text is a host for a URL. The URL parser refuses wrong addresses and ports, but few wrong names. */
function isHost(text: string): boolean {
  return text.length <= 260 && HOST.test(text) && URL.canParse(`http://${text}`);
}

function localHost({ localAddress = 'localhost', localPort = 80 }: Socket): string {
  const address = localAddress.replace(/%.*$/s, '').replace(/^::ffff:(?=[\d.]+$)/i, '');
  return `${isIPv6(address) ? `[${address}]` : address}:${localPort}`;
}

/** The URL of a list without its query, on the public address if one is set (CONTRACT 2.3). */
export function listUrl({ origin, path }: PageLocation, publicUrl: string | undefined): string {
  return (publicUrl ?? origin) + path;
}
