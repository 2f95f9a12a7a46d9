import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { Sql } from '../database/sql';
import { NotSignedIn, Rejected } from '../http/output/errors';
import { guessesAt } from './attempts/allowances';
import { AttemptLimiter, TooManyAttempts } from './attempts/attempt-limiter';
import { LoginDto, LoginReply, toLoginReply, toUserReply, UserReply } from './auth.dto';
import { User } from './entities/user.entity';
import { verifyPassword } from './passwords';
import { Actor } from './policy';
import { SessionStore } from './session-store';

/** Unknown user, wrong password or closed account: one answer for all, so that it reveals no account (CONTRACT 1.2). */
export class WrongCredentials extends Rejected {
  constructor() {
    super('用户名或密码错误');
  }
}

@Injectable()
export class AuthService {
  constructor(
    @InjectRepository(User) private readonly users: Repository<User>,
    private readonly sessions: SessionStore,
    private readonly limiter: AttemptLimiter,
    private readonly sql: Sql,
  ) {}

  /**
   * Signs a user in.
   * @param address of the client, by which wrong passwords are counted
   * @throws WrongCredentials, TooManyAttempts
   */
  async login({ username, password, keep_alive = '' }: LoginDto, address: string): Promise<LoginReply> {
    const { user } = await this.limiter.attempt(
      guessesAt(username, address),
      async ({ sql, values }) => {
        const [left] = await this.sql.rows<{ exhausted: number }>({ sql: `SELECT ${sql} AS exhausted`, values });
        const found = await this.users.findOneBy({ username });
        // MySQL finds `admin` for `admin `, because its comparison ignores trailing spaces.
        return { ...left!, user: found?.username === username ? found : undefined };
      },
      // Verified for an unknown user too, so that the time of the answer reveals no account.
      async ({ user }) => (await verifyPassword(user?.passwordHash, password)) && user?.isAvailable === 1,
      { whenWrong: new WrongCredentials(), whenExhausted: new TooManyAttempts('密码') },
    );
    const pair = user && (await this.sessions.open(user, keep_alive));
    if (!pair) throw new WrongCredentials();
    return toLoginReply(user, pair);
  }

  /** The user whose ticket it is. @throws NotSignedIn */
  async checkTicket(ticket: string): Promise<UserReply> {
    return this.user(await this.sessions.actorOf(ticket));
  }

  /** Replaces the tokens of a session. @throws NotSignedIn */
  async refresh(refreshToken: string): Promise<LoginReply> {
    const { userId, pair } = await this.sessions.rotate(refreshToken);
    return toLoginReply(await this.availableUser(userId), pair);
  }

  /** The signed-in user. @throws NotSignedIn if the account has just been closed */
  async user({ userId }: Actor): Promise<UserReply> {
    return toUserReply(await this.availableUser(userId));
  }

  /** Ends the session of a token. @throws NotSignedIn if it has just ended */
  logout(token: string): Promise<void> {
    return this.sessions.revoke(token);
  }

  private async availableUser(userId: number): Promise<User> {
    const user = await this.users.findOneBy({ userId, isAvailable: 1 });
    if (!user) throw new NotSignedIn('illegal');
    return user;
  }
}
