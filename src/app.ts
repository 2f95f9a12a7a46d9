import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, NestFastifyApplication } from '@nestjs/platform-fastify';
import { FastifyRequest, LogController } from 'fastify';
import { AppModule } from './app.module';
import { Authenticator } from './auth/authenticator';
import { cleanUrl, decodableUrl } from './base/url';
import type { Env } from './config/env';
import { installHooks } from './http/edge/install';
import { RateLimit } from './http/edge/rate-limit';
import { CORS_OPTIONS, SECURITY_HEADERS, SERVER_OPTIONS } from './http/edge/server-options';
import { trustedProxies } from './http/edge/trusted-proxies';
import { addSwagger } from './http/openapi/swagger';
import { routeInPath } from './legacy-front/sign-in/route-in-path';
import { createLog, NestLog } from './operations/log';
import { observePool } from './operations/metrics';
import { observe, requestIdFrom } from './operations/request-log';
import { openDatabase } from './start/open-database';

/**
 * Builds the whole application, ready to listen; the program and every test use this function.
 * @throws DatabaseNotReady when the database cannot be used as it is
 */
export async function createApp(env: Env, log = createLog(env)): Promise<NestFastifyApplication> {
  Logger.overrideLogger(new NestLog(log));
  const dataSource = await openDatabase(env);
  observePool(dataSource);
  const addressLimit = new RateLimit(env.RATE_LIMIT_ADDRESS);
  const edge = {
    observe,
    addressLimit,
    // By a function, because Nest makes the Authenticator after the hooks are there.
    authenticate: (request: FastifyRequest): void | Promise<void> => authenticator.authenticate(request),
    maxEventLoopDelay: env.MAX_EVENT_LOOP_DELAY_MS,
  };
  const isTrusted = trustedProxies(env.TRUSTED_PROXIES);
  const adapter = new FastifyAdapter({
    ...SERVER_OPTIONS,
    skipMiddie: true, // no middleware is used, and its hook would run for every request
    // From here on, every reader of the URL sees it without extra slashes and with its route in the path.
    rewriteUrl: ({ url }: { url?: string }) => decodableUrl(routeInPath(cleanUrl(url ?? '/'))),
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'request_id' }),
    genReqId: requestIdFrom(isTrusted),
    // With a function, every look at an address reads headers and asks for each of its addresses.
    trustProxy: env.TRUSTED_PROXIES.length > 0 && isTrusted,
  });
  installHooks(adapter.getInstance(), edge);
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(env, dataSource), adapter, {
    bodyParser: false,
    abortOnError: false,
  });
  const authenticator = app.get(Authenticator);
  app.useSecurityHeaders(SECURITY_HEADERS);
  if (env.CORS_ORIGINS.length > 0) app.enableCors({ ...CORS_OPTIONS, origin: env.CORS_ORIGINS });
  addSwagger(app, env.PUBLIC_URL);
  return app.init();
}
