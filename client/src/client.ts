import { apiOver, type Api } from './api.js';
import { NotSignedInError } from './errors.js';
import { exchangeWith, type ExchangeOptions } from './exchange.js';
import { Session, type Credentials, type Tokens } from './session.js';

export type ClientOptions = ExchangeOptions &
  Credentials & {
    /** Told of every new pair of tokens, to keep them for another page or process: a renewal ends the pair before. */
    onTokens?: (tokens: Tokens) => void;
  };

/**
 * A client of customer-hub. It signs in at the first call that needs a token. When a token has ended, it is renewed once
 * for all calls that met with it, and each of these is made once more.
 * @throws TypeError for a base URL or token that cannot be one; its calls throw ApiError and what `fetch` throws
 */
export function createClient(options: ClientOptions): Api {
  const { baseUrl, fetch, signal, timeoutMs, onTokens, ...credentials } = options;
  const exchange = exchangeWith({ baseUrl, fetch, signal, timeoutMs });
  const session = new Session(apiOver(exchange).auth, credentials, onTokens);

  return apiOver(async (operation) => {
    if (!operation.security) return exchange(operation);
    const token = await unlessAborted(operation.signal, session.token());
    try {
      return await exchange(operation, token);
    } catch (error) {
      if (!(error instanceof NotSignedInError) || !session.canRenew) throw error;
      return exchange(operation, await unlessAborted(operation.signal, session.tokenAfter(token)));
    }
  });
}

/** Lets a caller leave who waits for what others wait for too. */
function unlessAborted<T>(signal: AbortSignal | undefined, shared: Promise<T>): Promise<T> {
  if (!signal) return shared;
  return new Promise((resolve, reject) => {
    const leave = () => reject(signal.reason as Error);
    if (signal.aborted) leave();
    signal.addEventListener('abort', leave, { once: true });
    shared.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}
