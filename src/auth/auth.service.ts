import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { NotSignedIn, Rejected } from '../http/errors';
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
  ) {}

  /** @throws WrongCredentials */
  async login({ username, password, keep_alive = '' }: LoginDto): Promise<LoginReply> {
    const found = await this.users.findOneBy({ username });
    // MySQL takes `admin ` for `admin`: trailing spaces do not count in its comparisons.
    const user = found?.username === username ? found : undefined;
    const proved = await verifyPassword(user?.passwordHash, password);
    if (!user || !proved || user.isAvailable !== 1) throw new WrongCredentials();
    return toLoginReply(user, await this.sessions.open(user.userId, keep_alive));
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

  logout(token: string): Promise<void> {
    return this.sessions.revoke(token);
  }

  private async availableUser(userId: number): Promise<User> {
    const user = await this.users.findOneBy({ userId, isAvailable: 1 });
    if (!user) throw new NotSignedIn('illegal');
    return user;
  }
}
