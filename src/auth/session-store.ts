import { Injectable, OnModuleDestroy, OnModuleInit } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { DataSource, EntityManager, In, LessThan, MoreThan, Not, Repository } from 'typeorm';
import { EntryActor, note } from '../audit/note';
import { dialectOf } from '../database/dialect';
import { insertRows } from '../database/insert';
import { inTransaction } from '../database/transaction';
import { placeholders } from '../database/where';
import { unixSeconds } from '../base/time';
import { NotSignedIn } from '../http/output/errors';
import { cacheLookups } from '../base/cache-lookups';
import { sha256 } from '../base/secrets';
import { Session } from './entities/session.entity';
import { User } from './entities/user.entity';
import { Actor } from './policy';
import { KeepAlive, newTokenPair, sessionColumns, TokenPair } from './tokens';

/** Age up to which a cached session is trusted without a query: below the second in which a revoked token must end. */
const TRUSTED_MS = 900;
/** Interval between rechecks of all cached sessions: two fit into TRUSTED_MS, so that one may be late. */
const RECHECK_MS = 400;
/** Time without a request after which a session leaves the cache; its next request looks it up. */
const IDLE_MS = 60_000;
/** Bounds the memory of the cache; further sessions are looked up for every request. */
const MAX_CACHED = 20_000;
/** Bounds the values of one recheck query. */
const RECHECK_CHUNK = 1000;

interface LiveSession {
  actor: Actor;
  /** Unix seconds. */
  expiresAt: number;
}

/** Times are milliseconds of the monotonic clock. */
interface CachedSession extends LiveSession {
  /** Start of the query that last found the session. */
  checkedAt: number;
  usedAt: number;
}

/**
 * Sessions, and a cache of those in use, by the hash of their token. Most requests are answered from the cache and wait
 * for no query: a timer rechecks all cached sessions about twice a second, so a token that another process revoked, or
 * whose account was closed or changed, is refused within one second.
 */
@Injectable()
export class SessionStore implements OnModuleInit, OnModuleDestroy {
  private readonly cache = new Map<string, CachedSession>();
  /** Counts revocations in this process: a look-up that overlaps one must not cache a revoked session. */
  private revocations = 0;
  private timer: NodeJS.Timeout;
  /** The recheck in progress. */
  private rechecking?: Promise<void>;

  constructor(
    @InjectRepository(Session) private readonly sessions: Repository<Session>,
    private readonly dataSource: DataSource,
  ) {}

  onModuleInit(): void {
    this.timer = setInterval(() => {
      // Without the database no session is confirmed; after TRUSTED_MS requests look theirs up and get a 503.
      this.rechecking ??= this.recheck()
        .catch(() => undefined)
        .finally(() => (this.rechecking = undefined));
    }, RECHECK_MS).unref();
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.rechecking;
  }

  /**
   * The user that a token signs in: at once if its session is trusted, because each promise costs every request.
   * @throws NotSignedIn if the token is unknown, revoked or expired
   */
  actorOf(token: string): Actor | Promise<Actor> {
    const hash = sha256(token);
    const now = performance.now();
    const session = this.cache.get(hash);
    const isTrusted = session !== undefined && now - session.checkedAt < TRUSTED_MS;
    cacheLookups.inc({ cache: 'sessions', result: isTrusted ? 'hit' : 'miss' });
    if (!session || !isTrusted) return this.lookUp(hash).then(actorIn);
    session.usedAt = now;
    return actorIn(session);
  }

  /**
   * Opens a session for a user whose password was verified, and deletes the sessions that can no longer be refreshed.
   * @param user as read for the verification
   * @param address of the client, for the audit log
   * @returns undefined if the password was changed or the account closed since then
   */
  async open(user: User, keepAlive: KeepAlive, address: string): Promise<TokenPair | undefined> {
    const { userId, passwordHash } = user;
    const now = unixSeconds();
    await this.sessions.delete({ refreshExpiresAt: LessThan(now) });
    return inTransaction(this.dataSource, async (manager) => {
      const [unchanged] = await manager.query<unknown[]>(
        `SELECT user_id FROM user WHERE user_id = ? AND password_hash = ? AND is_available = 1
         ${dialectOf(this.dataSource).forUpdate}`,
        [userId, passwordHash],
      );
      if (!unchanged) return undefined;
      const pair = newTokenPair(keepAlive);
      await insertRows(manager, Session, { userId, ...sessionColumns(pair, now) });
      await note(manager, { kind: 'sign-in', action: 'success', actor: user, address, userId });
      return pair;
    });
  }

  /**
   * Replaces both tokens of a session; of concurrent calls with the same refresh token one succeeds.
   * @throws NotSignedIn if the refresh token is unknown, already used or expired
   */
  async rotate(refreshToken: string): Promise<{ userId: number; pair: TokenPair }> {
    const now = unixSeconds();
    const refreshHash = sha256(refreshToken);
    const session = await this.sessions.findOneBy({ refreshHash });
    if (!session || session.refreshExpiresAt <= now) throw new NotSignedIn('expired');
    const pair = newTokenPair(session.keepAlive as KeepAlive);
    const { affected } = await this.sessions.update(
      { refreshHash, refreshExpiresAt: MoreThan(now) },
      sessionColumns(pair, now),
    );
    if (affected === 0) throw new NotSignedIn('expired');
    this.evict(session.tokenHash);
    return { userId: Number(session.userId), pair };
  }

