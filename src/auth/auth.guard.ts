import { CanActivate, createParamDecorator, ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { NotSignedIn } from '../http/output/errors';
import { addRouteConfig } from '../http/routes/route-config';
import { credentialsOf } from './credentials';

/** Opens a route to callers without a token. */
export const Public = () => addRouteConfig({ isPublic: true });

/** The signed-in user of the request. */
export const CurrentUser = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<FastifyRequest>().actor,
);

/** The token of the request. */
export const CurrentToken = createParamDecorator(
  (_: unknown, context: ExecutionContext) => credentialsOf(context.switchToHttp().getRequest<FastifyRequest>()).token,
);

/** Keeps a route closed that is neither public nor of a family, whose routes Authenticator guards. */
@Injectable()
export class AuthGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { actor, routeOptions } = context.switchToHttp().getRequest<FastifyRequest>();
    if (!actor && !routeOptions.config.isPublic) throw new NotSignedIn('missing');
    return true;
  }
}
