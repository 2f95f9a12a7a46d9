import type { FastifyRequest } from 'fastify';
import { addRouteConfig } from '../routes/route-config';

/** Marks a route that balancers and supervisors poll: it is never limited, and logged at level debug. */
export const Probe = () => addRouteConfig({ isProbe: true });

export function isProbe({ routeOptions }: FastifyRequest): boolean {
  return routeOptions.config.isProbe ?? false;
}
