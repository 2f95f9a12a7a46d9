import { CanActivate, createParamDecorator, ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { BadParameter } from '../http/output/errors';
import { digits } from '../http/input/fields';
import { EnterpriseService } from './enterprise.service';

/** The enterprise that the request works in, set by {@link EnterpriseGuard}. */
export const CurrentEnterprise = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<FastifyRequest>().enterprise,
);

/** Requires that the user may manage the enterprise chosen in the uniacid of the path (CONTRACT 2.2). */
@Injectable()
export class EnterpriseGuard implements CanActivate {
  constructor(private readonly enterprises: EnterpriseService) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    request.enterprise = await this.enterprises.chosen(request.actor!.userId, uniacidOf(request));
    return true;
  }
}

/** Not UniacidDto: guards run before pipes. */
function uniacidOf(request: FastifyRequest): number {
  try {
    return digits((request.params as { uniacid: string }).uniacid);
  } catch {
    throw new BadParameter(['uniacid 必须是数字']);
  }
}
