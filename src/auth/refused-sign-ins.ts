import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { DataSource } from 'typeorm';
import { note } from '../audit/note';
import { sha256 } from '../base/secrets';
import { sameText } from '../database/same-text';
import { subscriber } from '../http/edge/client-address';
import { TooManyAttempts } from './attempts/attempt-limiter';
import { User } from './entities/user.entity';

/** One entry in this time says that sign-ins are being refused; the log of requests has each of them. */
const INTERVAL_MS = 60_000;
/** Bounds the memory; with more accounts and addresses at once some have more than one entry a minute. */
const MAX_REMEMBERED = 10_000;

/**
 * Writes refused passwords to the audit log. Its growth is bounded: wrong passwords by the limits of `attempts/`, and what these
 * limits refuse has an entry a minute for each account and address. A name that is no account's is not written, because
 * it may be a password typed into the wrong field.
 */
@Injectable()
export class RefusedSignIns {
  private readonly limited = new LRUCache<string, true>({ max: MAX_REMEMBERED, ttl: INTERVAL_MS });

  constructor(private readonly dataSource: DataSource) {}

  /**
   * @param error why the password was refused; other errors than `WhenWrong` and TooManyAttempts have no entry
   * @param username as given
   */
  async note(error: unknown, WhenWrong: new () => Error, username: string, address: string): Promise<void> {
    if (error instanceof WhenWrong) await this.write('wrong', username, address);
    if (!(error instanceof TooManyAttempts)) return;
    const key = `${sha256(username)}@${subscriber(address)}`;
    if (this.limited.has(key)) return;
    this.limited.set(key, true); // at once: a burst has one entry
    await this.write('limited', username, address).catch((failure: unknown) => {
      this.limited.delete(key);
      throw failure;
    });
  }

  private async write(action: 'wrong' | 'limited', username: string, address: string): Promise<void> {
    const { manager } = this.dataSource;
    const account = await manager.findOneBy(User, { username: sameText(username) });
    await note(manager, { kind: 'sign-in', action, actor: null, address, userId: account?.userId });
  }
}
