import { isWrongCredential, meaningOf } from '../client/codes';
import { sentenceOf, WecomRefused, WecomUnavailable } from '../client/errors';
import type { Check, Text } from './finding';

/** What WeCom's answers, or their absence, are told by. */
export type Fault = WecomRefused | WecomUnavailable;

export const isFault = (error: unknown): error is Fault =>
  error instanceof WecomRefused || error instanceof WecomUnavailable;

/** Tokens that are not taken although they are fresh. */
const TOKEN_CODES: readonly number[] = [40014, 41001, 42001];
const NOT_TRUSTED = 60020;

/** What an employee without customers is answered with. */
export const NO_CUSTOMERS = 84061;

/** What is wrong with one employee, and says nothing of the app. */
const EMPLOYEE_CODES: readonly number[] = [40003, 48011, 50002, 60011, 60111, 84074];

export const isOfEmployee = ({ errcode }: Fault): boolean => EMPLOYEE_CODES.includes(errcode);

/** An employee that WeCom does not let be read. */
export interface Refused {
  userid: string;
  fault: Fault;
}

/** The check that a fault belongs to: WeCom looks at corp and secret, then the address, then the rest. */
export function checkOf(fault: Fault): Extract<Check, 'connection' | 'secret' | 'address' | 'permission'> {
  if (fault instanceof WecomUnavailable) return 'connection';
  const { errcode, path } = fault;
  if (path === 'gettoken' || isWrongCredential(errcode) || TOKEN_CODES.includes(errcode)) return 'secret';
  return errcode === NOT_TRUSTED ? 'address' : 'permission';
}

const NEW_SECRET: Text = {
  zh: '在管理后台「应用管理 → 自建 → 该应用」确认应用已启用，查看 Secret，再执行 wecom credential set',
  en: "see that the app is enabled (应用管理 → 自建), read its Secret there, then run 'wecom credential set'",
};

const MAY_CALL: Text = {
  zh: '在管理后台「客户联系 → 权限配置 → 可调用接口的应用」勾选该应用；不要用「客户联系」或「通讯录同步」的 Secret',
  en: 'tick the app under 客户联系 → 权限配置 → 可调用接口的应用; the secrets of 客户联系 and 通讯录同步 do not do',
};

const ENABLE: Text = {
  zh: '在管理后台「应用管理 → 自建」启用该应用',
  en: 'enable the app under 应用管理 → 自建',
};

/** What to change where, by WeCom's code. */
export const ADVICE: Readonly<Record<number, Text>> = {
  40001: NEW_SECRET,
  40013: {
    zh: '在管理后台「我的企业 → 企业信息」查看企业 ID，再执行 wecom credential set',
    en: "read the corp's id under 我的企业 → 企业信息, then run 'wecom credential set'",
  },
  40014: NEW_SECRET,
  40091: NEW_SECRET,
  42001: NEW_SECRET,
  45009: {
    zh: '等待后重试；多次用错误的 Secret 调用时，企业微信会封锁本机 IP 一小时',
    en: 'wait and try again; after many calls with a wrong secret WeCom locks this address for an hour',
  },
  48001: MAY_CALL,
  48002: MAY_CALL,
  48006: MAY_CALL,
  50003: ENABLE,
  60031: ENABLE,
  610024: {
    zh: '在管理后台完成企业认证',
    en: 'have the corp verified (企业认证)',
  },
};

/** What WeCom has refused, and what to change where. */
export function textOf(fault: Fault, { base, proxy }: { base: string; proxy: string }): Text {
  if (fault instanceof WecomUnavailable && fault.errcode === 0) {
    const way = proxy === '' ? { zh: '', en: '' } : { zh: `（经 ${proxy}）`, en: ` through ${proxy}` };
    return {
      zh: `无法访问 ${base}${way.zh}，${fault.reason}：检查网络、防火墙与 WECOM_PROXY_URL`,
      en: `${base}${way.en} gives no answer (${fault.path}: ${fault.reason}): check network, firewall and WECOM_PROXY_URL`,
    };
  }
  const { errcode, path } = fault;
  if (fault instanceof WecomRefused && errcode === NOT_TRUSTED) return untrusted(fault);
  const advice = ADVICE[errcode];
  const unknown = meaningOf(errcode) === undefined ? ' (a code that is not known here)' : '';
  return {
    zh: `${sentenceOf(fault)}（${path}）${advice ? `：${advice.zh}` : ''}`,
    en: `${path} is answered with ${errcode}${advice ? `: ${advice.en}` : unknown}`,
  };
}

function untrusted({ callerAddress }: WecomRefused): Text {
  return {
    zh: `企业微信返回 60020，它看到的地址是 ${callerAddress || '（未说明）'}：在管理后台「应用管理 → 自建 → 该应用 → 企业可信IP」加入此地址，约一分钟后生效；出口地址不固定时用 WECOM_PROXY_URL 走固定出口`,
    en: `WeCom sees this server as ${callerAddress || 'an address that it does not tell'} (60020): add that address to the app's 企业可信IP, which takes a minute; where the way out is not fixed, set WECOM_PROXY_URL`,
  };
}
