import type { DataSource } from 'typeorm';
import type { Env } from '../../config/env';
import { WecomClient } from '../client/wecom-client';
import { Cipher } from '../corps/cipher';
import { Corps } from '../corps/corps';
import { shownCredentials } from '../corps/credentials';
import { checkAccess, Way } from './access';
import { NO_CUSTOMERS } from './advice';
import { Finding, skipped } from './finding';
import { checkCallbacks } from './heard';
import { checkRanges, MAX_ASKED } from './ranges';

/** gettoken twice, the follow list, the tags, a page of customers, and user/get for the employees of two lists. */
export const MAX_CALLS = 5 + 2 * MAX_ASKED;

/**
 * Looks for what keeps an enterprise from being synced, with at most {@link MAX_CALLS} calls.
 * @param tell hears of each line for standard error: failed tries with WeCom's hint, pauses
 * @throws OperatorError for an enterprise that is unknown, stopped or without credentials, or another key
 */
export async function* examine(
  dataSource: DataSource,
  env: Env,
  enterpriseId: number,
  tell: (line: string) => void,
): AsyncGenerator<Finding> {
  const shown = await shownCredentials(dataSource, new Cipher(env), enterpriseId);
  const corp = (await new Corps(env, dataSource).of(enterpriseId))!;
  const client = new WecomClient(env, dataSource, ({ path, errcode, hint, reason }) => {
    if (errcode !== NO_CUSTOMERS) tell(`${path}: ${reason || `errcode ${errcode}`}${hint && `, hint ${hint}`}`);
  });
  try {
    const api = client.for(corp, { onWait: (until) => until && tell('waiting for the end of the frequency limit') });
    const { findings, followers, refused } = await checkAccess(client, corp, api, wayOf(env));
    yield* findings;
    if (followers) yield* await checkRanges(dataSource, corp, api, { followers, refused });
    else yield* [skipped('visible'), skipped('contacts')];
  } finally {
    await client.close();
  }
  const url = (env.PUBLIC_URL ?? 'https://…') + shown.path;
  const set = { isAppSet: shown.callbacks === 'set', isAssistantSet: shown.contacts === 'set', url };
  yield* await checkCallbacks(dataSource, corp, set);
}

/** A proxy's URL may hold a password. */
function wayOf({ WECOM_API_BASE: base, WECOM_PROXY_URL: proxy }: Env): Way {
  return { base, proxy: proxy === undefined ? '' : new URL(proxy).host };
}
