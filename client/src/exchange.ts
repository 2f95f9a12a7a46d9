import { unwrap } from './envelope.js';

/** How a single call is limited. */
export interface CallOptions {
  /** Ends the call; it then rejects with the signal's reason. */
  signal?: AbortSignal;
  /** Milliseconds for the request and its answer; by default the client's. */
  timeoutMs?: number;
}

/** A call as the generated operations describe it. */
export interface Operation extends CallOptions {
  /** With `{name}` for each parameter of the path. */
  url: string;
  path?: Record<string, unknown>;
  body?: unknown;
  /** Present if the route needs a token. */
  security?: readonly unknown[];
}

/** Where and how a client sends. */
export interface ExchangeOptions extends CallOptions {
  /** URL of the server, such as `https://crm.example.com`; with its path if a proxy serves it under one. */
  baseUrl: string;
  /** In place of the global `fetch`. */
  fetch?: (url: string, init: RequestInit) => Promise<Response>;
}

export type Exchange = (operation: Operation, token?: string) => Promise<unknown>;

/** Above the 20 seconds that the server lets a request wait for its turn before it refuses it. */
const TIMEOUT_MS = 60_000;

/**
 * Makes the function that sends one request and takes the result out of its answer.
 * @throws TypeError for a base URL that is none, or that holds a password: `fetch` would repeat it in its errors
 */
export function exchangeWith(options: ExchangeOptions): Exchange {
  const { fetch = globalThis.fetch, signal, timeoutMs = TIMEOUT_MS } = options;
  const base = baseOf(options.baseUrl);
  return async ({ url, path = {}, body = {}, ...own }, token) => {
    const signals = [signal, own.signal, AbortSignal.timeout(own.timeoutMs ?? timeoutMs)];
    const response = await fetch(base + withPath(url, path), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(body),
      credentials: 'omit', // the token says who calls, never a cookie
      redirect: 'error', // a redirect would send token or password to wherever it points
      signal: AbortSignal.any(signals.filter((each) => each !== undefined)),
    });
    return unwrap(response, await response.text());
  };
}

function baseOf(baseUrl: string): string {
  const { protocol, username, password, host, pathname } = new URL(baseUrl);
  if (!/^https?:$/.test(protocol) || username || password) throw new TypeError('baseUrl must be http(s)://host…');
  return `${protocol}//${host}${pathname.replace(/\/+$/, '')}`;
}

function withPath(url: string, path: Record<string, unknown>): string {
  return url.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(path[name])));
}
