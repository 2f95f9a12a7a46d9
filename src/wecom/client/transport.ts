import { Agent, Dispatcher, ProxyAgent, request } from 'undici';
import { noAnswerOf, textOf } from '../../base/no-answer';
import type { Env } from '../../config/env';

export interface HttpAnswer {
  status: number;
  text: string;
}

/** Bounds an answer in memory. The longest, the ids of all contacts of an employee, has 35 bytes for each of at most some ten thousand. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/** Reuses connections up to the time that WeCom and middle boxes keep idle ones. */
const KEEP_ALIVE_MS = 10_000;

/** HTTP to WeCom: connections that are kept, a proxy, a limit of time and size of every answer. */
export class Transport {
  private readonly dispatcher: Dispatcher;

  constructor(private readonly env: Pick<Env, 'WECOM_API_BASE' | 'WECOM_TIMEOUT_MS' | 'WECOM_PROXY_URL'>) {
    const { WECOM_TIMEOUT_MS: timeout, WECOM_PROXY_URL: uri } = env;
    const options = { keepAliveTimeout: KEEP_ALIVE_MS, connect: { timeout } };
    // Through a tunnel, so that the proxy sees no token.
    this.dispatcher = uri ? new ProxyAgent({ uri, proxyTunnel: true, ...options }) : new Agent(options);
  }

  /**
   * @param path below `/cgi-bin/`
   * @param query holds secrets and tokens
   * @throws NoAnswer
   */
  async send(path: string, query: Record<string, string>, body?: unknown): Promise<HttpAnswer> {
    const { WECOM_API_BASE: base, WECOM_TIMEOUT_MS: timeout } = this.env;
    const url = `${base}/cgi-bin/${path}?${new URLSearchParams(query).toString()}`;
    const init = body === undefined ? { method: 'GET' as const } : jsonPost(body);
    const signal = AbortSignal.timeout(timeout); // of connecting, headers and body together
    try {
      const answer = await request(url, { ...init, dispatcher: this.dispatcher, signal });
      return { status: answer.statusCode, text: await textOf(answer.body, MAX_ANSWER_BYTES) };
    } catch (error) {
      throw noAnswerOf(error, signal);
    }
  }

  /** Cuts off what is under way. */
  close(): Promise<void> {
    return this.dispatcher.destroy();
  }
}

const jsonPost = (body: unknown) => ({
  method: 'POST' as const,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});
