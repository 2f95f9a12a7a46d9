import { randomBytes } from 'node:crypto';
import { Refusal } from './errors';
import type { App, Corp, World } from './world';

/** Whose a token is. */
export interface Session {
  corp: Corp;
  app: App;
}

interface Token extends Session {
  text: string;
  /** Milliseconds since 1970. */
  expiresAt: number;
  /** What it is refused with before its time. */
  deadAs?: number;
}

/** Wrong secrets from one address within the hour after which it is refused for an hour; a number that staff have named. */
const WRONG_SECRETS = 2000;
const LOCK_MS = 3_600_000;

/** gettoken and the check of what it gave out. */
export class Tokens {
  ttlSeconds = 7200;
  /** Whether each gettoken gives another token; the earlier ones stay valid. */
  newEachTime = false;
  /** The code of a token whose time is over; 40014 has been seen too. */
  expiredAs = 42001;
  wrongSecretsLimit = WRONG_SECRETS;

  private readonly tokens = new Map<string, Token>();
  private readonly newest = new Map<App, Token>();
  private readonly fetches = new Map<string, number>();
  private readonly wrongSecrets = new Map<string, { count: number; since: number }>();

  constructor(private readonly world: World) {}

  /** @throws Refusal in the order that WeCom has been seen to check in */
  fetch(corpId: string, secret: string, address: string): { access_token: string; expires_in: number } {
    this.assertUnlocked(address);
    if (!secret) throw new Refusal(41004);
    if (!corpId) throw new Refusal(41002);
    const corp = this.world.corps.get(corpId);
    if (!corp) throw new Refusal(40013);
    const app = corp.apps.find((candidate) => candidate.secret === secret);
    if (!app) {
      this.countWrongSecret(address);
      throw new Refusal(40001);
    }
    const token = this.validTokenOf(app) ?? this.create(corp, app);
    return { access_token: token.text, expires_in: Math.ceil((token.expiresAt - Date.now()) / 1000) };
  }

  /** @returns whose the token is, also when it is no longer valid */
  ownerOf(text: string): Session | undefined {
    return this.tokens.get(text);
  }

  /** @throws Refusal 41001, 40014 or 42001 */
  check(text: string): Session {
    if (!text) throw new Refusal(41001);
    const token = this.tokens.get(text);
    if (!token) throw new Refusal(40014);
    if (token.deadAs) throw new Refusal(token.deadAs);
    if (token.expiresAt <= Date.now()) throw new Refusal(this.expiredAs);
    return token;
  }

  /** Ends one token, as the fault of a dying token does. */
  kill(text: string, errcode: number): void {
    const token = this.tokens.get(text);
    if (token) token.deadAs = errcode;
  }

  /** All tokens of the corp are refused with 42001 (or {@link expiredAs}) from now on. */
  expireNow(corpId: string): void {
    this.endAll(corpId, this.expiredAs);
  }

  /** All tokens of the corp are refused with 40014 from now on. */
  revoke(corpId: string): void {
    this.endAll(corpId, 40014);
  }

  count(corpId: string): void {
    this.fetches.set(corpId, this.fetched(corpId) + 1);
  }

  /** How often gettoken was called for the corp, refused calls included. */
  fetched(corpId: string): number {
    return this.fetches.get(corpId) ?? 0;
  }

  get allFetched(): Record<string, number> {
    return Object.fromEntries(this.fetches);
  }

  resetCounts(): void {
    this.fetches.clear();
  }

  private validTokenOf(app: App): Token | undefined {
    const token = this.newest.get(app);
    return !this.newEachTime && token && !token.deadAs && token.expiresAt > Date.now() ? token : undefined;
  }

  private create(corp: Corp, app: App): Token {
    const text = randomBytes(160).toString('base64url'); // 214 letters, as real ones have
    const token = { corp, app, text, expiresAt: Date.now() + this.ttlSeconds * 1000 };
    this.tokens.set(text, token);
    this.newest.set(app, token);
    return token;
  }

  private endAll(corpId: string, errcode: number): void {
    for (const token of this.tokens.values()) if (token.corp.corpId === corpId) token.deadAs = errcode;
  }

  private assertUnlocked(address: string): void {
    const wrong = this.wrongSecrets.get(address);
    if (!wrong) return;
    if (wrong.since + LOCK_MS <= Date.now()) this.wrongSecrets.delete(address);
    else if (wrong.count >= this.wrongSecretsLimit) throw new Refusal(45009);
  }

  private countWrongSecret(address: string): void {
    const wrong = this.wrongSecrets.get(address) ?? { count: 0, since: Date.now() };
    this.wrongSecrets.set(address, { ...wrong, count: wrong.count + 1 });
  }
}
