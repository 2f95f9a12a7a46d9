import type { LogLevel } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppModule } from './app.module';
import type { Env } from './config/env';
import { addBodyParsers, BODY_LIMIT } from './http/body-parsers';
import { EnvelopeExceptionFilter } from './http/exception.filter';
import { parseQueryString } from './http/php-params';
import { refuseWrongMethods } from './http/methods';
import { addSwagger } from './http/swagger';

const LOG_LEVELS: LogLevel[] = ['fatal', 'error', 'warn', 'log', 'debug', 'verbose'];

/**
 * The whole product, ready to listen: the program and every test use this one.
 * @throws DatabaseNotReady when the database cannot be used as it is
 */
export async function createApp(env: Env): Promise<NestFastifyApplication> {
  const filter = new EnvelopeExceptionFilter();
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT,
    requestTimeout: 30_000, // a client that sends its request drop by drop
    keepAliveTimeout: 72_000, // above the usual 60 s of a proxy, so that it never meets a closed connection
    http: { headersTimeout: 10_000, connectionsCheckingInterval: 2_000 },
    forceCloseConnections: 'idle',
    routerOptions: { querystringParser: parseQueryString },
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) =>
      filter.answer(error, request, reply),
  });
  addBodyParsers(adapter.getInstance());
  refuseWrongMethods(adapter.getInstance());
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(env), adapter, {
    bodyParser: false,
    abortOnError: false,
    logger: LOG_LEVELS.slice(0, LOG_LEVELS.indexOf(env.LOG_LEVEL) + 1),
  });
  app.enableShutdownHooks();
  addSwagger(app);
  return app.init();
}
