import type { Socket } from 'node:net';
import { Logger, SecurityHeadersOptions } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, NestFastifyApplication } from '@nestjs/platform-fastify';
import { ConnectionError, FastifyReply, FastifyRequest, LogController } from 'fastify';
import { AppModule } from './app.module';
import type { Env } from './config/env';
import { openDatabase } from './start/open-database';
import { EnvelopeExceptionFilter } from './http/output/exception.filter';
import { encodeJson } from './http/output/json';
import { addBodyParsers, BODY_LIMIT } from './http/input/body-parsers';
import { answerForNode, handleClientError, noteConnectionsInUse } from './http/edge/client-errors';
import { limitHeaders } from './http/edge/header-count';
import { refuseWhenOverloaded } from './http/edge/overload';
import { parseQueryString } from './http/input/php-params';
import { beyondLimit, limitAddresses, RateLimit } from './http/edge/rate-limit';
import { trustedProxies } from './http/edge/trusted-proxies';
import { refuseUnknownRoutes } from './http/edge/unknown-routes';
import { addSwagger } from './http/openapi/swagger';
import { createLog, NestLog } from './operations/log';
import { observePool } from './operations/metrics';
import { observe, observeRequests, requestIdFrom } from './operations/request-log';

/**
 * Only the headers that matter to an API and its documentation; HSTS is left to the proxy that holds the certificate.
 */
const SECURITY_HEADERS: SecurityHeadersOptions = {
  contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } },
  strictTransportSecurity: false,
  originAgentCluster: false,
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
};

/**
 * Builds the whole application, ready to listen; the program and every test use this function.
 * @throws DatabaseNotReady when the database cannot be used as it is
 */
export async function createApp(env: Env, log = createLog(env)): Promise<NestFastifyApplication> {
  Logger.overrideLogger(new NestLog(log));
  const dataSource = await openDatabase(env);
  observePool(dataSource);
  const filter = new EnvelopeExceptionFilter();
  const addressLimit = new RateLimit(env.RATE_LIMIT_ADDRESS);
  const isTrusted = trustedProxies(env.TRUSTED_PROXIES);
  const adapter: FastifyAdapter = new FastifyAdapter({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'request_id' }),
    genReqId: requestIdFrom(isTrusted),
    trustProxy: isTrusted,
    bodyLimit: BODY_LIMIT,
    requestTimeout: 30_000, // bounds a client that trickles its request
    connectionTimeout: 60_000, // bounds a client that reads nothing; Node notices within twice this time
    keepAliveTimeout: 72_000, // above a proxy's usual 60 s, so that the proxy never reuses a closed connection
    http: {
      headersTimeout: 10_000,
      connectionsCheckingInterval: 500,
      maxHeaderSize: 16 * 1024, // the URL included
      requireHostHeader: false, // answerForNode
    },
    forceCloseConnections: 'idle',
    return503OnClosing: false, // during shutdown, requests on open connections are answered as usual
    routerOptions: { querystringParser: parseQueryString },
    clientErrorHandler: (error: ConnectionError, socket: Socket) =>
      handleClientError(adapter.getHttpServer(), error, socket),
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
      observe(request, reply);
      filter.answer(beyondLimit(addressLimit, request) ?? error, request, reply);
    },
  });
  const fastify = adapter.getInstance();
  fastify.setReplySerializer(encodeJson as (answer: unknown) => string);
  observeRequests(fastify);
  refuseWhenOverloaded(fastify, env.MAX_EVENT_LOOP_DELAY_MS);
  limitAddresses(fastify, addressLimit);
  limitHeaders(fastify);
  addBodyParsers(fastify);
  noteConnectionsInUse(fastify);
  answerForNode(fastify);
  refuseUnknownRoutes(fastify);
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(env, dataSource), adapter, {
    bodyParser: false,
    abortOnError: false,
  });
  app.useSecurityHeaders(SECURITY_HEADERS);
  if (env.CORS_ORIGINS.length > 0) app.enableCors({ origin: env.CORS_ORIGINS, strictPreflight: false });
  addSwagger(app);
  return app.init();
}
