import { CanActivate, createParamDecorator, ExecutionContext, Inject, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { ENV, Env } from '../config/env';
import { NotSignedIn } from '../http/output/errors';
import { RateLimit } from '../http/edge/rate-limit';
import { SessionStore } from './session-store';

const PUBLIC = 'customer-hub:public';

/** Opens a route to callers without a token. */
export const Public = () => SetMetadata(PUBLIC, true);

/** The signed-in user of the request. */
export const CurrentUser = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<FastifyRequest>().actor,
);

/** The bearer token of the request. */
export const CurrentToken = createParamDecorator(
  (_: unknown, context: ExecutionContext) => tokenOf(context.switchToHttp().getRequest<FastifyRequest>()).token,
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
    const { token, uid } = tokenOf(request);
    request.actor = await this.sessions.actorOf(token);
    if (uid !== undefined && uid !== String(request.actor.userId)) throw new NotSignedIn('illegal');
    this.limit.take(request.actor.userId);
    return true;
  }
}

/** Reads `Bearer <token>`, or `Basic base64(uid:token)` as family B's page sends it. @throws NotSignedIn */
function tokenOf(request: FastifyRequest): { token: string; uid?: string } {
  const header = request.headers.authorization;
  if (!header) throw new NotSignedIn('missing');
  const [scheme = '', credentials = ''] = header.trim().split(/\s+/, 2);
  if (/^bearer$/i.test(scheme) && credentials) return { token: credentials };
  if (/^basic$/i.test(scheme) && credentials) {
    const [uid = '', token = ''] = Buffer.from(credentials, 'base64').toString('utf8').split(':', 2);
    return { token, uid };
  }
  throw new NotSignedIn('illegal');
}
