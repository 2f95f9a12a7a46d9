import type { FastifyInstance } from 'fastify';
import { pathOf } from '../../base/url';
import { TransportFailure } from '../output/errors';

/**
 * Answers 404 for an unknown path, and 405 for a known path with another method or with HEAD where GET changes something,
 * before the body is read.
 */
export function refuseUnknownRoutes(fastify: FastifyInstance): void {
  const methodsByPath = new Map<string, { pattern: RegExp; methods: Set<string> }>();

  fastify.addHook('onRoute', ({ url, method }) => {
    if (url.includes('*')) return;
    const known = methodsByPath.get(url) ?? { pattern: toPattern(url), methods: new Set() };
    for (const name of [method].flat()) known.methods.add(name);
    methodsByPath.set(url, known);
  });

  fastify.addHook('onRequest', (request, reply, done) => {
    const refuseMethod = (allowed: string[]) => {
      void reply.header('Allow', allowed.join(', '));
      done(new TransportFailure('method-not-allowed'));
    };
    if (request.method === 'HEAD' && request.routeOptions.config.changes) return refuseMethod(['GET', 'POST']);
    if (!request.is404) return done();
    const path = pathOf(request.url);
    const known = [...methodsByPath.values()].find(({ pattern }) => pattern.test(path));
    if (!known) return done(new TransportFailure('route-not-found'));
    refuseMethod([...known.methods]);
  });
}

function toPattern(url: string): RegExp {
  return new RegExp(`^${url.replace(/[.\\+*?^${}()|[\]]/g, '\\$&').replace(/:\w+/g, '[^/]+')}$`);
}
