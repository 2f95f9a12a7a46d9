import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';

interface ProbeConfig {
  isProbe?: boolean;
}

/** A route that a balancer or supervisor asks all the time: never limited, and in the log only when it is looked for. */
export const Probe = () => RouteConfig({ isProbe: true } satisfies ProbeConfig);

export function isProbe({ routeOptions }: FastifyRequest): boolean {
  return (routeOptions.config as ProbeConfig | undefined)?.isProbe ?? false;
}
