import type { SecurityHeadersOptions } from '@nestjs/common';
import type { FastifyHttpOptions } from 'fastify';
import type { Server } from 'node:http';
import { BODY_LIMIT } from '../input/body-parsers';
import { parseQueryString } from '../input/php-params';
import { handleClientError } from './client-errors';

/** Limits and timeouts of the HTTP server, times in milliseconds. */
export const SERVER_OPTIONS: FastifyHttpOptions<Server> = {
  bodyLimit: BODY_LIMIT,
  requestTimeout: 30_000, // bounds a client that sends its request byte by byte
  connectionTimeout: 60_000, // bounds a client that reads nothing; Node notices after twice that at most
  keepAliveTimeout: 72_000, // above a proxy's usual 60 s, so that it never sends on a connection that is just closing
  http: {
    headersTimeout: 10_000,
    connectionsCheckingInterval: 500,
    maxHeaderSize: 16 * 1024, // bytes, including the URL
    requireHostHeader: false, // answerForNode refuses with an envelope
  },
  forceCloseConnections: 'idle',
  return503OnClosing: false, // requests on open connections are still answered while the process shuts down
  routerOptions: { querystringParser: parseQueryString },
  clientErrorHandler: handleClientError,
};

/** Headers that protect an API and its documentation page. HSTS is left to the proxy that holds the certificate. */
export const SECURITY_HEADERS: SecurityHeadersOptions = {
  contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } },
  strictTransportSecurity: false,
  originAgentCluster: false,
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
};
