import type { FastifyInstance } from 'fastify';
import { BadParameter } from '../output/errors';

/** A client with a browser, proxies and tracing sends some thirty. */
const MAX_HEADERS = 100;

/** Node itself would leave out what is beyond its limit without a word, and with it perhaps the token. */
export function limitHeaders(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', ({ raw }, _reply, done) => {
    const isTooMany = raw.rawHeaders.length > 2 * MAX_HEADERS; // names and values
    done(isTooMany ? new BadParameter([`请求头不能超过${MAX_HEADERS}个`]) : undefined);
  });
}
