import { encrypt, getSignature } from '@wecom/crypto';
import { randomBytes, randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from './random';

/** A callback address and the keys set up for it. */
export interface Receiver {
  url: string;
  token: string;
  aesKey: string;
  /** ToUserName, and what the encrypted text ends with. */
  corpId: string;
  /** Only in callbacks of an app, not in the contacts-sync assistant's. */
  agentId?: number;
}

/** Elements of an event in their order, such as Event, ChangeType, UserID; CreateTime is now unless given. */
export type EventFields = Record<string, string | number | undefined>;

export interface SendOptions {
  /** How often the same event is sent, each with its own nonce; 1 unless said. */
  times?: number;
  /** Whether the deliveries of `times`, or the events of sendAll, go out at once. */
  isParallel?: boolean;
  /** The two official pages differ on whether a status beside 200 is sent again; true unless said. */
  retriesOnStatus?: boolean;
  /** 3 unless said. */
  retries?: number;
  /** 0 unless said. */
  retryDelayMs?: number;
  /** 5000 unless said. */
  timeoutMs?: number;
  /** Whether a retry carries the same nonce and ciphertext; not known of WeCom. */
  isRetryEqual?: boolean;
  /** ChangeType without CDATA: unless said so of change_contact alone, as in the official examples. */
  isChangeTypePlain?: boolean;
  /** The order of the elements around Encrypt; by chance unless said. */
  isShuffled?: boolean;
}

export interface SendAllOptions extends SendOptions {
  /** Whether the events leave in an order by chance. */
  isReordered?: boolean;
  /** The share that never arrives, 0–1. */
  loss?: number;
}

/** One try. */
export interface Delivery {
  /** 1 is the first; higher ones are retries. */
  attempt: number;
  /** null: no answer within the time, or no connection. */
  status: number | null;
  body: string;
  contentType: string;
  ms: number;
}

/** A callback as it goes over the wire, to be tampered with. */
export interface Envelope {
  url: string;
  body: string;
}

const TIMEOUT_MS = 5000;
const VERIFY_TIMEOUT_MS = 1000;

export class Sender {
  private readonly random: Random;

  constructor(seed: number) {
    this.random = new Random(seed + 7);
  }

  async send(event: EventFields, to: Receiver, options: SendOptions = {}): Promise<Delivery[]> {
    const xml = eventXml(event, to, options.isChangeTypePlain);
    const all = Array.from({ length: options.times ?? 1 }, () => () => this.deliver(xml, to, options));
    return inTurnOrAtOnce(all, options.isParallel);
  }

  async sendAll(events: EventFields[], to: Receiver, options: SendAllOptions = {}): Promise<Delivery[]> {
    const { isReordered, loss = 0 } = options;
    const ordered = isReordered ? this.random.shuffled(events) : events;
    const kept = ordered.filter(() => this.random.next() >= loss);
    return inTurnOrAtOnce(
      kept.map((event) => () => this.send(event, to, options)),
      options.isParallel,
    );
  }

  /** @returns the body of an event and the address with its signature */
  envelope(event: EventFields, to: Receiver, options: SendOptions = {}): Envelope {
    return this.sealed(eventXml(event, to, options.isChangeTypePlain), to, options.isShuffled);
  }

  /** @param xml any text, also one that is no event */
  sealed(xml: string, to: Receiver, isShuffled = true): Envelope {
    const cipher = encrypt(to.aesKey, xml, to.corpId);
    const elements = [
      `<ToUserName><![CDATA[${to.corpId}]]></ToUserName>`,
      `<Encrypt><![CDATA[${cipher}]]></Encrypt>`,
      ...(to.agentId === undefined ? [] : [`<AgentID><![CDATA[${to.agentId}]]></AgentID>`]),
    ];
    const ordered = isShuffled ? this.random.shuffled(elements) : elements;
    return { url: signedUrl(to, cipher).href, body: `<xml>${ordered.join('')}</xml>` };
  }

  /** The GET by which WeCom checks an address before it is saved. */
  async verify(to: Receiver): Promise<{ status: number | null; body: string; isRight: boolean }> {
    const echo = String(randomInt(2 ** 47));
    const cipher = encrypt(to.aesKey, echo, to.corpId);
    const url = signedUrl(to, cipher);
    url.searchParams.set('echostr', cipher);
    const { status, body } = await attempt(1, url.href, { method: 'GET' }, VERIFY_TIMEOUT_MS);
    return { status, body, isRight: status === 200 && body === echo };
  }

  private async deliver(xml: string, to: Receiver, options: SendOptions): Promise<Delivery[]> {
    const { retries = 3, retriesOnStatus = true, timeoutMs = TIMEOUT_MS } = options;
    const deliveries: Delivery[] = [];
    let envelope = this.sealed(xml, to, options.isShuffled);
    for (let number = 1; number <= retries + 1; number++) {
      if (number > 1) await sleep(options.retryDelayMs ?? 0);
      if (number > 1 && !options.isRetryEqual) envelope = this.sealed(xml, to, options.isShuffled);
      const headers = { 'content-type': 'text/xml' };
      const request = { method: 'POST', headers, body: envelope.body };
      const delivery = await attempt(number, envelope.url, request, timeoutMs);
      deliveries.push(delivery);
      if (delivery.status === 200 || (delivery.status !== null && !retriesOnStatus)) break;
    }
    return deliveries;
  }
}

/** The text that is encrypted. */
function eventXml(event: EventFields, { corpId }: Receiver, isChangeTypePlain?: boolean): string {
  const { Event, CreateTime = Math.floor(Date.now() / 1000), MsgType = 'event', ...rest } = event;
  const isPlain = isChangeTypePlain ?? Event === 'change_contact';
  const fields = { ToUserName: corpId, FromUserName: 'sys', CreateTime, MsgType, Event, ...rest };
  const elements = Object.entries(fields).flatMap(([name, value]) => {
    if (value === undefined) return [];
    const isBare = typeof value === 'number' || (name === 'ChangeType' && isPlain);
    return [`<${name}>${isBare ? value : `<![CDATA[${value}]]>`}</${name}>`];
  });
  return `<xml>${elements.join('')}</xml>`;
}

function signedUrl({ url, token }: Receiver, cipher: string): URL {
  const signed = new URL(url);
  const timestamp = String(Math.floor(Date.now() / 1000));
  const nonce = String(randomBytes(6).readUIntBE(0, 6));
  signed.searchParams.set('msg_signature', getSignature(token, timestamp, nonce, cipher));
  signed.searchParams.set('timestamp', timestamp);
  signed.searchParams.set('nonce', nonce);
  return signed;
}

async function attempt(number: number, url: string, request: RequestInit, timeoutMs: number): Promise<Delivery> {
  const begun = performance.now();
  try {
    const response = await fetch(url, { ...request, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) });
    const body = await response.text();
    const contentType = response.headers.get('content-type') ?? '';
    return { attempt: number, status: response.status, body, contentType, ms: performance.now() - begun };
  } catch {
    return { attempt: number, status: null, body: '', contentType: '', ms: performance.now() - begun };
  }
}

async function inTurnOrAtOnce(sends: (() => Promise<Delivery[]>)[], isParallel = false): Promise<Delivery[]> {
  if (isParallel) return (await Promise.all(sends.map((send) => send()))).flat();
  const deliveries: Delivery[] = [];
  for (const send of sends) deliveries.push(...(await send()));
  return deliveries;
}
