import type { FastifyInstance } from 'fastify';
import { BadParameter } from '../output/errors';

/** A browser, proxies and tracing together send about 30 headers. */
const MAX_HEADERS = 100;

/** Refuses requests with more headers, because Node silently drops those beyond its own limit, perhaps the token. */
export function limitHeaders(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', ({ raw }, _reply, done) => {
    const isTooMany = raw.rawHeaders.length > 2 * MAX_HEADERS; // a name and a value each
    done(isTooMany ? new BadParameter([`请求头不能超过${MAX_HEADERS}个`]) : undefined);
  });
}
