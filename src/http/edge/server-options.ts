import type { SecurityHeadersOptions } from '@nestjs/common';
import type { FastifyHttpOptions } from 'fastify';
import type { Server } from 'node:http';
import { PUBLIC_BODY_LIMIT } from '../input/body-parsers';
import { parseQueryString } from '../input/php-params';
import { handleClientError } from './client-errors';

const MAX_HEADER_BYTES = 16 * 1024;

/** Limits and timeouts of the HTTP server, times in milliseconds. */
export const SERVER_OPTIONS: FastifyHttpOptions<Server> = {
  bodyLimit: PUBLIC_BODY_LIMIT, // limitBodies raises it behind a token
  requestTimeout: 30_000, // bounds a client that sends its request byte by byte
  connectionTimeout: 60_000, // bounds a client that reads nothing; Node notices after twice that at most
  keepAliveTimeout: 72_000, // above a proxy's usual 60 s, so that it never sends on a connection that is just closing
  http: {
    headersTimeout: 10_000,
    connectionsCheckingInterval: 500,
    maxHeaderSize: MAX_HEADER_BYTES, // including the URL
    requireHostHeader: false, // answerForNode refuses with an envelope
  },
  forceCloseConnections: 'idle',
  return503OnClosing: false, // requests on open connections are still answered while the process shuts down
  // A path that Fastify itself refuses would reach no hook: refuseUndecodablePaths refuses it.
  routerOptions: { querystringParser: parseQueryString, maxParamLength: MAX_HEADER_BYTES },
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

/**
 * What pages of other origins may do. Cookies are not among it, whatever the origins (`credentials` is off): such a page
 * signs in for a token of its own.
 */
export const CORS_OPTIONS = {
  exposedHeaders: ['X-Request-Id', 'Retry-After'],
  strictPreflight: false, // refuses with text outside any envelope
};
