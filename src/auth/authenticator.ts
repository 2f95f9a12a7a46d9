import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ENV, Env } from '../config/env';
import { RateLimit } from '../http/edge/rate-limit';
import { NotSignedIn } from '../http/output/errors';
import { credentialsOf } from './credentials';
import type { Actor } from './policy';
import { SessionStore } from './session-store';

/** Signs requests in (CONTRACT 1.2, 2.1) and limits those of an account. */
@Injectable()
export class Authenticator {
  private readonly limit: RateLimit;

  constructor(
    private readonly sessions: SessionStore,
    @Inject(ENV) env: Env,
  ) {
    this.limit = new RateLimit(env.RATE_LIMIT_ACCOUNT);
  }

  /**
   * Finds the user of a request by its headers alone.
   * @returns a promise only while the session is looked up
   * @throws NotSignedIn, TooManyRequests
   */
  authenticate(request: FastifyRequest): void | Promise<void> {
    const { token, uid } = credentialsOf(request);
    const actor = this.sessions.actorOf(token);
    if (actor instanceof Promise) return actor.then((found) => this.admit(request, found, uid));
    this.admit(request, actor, uid);
  }

  private admit(request: FastifyRequest, actor: Actor, uid: string | undefined): void {
    if (uid !== undefined && uid !== String(actor.userId)) throw new NotSignedIn('illegal');
    request.actor = actor;
    this.limit.take(actor.userId);
  }
}
