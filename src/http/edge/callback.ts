import type { FastifyRequest } from 'fastify';
import { addRouteConfig } from '../routes/route-config';

/**
 * Marks a route to which another system posts signed XML. It takes larger bodies, answers in plain text without a cause,
 * and what may be signed passes the limits of strangers until its signature is checked: a refused event may be lost.
 * @param mayBeSigned by the query alone
 */
export const Callback = (mayBeSigned: (query: unknown) => boolean) => addRouteConfig({ callback: { mayBeSigned } });

/** Whether a request is a callback that may turn out to be signed. */
export function mayBeSigned({ routeOptions, query }: FastifyRequest): boolean {
  return routeOptions.config.callback?.mayBeSigned(query) ?? false;
}
