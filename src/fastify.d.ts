import type { Actor } from './auth/policy';
import type { ManagedEnterprise } from './enterprise/tenant';
import type { FailureKind, TooManyRequests } from './http/output/errors';
import type { FamilyName, Success } from './http/output/families';

/**
 * All that requests and routes carry besides Fastify's own properties. The file names types of several rooms, so it
 * stands above them; it is ambient: tsconfig.json includes it, no file imports it.
 */
declare module 'fastify' {
  interface FastifyRequest {
    /** The client's address, read once by `observeRequests`: later a closed connection no longer tells it. */
    address: string;
    /** What the answer says inside its envelope; `aborted` when the client left before the answer. */
    outcome: 'ok' | 'aborted' | FailureKind;
    /** The class of the failure, which tells refusals apart: `WrongCredentials`, `RecordNotFound` … */
    failure?: string;
    /** The refusal that a callback gets unless it is signed, because its address has used up its limit. */
    beyondLimit?: TooManyRequests;
    /** The signed-in user, set by Authenticator before the body is read; absent on a public route. */
    actor?: Actor;
    /** The enterprise that the request works in, set by EnterpriseGuard. */
    enterprise?: ManagedEnterprise;
  }

  /** What decorators declare on a route, read from `request.routeOptions.config`. */
  interface FastifyContextConfig {
    /** The API family of the route, set by `@Envelope`. */
    family?: FamilyName;
    /** What the envelope says when the route succeeds, set by `@Answers`. */
    success?: Success;
    /** The route changes something, set by `@Answers`. */
    changes?: boolean;
    /** The route answers callers without a token, set by `@Public`. */
    isPublic?: boolean;
    /** Set by `@Probe`. */
    isProbe?: boolean;
    /** Set by `@Callback`. */
    callback?: { mayBeSigned: (query: unknown) => boolean };
  }
}
