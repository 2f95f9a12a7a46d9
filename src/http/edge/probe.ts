import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyContextConfig, FastifyRequest } from 'fastify';

/** Marks a route that balancers and supervisors poll: it is never limited, and logged at level debug. */
export const Probe = () => RouteConfig({ isProbe: true } satisfies FastifyContextConfig);

export function isProbe({ routeOptions }: FastifyRequest): boolean {
  return routeOptions.config.isProbe ?? false;
}
