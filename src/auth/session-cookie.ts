import { createParamDecorator, ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

const NAME = 'customer_hub_session';

/** Over TLS the name forbids other hosts of the domain to set such a cookie (`__Host-`: Secure, Path=/, no Domain). */
const nameOf = (request: FastifyRequest) => (isSecure(request) ? `__Host-${NAME}` : NAME);

/** A proxy may write the scheme in any case. */
const isSecure = ({ protocol }: FastifyRequest) => /^https$/i.test(protocol);

/** The session cookie of a browser (CONTRACT 2.5): what it sent, and what the answer sets. */
export interface SessionCookie {
  /** The different tokens that were sent: none, one, or more if several hosts of a domain set a cookie of this name. */
  tokens: string[];
  /** @param maxAge seconds; without it the cookie ends with the browser's session */
  set(token: string, maxAge?: number): void;
  clear(): void;
}

/** The session cookie of the request. */
export const Cookie = createParamDecorator((_: unknown, context: ExecutionContext): SessionCookie => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  const reply = context.switchToHttp().getResponse<FastifyReply>();
  const set = (token: string, maxAge?: number) => {
    const attributes = [
      'Path=/',
      'HttpOnly',
      'SameSite=Strict',
      ...(isSecure(request) ? ['Secure'] : []),
      ...(maxAge === undefined ? [] : [`Max-Age=${maxAge}`]),
    ];
    reply.header('set-cookie', [`${nameOf(request)}=${token}`, ...attributes].join('; '));
  };
  return { tokens: sessionTokens(request), set, clear: () => set('', 0) };
});

/** The different tokens in the cookies of a request; none if another origin's page sent it. */
export function sessionTokens(request: FastifyRequest): string[] {
  if (!isFromOwnPage(request)) return [];
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim());
  const start = `${nameOf(request)}=`;
  const tokens = pairs.flatMap((pair) => (pair.startsWith(start) ? pair.slice(start.length) : []));
  return [...new Set(tokens.filter((token) => token !== ''))];
}

/**
 * Whether a page of the same origin sent the request, or no page. SameSite=Strict keeps the cookie from other sites but
 * not from other hosts of the same domain. Browsers tell both apart by Sec-Fetch-Site, where the connection has TLS, and
 * otherwise by the Origin of a request that changes something.
 */
export function isFromOwnPage({ headers, host }: FastifyRequest): boolean {
  const { origin } = headers;
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  return origin === undefined || origin.replace(/^https?:\/\//, '') === host;
}
