import type { FastifyRequest } from 'fastify';
import { NotSignedIn } from '../http/output/errors';
import { BUSINESS_PATHS } from '../http/output/families';
import { sessionTokens } from './session-cookie';

/** What a request shows to be signed in. */
export interface Credentials {
  token: string;
  /** The user_id that the token must belong to, if the client names one. */
  uid?: string;
}

/**
 * The token of the Authorization header. A header that names none leaves family B's pages, and no other routes, to the
 * session cookie (CONTRACT 2.5); beside a header that names one the cookie counts for nothing, even if that token is
 * refused.
 * @throws NotSignedIn
 */
export function credentialsOf(request: FastifyRequest): Credentials {
  const { authorization } = request.headers;
  const named = authorization === undefined ? undefined : readHeader(authorization);
  if (named && !EMPTY_TOKENS.includes(named.token)) return named;
  const [token, other] = request.routeOptions.url?.startsWith(BUSINESS_PATHS) ? sessionTokens(request) : [];
  // Two cookies of one name come from two hosts of a domain; nothing tells which of them is ours.
  if (token === undefined || other !== undefined) {
    throw new NotSignedIn(authorization === undefined ? 'missing' : 'illegal');
  }
  return { token };
}

/** What JavaScript makes of the token of a client that has none: the vendor's page sends `Basic null:null`. */
const EMPTY_TOKENS = ['', 'null', 'undefined'];

/**
 * Reads `Bearer <token>`, or `Basic base64(uid:token)` as family B's page sends it. All that follows the scheme is the
 * token.
 * @throws NotSignedIn for any other scheme
 */
function readHeader(header: string): Credentials {
  const [, scheme = '', credentials = ''] = /^(\S*)\s*(.*)$/s.exec(header.trim())!;
  if (/^(bearer)?$/i.test(scheme)) return { token: credentials };
  if (!/^basic$/i.test(scheme)) throw new NotSignedIn('illegal');
  const [uid = '', token = ''] = Buffer.from(credentials, 'base64').toString('utf8').split(':', 2);
  return { token, uid };
}
