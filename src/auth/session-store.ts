import { Injectable, OnModuleDestroy, OnModuleInit } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { DataSource, LessThan, MoreThan, Repository } from 'typeorm';
import { dialectOf } from '../database/dialect';
import { inTransaction } from '../database/transaction';
import { unixSeconds } from '../base/time';
import { NotSignedIn } from '../http/output/errors';
import { cacheLookups } from '../base/cache-lookups';
import { sha256 } from '../base/secrets';
import { Session } from './entities/session.entity';
import { User } from './entities/user.entity';
import { Actor } from './policy';
import { KeepAlive, newTokenPair, sessionColumns, TokenPair } from './tokens';

/** A remembered token is trusted this long after the database was last asked about it. */
const TRUSTED_MS = 900;
/** All remembered tokens are asked about again this often, in one query. */
const RECHECK_MS = 400;
/** A token that nobody used for so long is forgotten and looked up afresh next time. */
const FORGET_MS = 60_000;
/** At most so many tokens are remembered; further ones are looked up at each call. */
const MAX_REMEMBERED = 20_000;
const RECHECK_CHUNK = 1000;

interface Known {
  actor: Actor;
  /** Unix seconds. */
  expiresAt: number;
}

interface Remembered extends Known {
  /** When the query started that last found the token, on the monotonic clock. */
  checkedAt: number;
  usedAt: number;
}

/**
 * Sessions, and a memory of the tokens in use. In the usual case a request's token is answered from that memory: a
 * timer asks the database twice a second about all of them at once, so a token that another process revoked, or whose
 * account was closed or changed, is refused within one second, and no request waits for a round trip.
 */
@Injectable()
export class SessionStore implements OnModuleInit, OnModuleDestroy {
  private readonly remembered = new Map<string, Remembered>();
  /** Counts revocations here: a look-up that was under way meanwhile must not bring a token back. */
  private revocations = 0;
  private timer: NodeJS.Timeout;
  /** The recheck under way. */
  private rechecking?: Promise<void>;

  constructor(
    @InjectRepository(Session) private readonly sessions: Repository<Session>,
    private readonly dataSource: DataSource,
  ) {}

  onModuleInit(): void {
    this.timer = setInterval(() => {
      // With the database away nothing is confirmed, and after TRUSTED_MS requests look for themselves (and get 503).
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
   * Who a token stands for.
   * @throws NotSignedIn when it is unknown, revoked or expired
   */
  async actorOf(token: string): Promise<Actor> {
    const hash = sha256(token);
    const now = performance.now();
    let known = this.remembered.get(hash);
    const isTrusted = known !== undefined && now - known.checkedAt < TRUSTED_MS;
    cacheLookups.inc({ cache: 'sessions', result: isTrusted ? 'hit' : 'miss' });
    if (known && isTrusted) known.usedAt = now;
    else known = await this.lookUp(hash);
    if (!known) throw new NotSignedIn('illegal');
    if (known.expiresAt <= unixSeconds()) throw new NotSignedIn('expired');
    return known.actor;
  }

  /**
   * Opens a session for a user who has proved who they are, and clears away sessions that nobody can refresh.
   * @param user as they were when they proved it
   * @returns nothing when the password was changed or the account closed meanwhile
   */
  async open({ userId, passwordHash }: User, keepAlive: KeepAlive): Promise<TokenPair | undefined> {
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
      await manager.insert(Session, { userId, ...sessionColumns(pair, now) });
      return pair;
    });
  }

  /**
   * Replaces both tokens of a session; of two calls at once with the same refresh token one succeeds.
   * @throws NotSignedIn when the refresh token is unknown, used up or expired
   */
  async rotate(refreshToken: string): Promise<{ userId: number; pair: TokenPair }> {
    const now = unixSeconds();
    const refreshHash = sha256(refreshToken);
    const session = await this.sessions.findOneBy({ refreshHash });
    if (!session) throw new NotSignedIn('illegal');
    if (session.refreshExpiresAt <= now) throw new NotSignedIn('expired');
    const pair = newTokenPair(session.keepAlive as KeepAlive);
    const { affected } = await this.sessions.update(
      { refreshHash, refreshExpiresAt: MoreThan(now) },
      sessionColumns(pair, now),
    );
    if (affected === 0) throw new NotSignedIn('illegal');
    this.forget(session.tokenHash);
    return { userId: Number(session.userId), pair };
  }

  /**
   * Ends the session of a token at once, in every process within a second.
   * @throws NotSignedIn when it was ended or renewed a moment ago: a session that goes on must not look ended
   */
  async revoke(token: string): Promise<void> {
    const tokenHash = sha256(token);
    const { affected } = await this.sessions.delete({ tokenHash });
    this.forget(tokenHash);
    if (affected === 0) throw new NotSignedIn('illegal');
  }

  private forget(tokenHash: string): void {
    this.revocations++;
    this.remembered.delete(tokenHash);
  }

  private async lookUp(hash: string): Promise<Remembered | undefined> {
    const now = performance.now();
    const { revocations } = this;
    const known = (await this.load([hash])).get(hash);
    if (!known) {
      this.remembered.delete(hash);
      return undefined;
    }
    const entry = { ...known, checkedAt: now, usedAt: now };
    const isCurrent = revocations === this.revocations;
    if (isCurrent && this.remembered.size < MAX_REMEMBERED) this.remembered.set(hash, entry);
    return entry;
  }

  private async recheck(): Promise<void> {
    const startedAt = performance.now();
    for (const [hash, { usedAt }] of this.remembered) {
      if (startedAt - usedAt > FORGET_MS) this.remembered.delete(hash);
    }
    const hashes = [...this.remembered.keys()];
    for (let i = 0; i < hashes.length; i += RECHECK_CHUNK) {
      const chunk = hashes.slice(i, i + RECHECK_CHUNK);
      const found = await this.load(chunk);
      for (const hash of chunk) {
        const known = found.get(hash);
        const entry = this.remembered.get(hash);
        if (!known) this.remembered.delete(hash);
        else if (entry) Object.assign(entry, known, { checkedAt: startedAt });
      }
    }
  }

  private async load(hashes: string[]): Promise<Map<string, Known>> {
    const rows = await this.sessions
      .createQueryBuilder('session')
      .innerJoin(User, 'user', 'user.user_id = session.user_id AND user.is_available = 1')
      .select(['session.token_hash AS token_hash', 'session.user_id AS user_id', 'session.expires_at AS expires_at'])
      .addSelect('user.is_super', 'is_super')
      .where('session.token_hash IN (:...hashes)', { hashes })
      .getRawMany<{ token_hash: string; user_id: number; expires_at: number; is_super: number }>();
    return new Map(
      rows.map((row) => [
        row.token_hash,
        { actor: { userId: row.user_id, isSuper: row.is_super === 1 }, expiresAt: row.expires_at },
      ]),
    );
  }
}
