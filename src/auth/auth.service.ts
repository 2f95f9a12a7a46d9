import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { note } from '../audit/note';
import { NotSignedIn, Rejected } from '../http/output/errors';
import { LoginDto, LoginReply, ResetPasswordDto, toLoginReply, toUserReply, UserReply } from './auth.dto';
import { User } from './entities/user.entity';
import { PasswordChecker } from './password-checker';
import { hashPassword } from './passwords';
import { Actor } from './policy';
import { SessionStore } from './session-store';
import { KeepAlive, TokenPair } from './tokens';

/** Unknown user, wrong password or closed account: one answer for all, so that it reveals no account (CONTRACT 1.2). */
export class WrongCredentials extends Rejected {
  constructor() {
    super('用户名或密码错误');
  }
}

/** The old password is wrong, or was changed a moment ago. */
export class WrongOldPassword extends Rejected {
  constructor() {
    super('原密码错误');
  }
}

/** What a sign-in form holds. */
interface SignIn {
  /** A user name, or with `byMobile` also a mobile number. */
  name: string;
  password: string;
  byMobile: boolean;
  keepAlive: KeepAlive;
}

/** The `system` whose user name may be a mobile number (CONTRACT 1.2). */
const BY_MOBILE = 'APP';

/** Signs users in and out, and tells who is signed in (CONTRACT 1.2). */
@Injectable()
export class AuthService {
  constructor(
    @InjectRepository(User) private readonly users: Repository<User>,
    private readonly sessions: SessionStore,
    private readonly passwords: PasswordChecker,
  ) {}

  /** Signs a user in as family A does. @throws WrongCredentials, TooManyAttempts as {@link signIn} */
  async login({ username, password, system, keep_alive = '' }: LoginDto, address: string): Promise<LoginReply> {
    const form = { name: username, password, byMobile: system === BY_MOBILE, keepAlive: keep_alive };
    const { user, pair } = await this.signIn(form, address);
    return toLoginReply(user, pair);
  }

  /**
   * Signs a user in: opens a session with new tokens.
   * @param address of the client, by which wrong passwords are counted
   * @throws WrongCredentials, TooManyAttempts
   */
  async signIn(
    { name, password, byMobile, keepAlive }: SignIn,
    address: string,
  ): Promise<{ user: User; pair: TokenPair }> {
    const username = byMobile ? await this.passwords.usernameOf(name) : name;
    const user = await this.passwords.check(username, password, address, WrongCredentials);
    const pair = await this.sessions.open(user, keepAlive, address);
    if (!pair) throw new WrongCredentials();
    return { user, pair };
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

  /**
   * Ends the session of a token.
   * @param address of the client
   * @throws NotSignedIn if it has just ended
   */
  logout(actor: Actor, token: string, address: string): Promise<void> {
    return this.sessions.revoke(token, actor, address);
  }

  /**
   * Changes the password of the signed-in user and ends all sessions but the one of `token`. Of concurrent calls with
   * the same old password one succeeds, and a sign-in with it opens no session that outlives the change.
   * @param address of the client, by which wrong passwords are counted as at a sign-in
   * @throws WrongOldPassword, TooManyAttempts, NotSignedIn if the account has just been closed
   */
  async resetPassword(
    actor: Actor,
    token: string,
    { old_password, new_password }: ResetPasswordDto,
    address: string,
  ): Promise<void> {
    const { userId } = actor;
    const { username } = await this.availableUser(userId);
    const { passwordHash: old } = await this.passwords.check(username, old_password, address, WrongOldPassword);
    const passwordHash = await hashPassword(new_password);
    await this.sessions.endOthers(userId, token, async (manager) => {
      const { affected } = await manager.update(User, { userId, passwordHash: old, isAvailable: 1 }, { passwordHash });
      if (!affected) throw new WrongOldPassword();
      await note(manager, { kind: 'account', action: 'password', actor, address, userId });
    });
  }

  private async availableUser(userId: number): Promise<User> {
    const user = await this.users.findOneBy({ userId, isAvailable: 1 });
    if (!user) throw new NotSignedIn('expired');
    return user;
  }
}
