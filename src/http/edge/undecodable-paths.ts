import type { FastifyInstance } from 'fastify';
import { isDecodable } from '../../base/url';
import { BadParameter } from '../output/errors';

/** Bounds a parameter of a path, in characters: as Fastify does by default. */
const MAX_PARAMETER_LENGTH = 100;

/**
 * Refuses a path whose percent signs stand for no UTF-8, or with a parameter that is too long. Fastify would refuse both
 * before any hook, without the limits, headers and log line of other answers, so it is shown a path that it can decode.
 */
export function refuseUndecodablePaths(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', ({ originalUrl, params }, _reply, done) => {
    const isTooLong = Object.entries(params as Record<string, string>).some(
      ([name, value]) => name !== '*' && value.length > MAX_PARAMETER_LENGTH, // `*` is the whole of an unknown path
    );
    done(isTooLong || !isDecodable(originalUrl) ? new BadParameter(['请求格式不正确']) : undefined);
  });
}
