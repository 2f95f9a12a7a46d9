import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyContextConfig, FastifyRequest } from 'fastify';

/** A route that a balancer or supervisor asks all the time: never limited, and in the log only when it is looked for. */
export const Probe = () => RouteConfig({ isProbe: true } satisfies FastifyContextConfig);

export function isProbe({ routeOptions }: FastifyRequest): boolean {
  return routeOptions.config.isProbe ?? false;
}
