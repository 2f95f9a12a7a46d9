import type { SecurityHeadersOptions } from '@nestjs/common';
import type { FastifyHttpOptions } from 'fastify';
import type { Server } from 'node:http';
import { BODY_LIMIT } from '../input/body-parsers';
import { parseQueryString } from '../input/php-params';
import { handleClientError } from './client-errors';

/** Limits and timeouts of the HTTP server, times in milliseconds. */
export const SERVER_OPTIONS: FastifyHttpOptions<Server> = {
  bodyLimit: BODY_LIMIT,
  requestTimeout: 30_000, // a client that sends its request byte by byte
  connectionTimeout: 60_000, // a client that reads nothing; Node notices after twice that at most
  keepAliveTimeout: 72_000, // above the usual 60 s of a proxy, which would otherwise send on a connection that just closed
  http: {
    headersTimeout: 10_000,
    connectionsCheckingInterval: 500,
    maxHeaderSize: 16 * 1024, // the URL included
    requireHostHeader: false, // answerForNode
  },
  forceCloseConnections: 'idle',
  return503OnClosing: false, // requests on open connections are answered as usual while the process ends
  routerOptions: { querystringParser: parseQueryString },
  clientErrorHandler: handleClientError,
};

/** Headers that protect an API and its documentation page. Transport security belongs to the proxy with the certificate. */
export const SECURITY_HEADERS: SecurityHeadersOptions = {
  contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } },
  strictTransportSecurity: false,
  originAgentCluster: false,
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
};
