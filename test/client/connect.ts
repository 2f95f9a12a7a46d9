import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createClient } from '../../client/src/index';
import { assertDocumented } from '../openapi/answers';

type Options = Partial<Parameters<typeof createClient>[0]>;

/** The demo's super user. */
export const ADMIN = { username: 'admin', password: 'demo-admin' };

/** The global fetch with the product, whose answer must be as openapi.json says. */
export async function documentedFetch(url: string, init: RequestInit): Promise<Response> {
  const response = await fetch(url, init);
  const text = await response.clone().text();
  assertDocumented('POST', new URL(url).pathname, { status: response.status, text, body: JSON.parse(text) });
  return response;
}

/** A client of the app, by default of its super user. */
export const connect = ({ url: baseUrl }: { url: string }, options: Options = ADMIN) =>
  createClient({ baseUrl, fetch: documentedFetch, ...options } as never);

/** What a rejected promise was rejected with. */
export const failureOf = (call: Promise<unknown>): Promise<any> =>
  call.then(
    () => Promise.reject(new Error('the call succeeded')),
    (error: unknown) => error,
  );

/** A server beside the app: a proxy that fails, or one that never answers. */
export async function listen(answer: RequestListener): Promise<{ url: string; stop: () => void }> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, stop: () => (server.closeAllConnections(), server.close()) };
}
