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

/** Unknown user, wrong password or closed account: one answer for all, so that none can be told from another. */
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
   * @param address the client's, to count wrong passwords by
   * @throws WrongCredentials, TooManyAttempts
   */
  async login({ username, password, keep_alive = '' }: LoginDto, address: string): Promise<LoginReply> {
    const { user } = await this.limiter.attempt(
      guessesAt(username, address),
      async ({ sql, values }) => {
        const [left] = await this.sql.rows<{ exhausted: number }>({ sql: `SELECT ${sql} AS exhausted`, values });
        const found = await this.users.findOneBy({ username });
        // MySQL takes `admin ` for `admin`: trailing spaces do not count in its comparisons.
        return { ...left!, user: found?.username === username ? found : undefined };
      },
      // Also for nobody, so that the time does not tell who exists.
      async ({ user }) => (await verifyPassword(user?.passwordHash, password)) && user?.isAvailable === 1,
      { whenWrong: new WrongCredentials(), whenExhausted: new TooManyAttempts('密码') },
    );
    const pair = user && (await this.sessions.open(user, keep_alive));
    if (!pair) throw new WrongCredentials();
    return toLoginReply(user, pair);
  }

  /** @throws NotSignedIn */
  async checkTicket(ticket: string): Promise<UserReply> {
    return this.user(await this.sessions.actorOf(ticket));
  }

  /** @throws NotSignedIn */
  async refresh(refreshToken: string): Promise<LoginReply> {
    const { userId, pair } = await this.sessions.rotate(refreshToken);
    return toLoginReply(await this.availableUser(userId), pair);
  }

  /** @throws NotSignedIn when the account was closed a moment ago */
  async user({ userId }: Actor): Promise<UserReply> {
    return toUserReply(await this.availableUser(userId));
  }

  /** @throws NotSignedIn when the token ended a moment ago */
  logout(token: string): Promise<void> {
    return this.sessions.revoke(token);
  }

  private async availableUser(userId: number): Promise<User> {
    const user = await this.users.findOneBy({ userId, isAvailable: 1 });
    if (!user) throw new NotSignedIn('illegal');
    return user;
  }
}
