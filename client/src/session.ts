import type { LoginDto, LoginReply } from './generated/index.js';
import { NotSignedInError } from './errors.js';

/** The tokens of a session. */
export type Tokens = Pick<LoginReply, 'token' | 'refresh_token'>;

/** An account, with which the client signs in when it first needs to and when its tokens have ended; or given tokens. */
export type Credentials = LoginDto | (Pick<Tokens, 'token'> & Partial<Tokens>);

/** The two routes that give tokens. */
interface SignIn {
  login(account: LoginDto): Promise<Tokens>;
  refreshToken(parameters: Pick<Tokens, 'refresh_token'>): Promise<Tokens>;
}

/** Keeps the token that calls are made with. Private fields hide it, and the password, from logs and inspection. */
export class Session {
  readonly #routes: SignIn;
  readonly #account?: LoginDto;
  readonly #onTokens?: (tokens: Tokens) => void;
  #tokens?: Partial<Tokens>;
  /** The renewal in progress, which all callers wait for. */
  #renewal?: Promise<string>;

  /** @throws TypeError for a token that a header cannot carry: `fetch` would repeat it in its error */
  constructor(routes: SignIn, credentials: Credentials, onTokens?: (tokens: Tokens) => void) {
    this.#routes = routes;
    this.#onTokens = onTokens;
    if (!('token' in credentials)) this.#account = credentials;
    else if (/^[\x21-\x7e]+$/.test(credentials.token)) this.#tokens = credentials;
    else throw new TypeError('token must be one word of ASCII');
  }

  /** Whether there is a way to get another token. */
  get canRenew(): boolean {
    return this.#account !== undefined || this.#tokens?.refresh_token !== undefined;
  }

  /** The token for a call; the first call signs in, and one during a renewal waits for it. */
  async token(): Promise<string> {
    return this.#renewal ?? this.#tokens?.token ?? this.#renew();
  }

  /** Another token than the one that was refused; all that hold the same wait for one renewal. */
  async tokenAfter(refused: string): Promise<string> {
    const token = this.#tokens?.token;
    return token !== undefined && token !== refused ? token : this.#renew();
  }

  #renew(): Promise<string> {
    this.#renewal ??= this.#newToken().finally(() => (this.#renewal = undefined));
    return this.#renewal;
  }

  async #newToken(): Promise<string> {
    const tokens = (await this.#refresh()) ?? (await this.#routes.login(this.#account!));
    this.#tokens = { token: tokens.token, refresh_token: tokens.refresh_token };
    this.#onTokens?.({ token: tokens.token, refresh_token: tokens.refresh_token });
    return tokens.token;
  }

  /** @returns undefined where only a new sign-in helps */
  async #refresh(): Promise<Tokens | undefined> {
    const refresh_token = this.#tokens?.refresh_token;
    if (refresh_token === undefined) return undefined;
    try {
      return await this.#routes.refreshToken({ refresh_token });
    } catch (error) {
      if (error instanceof NotSignedInError && this.#account) return undefined;
      throw error;
    }
  }
}
