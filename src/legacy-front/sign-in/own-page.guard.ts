import { CanActivate, ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { isFromOwnPage } from '../../auth/session-cookie';
import { NotSignedIn } from '../../http/output/errors';

/**
 * Refuses what a page of another origin sends, of another host of the same site, too: it could sign a user in to the
 * attacker's account unnoticed.
 */
@Injectable()
export class OwnPageGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    if (!isFromOwnPage(context.switchToHttp().getRequest<FastifyRequest>())) throw new NotSignedIn('illegal');
    return true;
  }
}
