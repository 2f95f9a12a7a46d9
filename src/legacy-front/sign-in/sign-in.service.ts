import { Inject, Injectable } from '@nestjs/common';
import { AuthService } from '../../auth/auth.service';
import type { SessionCookie } from '../../auth/session-cookie';
import { SessionStore } from '../../auth/session-store';
import { LIFETIMES } from '../../auth/tokens';
import { ENV, Env } from '../../config/env';
import { FrontSettingReply, SignInDto } from './sign-in.dto';

/** Signing in and out by session cookie (CONTRACT 2.5). */
@Injectable()
export class SignInService {
  constructor(
    private readonly auth: AuthService,
    private readonly sessions: SessionStore,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /**
   * Opens a session and puts its token into the cookie. A session that the browser had before ends, because the cookie
   * was all that knew it.
   * @param address of the client, by which wrong passwords are counted
   * @throws WrongCredentials, TooManyAttempts
   */
  async signIn({ mobile, password, remember }: SignInDto, address: string, cookie: SessionCookie): Promise<void> {
    const keepAlive = remember ? 'long' : 'short';
    const { pair } = await this.auth.signIn({ name: mobile, password, byMobile: true, keepAlive }, address);
    await this.sessions.end(cookie.tokens, address);
    cookie.set(pair.token, remember ? LIFETIMES.long.token : undefined);
  }

  /** Ends the session of the cookie, if there is one, and removes the cookie. @param address of the client */
  async signOut(cookie: SessionCookie, address: string): Promise<void> {
    await this.sessions.end(cookie.tokens, address);
    cookie.clear();
  }

  /** What the sign-in page shows before an account is known: the product's own title, and no picture. */
  setting(): FrontSettingReply {
    return { pc_title: this.env.BUSINESS_TITLE, pc_favorite_icon_url: '' };
  }
}