  /**
   * Ends the session of a token: at once in this process, within a second in every other.
   * @param actor whose session it is
   * @param address of the client, for the audit log
   * @throws NotSignedIn if the session has just ended or has new tokens, because a renewed session must not look ended
   */
  async revoke(token: string, actor: Actor, address: string): Promise<void> {
    const tokenHash = sha256(token);
    await inTransaction(this.dataSource, async (manager) => {
      const { affected } = await manager.delete(Session, { tokenHash });
      if (affected) await note(manager, endOf(actor, address));
      else throw new NotSignedIn('expired');
    }).finally(() => this.evict(tokenHash));
  }

  /**
   * Ends the sessions of tokens, even if they have ended: at once in this process, within a second in every other.
   * @param address of the client, for the audit log
   */
  async end(tokens: string[], address: string): Promise<void> {
    if (tokens.length === 0) return;
    const hashes = tokens.map(sha256);
    await inTransaction(this.dataSource, async (manager) => {
      const ended = await manager.query<{ user_id: number }[]>(
        `SELECT user_id FROM session WHERE token_hash IN (${placeholders(hashes)}) ${dialectOf(this.dataSource).forUpdate}`,
        hashes,
      );
      if (ended.length === 0) return;
      const users = await manager.findBy(User, { userId: In(ended.map(({ user_id }) => user_id)) });
      await manager.delete(Session, { tokenHash: In(hashes) });
      await note(manager, ...users.map((user) => endOf(user, address)));
    });
    for (const hash of hashes) this.evict(hash);
  }

  /**
   * Ends the sessions of a user but the one of `token`, in the transaction of the change that is the reason for it: at
   * once in this process, within a second in every other.
   * @param change comes first: it locks the user as {@link open} does, which therefore opens no session in between
   */
  async endOthers(userId: number, token: string, change: (manager: EntityManager) => Promise<void>): Promise<void> {
    await inTransaction(this.dataSource, async (manager) => {
      await change(manager);
      await manager.delete(Session, { userId, tokenHash: Not(sha256(token)) });
    });
    this.revocations++;
    for (const [hash, { actor }] of this.cache) if (actor.userId === userId) this.cache.delete(hash);
  }

  private evict(tokenHash: string): void {
    this.revocations++;
    this.cache.delete(tokenHash);
  }

  private async lookUp(hash: string): Promise<CachedSession | undefined> {
    const now = performance.now();
    const { revocations } = this;
    const session = (await this.load([hash])).get(hash);
    if (!session) {
      this.cache.delete(hash);
      return undefined;
    }
    const entry = { ...session, checkedAt: now, usedAt: now };
    const isCurrent = revocations === this.revocations;
    if (isCurrent && this.cache.size < MAX_CACHED) this.cache.set(hash, entry);
    return entry;
  }

  private async recheck(): Promise<void> {
    const startedAt = performance.now();
    for (const [hash, { usedAt }] of this.cache) {
      if (startedAt - usedAt > IDLE_MS) this.cache.delete(hash);
    }
    const hashes = [...this.cache.keys()];
    for (let i = 0; i < hashes.length; i += RECHECK_CHUNK) {
      const chunk = hashes.slice(i, i + RECHECK_CHUNK);
      const found = await this.load(chunk);
      for (const hash of chunk) {
        const session = found.get(hash);
        const entry = this.cache.get(hash);
        if (!session) this.cache.delete(hash);
        else if (entry) Object.assign(entry, session, { checkedAt: startedAt });
      }
    }
  }

  private async load(hashes: string[]): Promise<Map<string, LiveSession>> {
    const rows = await this.sessions
      .createQueryBuilder('session')
      .innerJoin(User, 'user', 'user.user_id = session.user_id AND user.is_available = 1')
      .select(['session.token_hash AS token_hash', 'session.user_id AS user_id', 'session.expires_at AS expires_at'])
      .addSelect('user.is_super', 'is_super')
      .addSelect('user.username', 'username')
      .where('session.token_hash IN (:...hashes)', { hashes })
      .getRawMany<{ token_hash: string; user_id: number; expires_at: number; is_super: number; username: string }>();
    return new Map(
      rows.map((row) => [
        row.token_hash,
        {
          actor: { userId: row.user_id, username: row.username, isSuper: row.is_super === 1 },
          expiresAt: row.expires_at,
        },
      ]),
    );
  }
}

/** @throws NotSignedIn for a session that is unknown or expired */
function actorIn(session: LiveSession | undefined): Actor {
  if (!session || session.expiresAt <= unixSeconds()) throw new NotSignedIn('expired');
  return session.actor;
}

function endOf(actor: EntryActor, address: string) {
  return { kind: 'sign-in', action: 'end', actor, address, userId: actor.userId } as const;
}
