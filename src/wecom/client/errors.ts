import { reasonOf } from '../../base/operator-error';
import { Unstorable } from '../../database/storable';
import { WrongCredentialKey } from '../corps/cipher';
import { meaningOf } from './codes';

/** What WeCom said of a call that failed, without tokens. */
export interface Refusal {
  path: string;
  errcode: number;
  /** WeCom's own text, cut; it may change at any time. */
  errmsg: string;
  /** The number by which WeCom's support finds the call; empty: none. */
  hint: string;
  /** Our address as WeCom saw it; empty: not told. */
  callerAddress: string;
}

/** WeCom refused a call for good: the same call fails again. */
export class WecomRefused extends Error implements Refusal {
  readonly path: string;
  readonly errcode: number;
  readonly errmsg: string;
  readonly hint: string;
  readonly callerAddress: string;

  constructor({ path, errcode, errmsg, hint, callerAddress }: Refusal) {
    super(`${path}: ${errcode}`);
    this.path = path;
    this.errcode = errcode;
    this.errmsg = errmsg;
    this.hint = hint;
    this.callerAddress = callerAddress;
  }
}

/** A call failed for a reason that passes, in every try. */
export class WecomUnavailable extends Error {
  /**
   * @param errcode WeCom's code; 0: it gave none
   * @param reason in one or two words: `ETIMEDOUT`, `status 502`, `not JSON` …; or in Chinese
   */
  constructor(
    readonly path: string,
    readonly errcode: number,
    readonly reason: string,
  ) {
    super(`${path}: ${errcode === 0 ? reason : errcode}`);
  }
}

/** Whether a call failed, at WeCom or on the way; anything else is our own failure. */
export function isWecomFault(error: unknown): error is WecomRefused | WecomUnavailable {
  return error instanceof WecomRefused || error instanceof WecomUnavailable;
}

/** An error as one Chinese sentence with WeCom's code, for the state of a run and for problems. */
export function sentenceOf(error: unknown): string {
  if (error instanceof WecomRefused) return sentence(error.errcode);
  if (error instanceof WecomUnavailable) {
    return error.errcode === 0 ? `企业微信暂时无法访问：${inChinese(error.reason)}` : sentence(error.errcode);
  }
  if (error instanceof WrongCredentialKey) return '企业微信凭据无法读取：WECOM_CREDENTIAL_KEY 缺失或不正确';
  if (error instanceof Unstorable) return '企业微信返回的编号无法保存'; // its message names columns
  return `内部错误：${reasonOf(error)}`;
}

const REASONS: Readonly<Record<string, string>> = {
  timeout: '超时',
  incomplete: '返回的数据不完整',
  'not JSON': '返回的不是 JSON',
  'no errcode': '返回的数据不完整',
  'too long': '返回的数据过大',
  'cursor again': '游标重复',
  network: '网络错误',
  ETIMEDOUT: '超时',
  UND_ERR_CONNECT_TIMEOUT: '超时',
  UND_ERR_HEADERS_TIMEOUT: '超时',
  UND_ERR_BODY_TIMEOUT: '超时',
  UND_ERR_ABORTED: '连接中断',
  EPIPE: '连接中断',
  EHOSTUNREACH: '网络不可达',
  ENETUNREACH: '网络不可达',
  ECONNREFUSED: '连接被拒绝',
  ECONNRESET: '连接中断',
  UND_ERR_SOCKET: '连接中断',
  ENOTFOUND: '域名解析失败',
  EAI_AGAIN: '域名解析失败',
};

function inChinese(reason: string): string {
  const [, status] = /^status (\d+)$/.exec(reason) ?? [];
  if (status !== undefined) return `HTTP ${status}`;
  const isCode = /^\w+$/.test(reason);
  return REASONS[reason] ?? (isCode ? `网络错误（${reason}）` : reason);
}

function sentence(errcode: number): string {
  const means = meaningOf(errcode);
  return `企业微信返回 ${errcode}${means === undefined ? '' : `：${means}`}`;
}
