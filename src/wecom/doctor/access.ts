import type { Corp } from '../corps/corp';
import type { WecomApi, WecomClient } from '../client/wecom-client';
import { checkOf, Fault, isFault, isOfEmployee, NO_CUSTOMERS, Refused, textOf } from './advice';
import { Finding, finding, skipped, Text } from './finding';

const STEPS = ['connection', 'secret', 'address', 'permission'] as const;

/** How the server reaches WeCom. */
export interface Way {
  /** WECOM_API_BASE. */
  base: string;
  /** Host and port of WECOM_PROXY_URL; empty: none. */
  proxy: string;
}

/** What WeCom gives out to the app. */
export interface Access {
  findings: Finding[];
  /** The follow list; undefined if something is wrong. */
  followers?: string[];
  /** Employees whose customers cannot be read. */
  refused: Refused[];
}

/** Asks WeCom for what a sync begins with: a fresh token, the follow list, the tags, a page of customers. */
export async function checkAccess(client: WecomClient, corp: Corp, api: WecomApi, way: Way): Promise<Access> {
  try {
    await client.renewToken(corp);
    const followers = await api.followers();
    await api.tagGroups();
    const refused = await readCustomers(api, followers.slice(0, 1));
    return { findings: STEPS.map((step) => finding(step, 'ok', rightText(step, way))), followers, refused };
  } catch (error) {
    if (!isFault(error)) throw error;
    return { findings: findingsOf(error, way), refused: [] };
  }
}

async function readCustomers(api: WecomApi, userids: string[]): Promise<Refused[]> {
  const refused: Refused[] = [];
  for (const userid of userids) {
    try {
      await api.follows(userid, '');
    } catch (error) {
      if (!isFault(error) || !(isOfEmployee(error) || error.errcode === NO_CUSTOMERS)) throw error;
      if (error.errcode !== NO_CUSTOMERS) refused.push({ userid, fault: error });
    }
  }
  return refused;
}

/** What comes before the fault is right, what comes after it cannot be told. */
function findingsOf(fault: Fault, way: Way): Finding[] {
  const at = STEPS.indexOf(checkOf(fault));
  return STEPS.map((step, index) => {
    if (index === at) return finding(step, 'wrong', textOf(fault, way));
    return index < at ? finding(step, 'ok', rightText(step, way)) : skipped(step);
  });
}

function rightText(step: (typeof STEPS)[number], { base, proxy }: Way): Text {
  switch (step) {
    case 'connection':
      return proxy === ''
        ? { zh: `可以访问 ${base}`, en: `${base} answers` }
        : { zh: `可以经 ${proxy} 访问 ${base}`, en: `${base} answers through ${proxy}` };
    case 'secret':
      return { zh: '正确，已取得 access_token', en: 'right, WeCom gives an access token' };
    case 'address':
      return { zh: '企业微信接受本机地址', en: "WeCom accepts this server's address" };
    case 'permission':
      return { zh: '可以读取成员列表、客户与标签', en: 'follow list, customers and tags can be read' };
  }
}
