import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { DataSource, Repository } from 'typeorm';
import { HIDDEN } from '../audit/changes';
import { note } from '../audit/note';
import { sameText } from '../database/same-text';
import { Sql } from '../database/sql';
import { inTransaction } from '../database/transaction';
import type { Rejected } from '../http/output/errors';
import { guesserOfPassword } from './attempts/allowances';
import { AttemptLimiter, TooManyAttempts } from './attempts/attempt-limiter';
import { User } from './entities/user.entity';
import { hashPassword, inHashingTurn, isOldHash, verifyPassword } from './passwords';
import { RefusedSignIns } from './refused-sign-ins';

/** The refusal of a wrong password: a class, because none is made for a right one. */
type RejectedBy = new () => Rejected;

/** Checks passwords of accounts, within the limits on wrong guesses. */
@Injectable()
export class PasswordChecker {
  constructor(
    @InjectRepository(User) private readonly users: Repository<User>,
    private readonly limiter: AttemptLimiter,
    private readonly refusals: RefusedSignIns,
    private readonly sql: Sql,
    private readonly dataSource: DataSource,
  ) {}

  /**
   * The account whose password it is. Takes as long for an unknown name, so that the time of the answer reveals no
   * account but one whose hash was moved in, until its first sign-in: this replaces the hash.
   * @throws `WhenWrong` for an unknown name, a wrong password or a closed account; TooManyAttempts
   */
  async check(username: string, password: string, address: string, WhenWrong: RejectedBy): Promise<User> {
    const attempt = this.limiter.attempt(
      guesserOfPassword(username, address),
      async ({ sql, values }) => {
        const [left] = await this.sql.rows<{ exhausted: number }>({ sql: `SELECT ${sql} AS exhausted`, values });
        return { ...left!, user: await this.named(username) };
      },
      async ({ user }) => (await verifyPassword(user?.passwordHash, password)) && user?.isAvailable === 1,
      { whenWrong: () => new WhenWrong(), whenExhausted: () => new TooManyAttempts('密码') },
    );
    const { user } = await attempt.catch(async (error: unknown) => {
      await this.refusals.note(error, WhenWrong, username, address);
      throw error;
    });
    return isOldHash(user!.passwordHash) ? this.renewed(user!, password, address, WhenWrong) : user!;
  }

  /**
   * Replaces the old hash of a right password by one of our own. Of concurrent sign-ins one does, the others find it.
   * @throws `WhenWrong` if the password has just been changed, or the account closed; NoTurn
   */
  private async renewed(user: User, password: string, address: string, WhenWrong: RejectedBy): Promise<User> {
    const { userId, passwordHash: old } = user;
    const passwordHash = await hashPassword(password);
    const isReplaced = await inTransaction(this.dataSource, async (manager) => {
      const { affected } = await manager.update(User, { userId, passwordHash: old }, { passwordHash });
      if (!affected) return false;
      const changes = { password_hash: HIDDEN };
      await note(manager, { kind: 'account', action: 'edit', actor: user, address, userId, changes });
      return true;
    });
    if (isReplaced) return { ...user, passwordHash };
    const now = await this.users.findOneBy({ userId, isAvailable: 1 });
    if (now && (await inHashingTurn(() => verifyPassword(now.passwordHash, password)))) return now;
    throw new WhenWrong();
  }

  /**
   * The user name of a sign-in by user name or mobile number, so that guesses by either count as guesses at one
   * account. A name of no account stays as it is, as does a number of two. Reads both whatever it finds, so that its time
   * reveals no account.
   */
  async usernameOf(name: string): Promise<string> {
    const [user, [owner, another]] = await Promise.all([
      this.named(name),
      this.users.find({ where: { mobile: sameText(name) }, take: 2 }),
    ]);
    return !user && owner && !another ? owner.username : name;
  }

  private named(username: string): Promise<User | null> {
    return this.users.findOneBy({ username: sameText(username) });
  }
}
