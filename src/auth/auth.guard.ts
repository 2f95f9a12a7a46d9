import { CanActivate, createParamDecorator, ExecutionContext, Inject, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { ENV, Env } from '../config/env';
import { NotSignedIn } from '../http/output/errors';
import { RateLimit } from '../http/edge/rate-limit';
import { credentialsOf } from './credentials';
import { SessionStore } from './session-store';

const PUBLIC = 'customer-hub:public';

/** Opens a route to callers without a token. */
export const Public = () => SetMetadata(PUBLIC, true);

/** The signed-in user of the request. */
export const CurrentUser = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<FastifyRequest>().actor,
);

/** The token of the request. */
export const CurrentToken = createParamDecorator(
  (_: unknown, context: ExecutionContext) => credentialsOf(context.switchToHttp().getRequest<FastifyRequest>()).token,
);

/** Requires a token on all routes but {@link Public} ones (CONTRACT 1.2, 2.1), and limits its account's requests. */
@Injectable()
export class AuthGuard implements CanActivate {
  private readonly limit: RateLimit;

  constructor(
    private readonly reflector: Reflector,
    private readonly sessions: SessionStore,
    @Inject(ENV) env: Env,
  ) {
    this.limit = new RateLimit(env.RATE_LIMIT_ACCOUNT);
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (this.reflector.get<boolean | undefined>(PUBLIC, context.getHandler())) return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const { token, uid } = credentialsOf(request);
    request.actor = await this.sessions.actorOf(token);
    if (uid !== undefined && uid !== String(request.actor.userId)) throw new NotSignedIn('illegal');
    this.limit.take(request.actor.userId);
    return true;
  }
}
