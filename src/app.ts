import type { Socket } from 'node:net';
import { Logger, LogLevel } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, NestFastifyApplication } from '@nestjs/platform-fastify';
import type { ConnectionError, FastifyReply, FastifyRequest } from 'fastify';
import { AppModule } from './app.module';
import type { Env } from './config/env';
import { openDatabase } from './database/open';
import { handleClientError, noteConnectionsInUse } from './http/request/client-errors';
import { addBodyParsers, BODY_LIMIT } from './http/request/body-parsers';
import { EnvelopeExceptionFilter } from './http/exception.filter';
import { encodeJson } from './http/json';
import { parseQueryString } from './http/request/php-params';
import { refuseUnknownRoutes } from './http/request/unknown-routes';
import { addSwagger } from './http/swagger';

const LOG_LEVELS: LogLevel[] = ['fatal', 'error', 'warn', 'log', 'debug', 'verbose'];

/**
 * The whole product, ready to listen: the program and every test use this one.
 * @throws DatabaseNotReady when the database cannot be used as it is
 */
export async function createApp(env: Env): Promise<NestFastifyApplication> {
  Logger.overrideLogger(LOG_LEVELS.slice(0, LOG_LEVELS.indexOf(env.LOG_LEVEL) + 1));
  const dataSource = await openDatabase(env);
  const filter = new EnvelopeExceptionFilter();
  const adapter: FastifyAdapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT,
    requestTimeout: 30_000, // a client that sends its request drop by drop
    keepAliveTimeout: 72_000, // above the usual 60 s of a proxy, so that it never meets a closed connection
    http: { headersTimeout: 10_000, connectionsCheckingInterval: 2_000 },
    forceCloseConnections: 'idle',
    routerOptions: { querystringParser: parseQueryString },
    clientErrorHandler: (error: ConnectionError, socket: Socket) =>
      handleClientError(adapter.getHttpServer(), error, socket),
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) =>
      filter.answer(error, request, reply),
  });
  adapter.getInstance().setReplySerializer(encodeJson as (answer: unknown) => string);
  addBodyParsers(adapter.getInstance());
  noteConnectionsInUse(adapter.getInstance());
  refuseUnknownRoutes(adapter.getInstance());
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(env, dataSource), adapter, {
    bodyParser: false,
    abortOnError: false,
  });
  app.enableShutdownHooks([], { useProcessExit: true }); // exit code 0 after SIGTERM
  addSwagger(app);
  return app.init();
}
