import { CanActivate, ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { isFromOwnPage } from '../../auth/session-cookie';
import { NotSignedIn } from '../../http/output/errors';

/** Refuses what another site's page sends, which could sign a user in to the attacker's account without a word. */
@Injectable()
export class OwnPageGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    if (!isFromOwnPage(context.switchToHttp().getRequest<FastifyRequest>())) throw new NotSignedIn('illegal');
    return true;
  }
}
