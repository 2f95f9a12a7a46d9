import type { FastifyInstance, FastifyRequest } from 'fastify';
import { assertReadable } from '../input/php-params';
import { BadParameter } from '../output/errors';

/**
 * Refuses what would be dropped unnoticed (CONTRACT 1.1): a query on a route of family A, whose parameters come in
 * the body; an unreadable query; and the second of two headers of which Node keeps the first. Pages that belong to no
 * family (`/health`, `/docs` …) take any query.
 */
export function refuseUnreadParts(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    assertQueryIsRead(request);
    assertNoHeaderDiffers(request.raw.rawHeaders);
    done();
  });
}

function assertQueryIsRead({ query, routeOptions }: FastifyRequest): void {
  const { family } = routeOptions.config;
  if (!family) return;
  assertReadable(query);
  if (family === 'mix' && Object.keys(query as object).length > 0) throw new BadParameter(['参数须放在请求体中']);
}

/** The headers that decide something and of which Node keeps the first; it refuses a second Content-Length itself, answerForNode a second Host. */
const SINGLE = ['authorization', 'content-type'];

/** @param raw names and values in turn; the same value twice drops nothing */
function assertNoHeaderDiffers(raw: string[]): void {
  const seen: Record<string, string> = {};
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i]!.toLowerCase();
    if (!SINGLE.includes(name)) continue;
    const first = (seen[name] ??= raw[i + 1]!);
    if (first !== raw[i + 1]) throw new BadParameter([`请求头 ${name} 不能有两个不同的值`]);
  }
}
