import { Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { OperatorError } from '../../base/operator-error';
import type { Tenant } from '../../enterprise/tenant';
import { TransportFailure } from '../../http/output/errors';
import type { Corp } from '../corps/corp';
import { Corps } from '../corps/corps';
import { open, SignedText } from './crypto';
import { encryptedIn } from './envelope';
import { eventIn } from './event';
import { Inbox } from './inbox';
import { EventWorker } from './work/worker';

/** How long credentials are kept for callers beyond their limit: their flood costs no reads of the database. */
const KEPT_MS = 1_000;

const MAX_KEPT = 1_000;

/** The query of a callback; WeCom sends each once. */
export interface CallbackQuery {
  msg_signature?: unknown;
  timestamp?: unknown;
  nonce?: unknown;
  echostr?: unknown;
}

/** Whether a query may be a callback's: what is none counts as any request of a stranger does. */
export function mayBeSigned(query: unknown): boolean {
  const { msg_signature: signature, timestamp, nonce } = query as CallbackQuery;
  return /^[0-9a-f]{40}$/.test(textOf(signature)) && textOf(timestamp) !== '' && textOf(nonce) !== '';
}

/** Takes what WeCom posts. */
@Injectable()
export class ReceiveService {
  private readonly logger = new Logger('Wecom');
  private readonly kept = new LRUCache<string, Promise<Corp>>({ max: MAX_KEPT, ttl: KEPT_MS });

  constructor(
    private readonly corps: Corps,
    private readonly inbox: Inbox,
    private readonly worker: EventWorker,
  ) {}

  /**
   * Answers WeCom's check of the address.
   * @param isFlood the caller is beyond its limit
   * @returns the plain text to answer
   * @throws Unsigned, BadCallback, TransportFailure
   */
  verify(tenant: Tenant, query: CallbackQuery, isFlood: boolean): Promise<string> {
    return this.open(tenant, () => signedText(query, textOf(query.echostr)), isFlood);
  }

  /**
   * Stores an event; what it changes happens later.
   * @param isFlood the caller is beyond its limit
   * @throws Unsigned, BadCallback, TransportFailure
   */
  async receive(tenant: Tenant, query: CallbackQuery, body: unknown, isFlood: boolean): Promise<void> {
    const text = await this.open(tenant, () => signedText(query, encryptedIn(textOf(body))), isFlood);
    await this.inbox.add(tenant, eventIn(text));
    this.worker.wake();
  }

  private async open(tenant: Tenant, read: () => SignedText, isFlood: boolean): Promise<string> {
    if (isFlood) openWith(await this.keptCorp(tenant), read()); // throws for all but the few that are signed
    return openWith(await this.corp(tenant), read());
  }

  private keptCorp(tenant: Tenant): Promise<Corp> {
    const key = `${tenant.uniacid}/${tenant.enterpriseId}`;
    const known = this.kept.get(key);
    if (known) return known;
    const corp = this.corp(tenant);
    this.kept.set(key, corp);
    return corp;
  }

  /** @throws TransportFailure 404 if there is no such enterprise or it takes no callbacks, 503 if this cannot be told */
  private async corp(tenant: Tenant): Promise<Corp> {
    const corp = await this.corps.of(tenant).catch((error: unknown) => {
      if (!(error instanceof OperatorError)) throw error;
      this.logger.error(error.message); // WECOM_CREDENTIAL_KEY; the event comes again
      throw new TransportFailure('unavailable');
    });
    if (!corp || corp.callbacks.length === 0) throw new TransportFailure('route-not-found');
    return corp;
  }
}

const openWith = ({ callbacks, corpId }: Corp, signed: SignedText): string => open(signed, callbacks, corpId);

function signedText({ msg_signature: signature, timestamp, nonce }: CallbackQuery, encrypted: string): SignedText {
  return { signature: textOf(signature), timestamp: textOf(timestamp), nonce: textOf(nonce), encrypted };
}

/** A parameter's text; '' if it is absent or no text, which no signature covers. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
