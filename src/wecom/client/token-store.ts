import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import type { Env } from '../../config/env';
import { Cipher, WrongCredentialKey } from '../corps/cipher';
import type { Corp } from '../corps/corp';
import { attempt, readAnswer } from './answer';
import { getToken } from './api/token';
import { isWrongCredential } from './codes';
import { WecomRefused } from './errors';
import type { Lanes } from './lanes';
import { claim, endLease, renewLease } from './token-rows';
import { Transport } from './transport';

/** WeCom's own lifetime of a token, for an answer that names none. */
const USUAL_LIFE_S = 7200;
/** A token is not used in the last tenth of its life, and at most this long before its end. */
const MAX_MARGIN_MS = 300_000;
/** After a wrong corp id or secret. WeCom locks the address of a caller that goes on asking. */
const REFUSED_MS = 300_000;
/** What a lease lasts beyond one try: the pause between two tries and a slow database. */
const LEASE_SLACK_MS = 5000;
/** Between two looks at a token that another process fetches. */
const WAIT_MS = 50;

interface Kept {
  token: string;
  /** Unix milliseconds. */
  useUntil: number;
}

/** A fetch under way in this process. */
interface Pending {
  /** The token that is not valid any more, if that is the reason. */
  failed: string | undefined;
  kept: Promise<Kept>;
}

/** The lease of a fetch has run out and is another process's. */
class LeaseLost extends Error {}

/** The access tokens: one per corp and secret, fetched by one process, encrypted in a row that all of them read. */
export class TokenStore {
  private readonly kept = new Map<string, Kept>();
  private readonly pending = new Map<string, Pending>();
  private readonly owner = randomUUID();

  constructor(
    private readonly env: Pick<Env, 'WECOM_CREDENTIAL_KEY' | 'WECOM_TIMEOUT_MS'>,
    private readonly dataSource: DataSource,
    private readonly transport: Transport,
    private readonly lanes: Lanes,
  ) {}

  /**
   * A token of the corp's app.
   * @param failed a token that WeCom has refused: another one is fetched, unless that is done already
   * @throws WecomRefused if corp id or secret are wrong; then WeCom is asked again only after five minutes
   * @throws WecomUnavailable, WrongCredentialKey
   */
  async take(corp: Corp, failed?: string): Promise<string> {
    const cipher = new Cipher(this.env);
    const pair = cipher.pairOf(corp);
    const kept = this.kept.get(pair);
    if (kept && kept.useUntil > Date.now() && kept.token !== failed) return kept.token;
    const joined = this.pending.get(pair);
    if (joined) {
      const { token } = await joined.kept;
      // A fetch that began before this token failed may bring the same one.
      if (token !== failed || joined.failed === failed) return token;
    }
    return (await this.single(pair, failed, () => this.load(cipher, pair, corp, failed))).token;
  }

  /** Joins the fetch under way for a pair, or begins one. */
  private single(pair: string, failed: string | undefined, load: () => Promise<Kept>): Promise<Kept> {
    const joined = this.pending.get(pair);
    if (joined) return joined.kept;
    const kept = load()
      .then((loaded) => {
        this.kept.set(pair, loaded);
        return loaded;
      })
      .finally(() => this.pending.delete(pair));
    this.pending.set(pair, { failed, kept });
    return kept;
  }

  /** Reads the token's row until it holds one that will do, or fetches it. */
  private async load(cipher: Cipher, pair: string, corp: Corp, failed?: string): Promise<Kept> {
    const place = `wecom_token.token of ${pair}`;
    let first: string | undefined;
    const isUsable = (sealed: string) => {
      first ??= sealed;
      // WeCom may hand out a token again: the same one fetched since is as good as another.
      const token = openOrNone(cipher, sealed, place);
      return token !== '' && (sealed !== first || token !== failed);
    };
    for (;;) {
      const claimed = await claim(this.dataSource, pair, isUsable, this.owner, this.leaseMs);
      switch (claimed.kind) {
        case 'token':
          return { token: cipher.open(claimed.sealed, place), useUntil: claimed.useUntil };
        case 'refused':
          throw new WecomRefused({ ...NOT_ASKED, errcode: claimed.errcode });
        case 'wait':
          await sleep(WAIT_MS * (1 + Math.random()));
          break;
        case 'lease':
          try {
            return await this.fetch(cipher, pair, corp, place);
          } catch (error) {
            if (!(error instanceof LeaseLost)) throw error;
          }
      }
    }
  }

  /** Asks WeCom for a token, under a lease, and stores what comes of it. */
  private async fetch(cipher: Cipher, pair: string, { corpId, secret }: Corp, place: string): Promise<Kept> {
    const once = async () => {
      if (!(await renewLease(this.dataSource, pair, this.owner, this.leaseMs))) throw new LeaseLost();
      const send = () => this.transport.send(getToken.path, { corpid: corpId, corpsecret: secret });
      return attempt(send, (answer) => readAnswer(getToken, answer, [secret]));
    };
    try {
      const outcome = await this.lanes.run(corpId, getToken.path, once, {});
      if (outcome.kind === 'refusal') throw new WecomRefused(outcome.refusal);
      const { access_token: token, expires_in = USUAL_LIFE_S } = outcome.answer;
      const lifeMs = expires_in * 1000;
      const useUntil = Math.floor(Date.now() + lifeMs - Math.min(lifeMs / 10, MAX_MARGIN_MS));
      const stored = { token: cipher.seal(token, place), useUntil, refusedCode: 0, refusedUntil: 0 };
      await endLease(this.dataSource, pair, this.owner, stored);
      return { token, useUntil };
    } catch (error) {
      const isWrong = error instanceof WecomRefused && isWrongCredential(error.errcode);
      const refused = isWrong ? { refusedCode: error.errcode, refusedUntil: Date.now() + REFUSED_MS } : {};
      if (!(error instanceof LeaseLost)) await endLease(this.dataSource, pair, this.owner, refused);
      throw error;
    }
  }

  private get leaseMs(): number {
    return this.env.WECOM_TIMEOUT_MS + LEASE_SLACK_MS;
  }
}

/** Of a refusal that stands in the row. */
const NOT_ASKED = { path: getToken.path, errmsg: '', hint: '', callerAddress: '' };

/** A damaged row holds no token: the next one replaces it. */
function openOrNone(cipher: Cipher, sealed: string, place: string): string {
  try {
    return cipher.open(sealed, place);
  } catch (error) {
    if (error instanceof WrongCredentialKey) return '';
    throw error;
  }
}
