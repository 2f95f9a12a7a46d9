import type { FastifyInstance } from 'fastify';
import { BadParameter } from '../output/errors';

/** A browser, proxies and tracing together send about 30. */
const MAX_HEADERS = 100;

/** Refuses requests with more headers: Node silently drops headers beyond its own limit, perhaps the token. */
export function limitHeaders(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', ({ raw }, _reply, done) => {
    const isTooMany = raw.rawHeaders.length > 2 * MAX_HEADERS; // names and values
    done(isTooMany ? new BadParameter([`请求头不能超过${MAX_HEADERS}个`]) : undefined);
  });
}
