import { CallHandler, ExecutionContext, Injectable, NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { map, Observable } from 'rxjs';
import { families } from './families';
import { Said } from './said';

/** Wraps a controller's result in the envelope of its family; `void` becomes `[]`. No cache may keep the answer. */
@Injectable()
export class EnvelopeInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const { family, success } = request.routeOptions.config;
    if (!family) return next.handle();
    context.switchToHttp().getResponse<FastifyReply>().header('cache-control', 'no-store');
    return next.handle().pipe(
      map((given: unknown) => {
        const said = given instanceof Said ? given : { result: given, success };
        return families[family].succeed(said.result ?? [], said.success);
      }),
    );
  }
}
