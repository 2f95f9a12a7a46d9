import { pathOf } from '../../base/url';
import { BadParameter, Failure, FailureKind } from './errors';

/** The code and message of a success in family A (CONTRACT 1.1). Family B always says `ok`. */
export interface Success {
  mixCode: number;
  msg: string;
}

export const FOUND: Success = { mixCode: 130001, msg: '查询成功' };
export const ADDED: Success = { mixCode: 130001, msg: '添加成功' };
export const EDITED: Success = { mixCode: 130001, msg: '编辑成功' };
export const DELETED: Success = { mixCode: 130001, msg: '删除成功' };
export const LOGGED_IN: Success = { mixCode: 130002, msg: '登录成功' };

/** The envelopes of an API family. Key order is part of the contract. */
interface Family {
  succeed(result: unknown, success: Success): object;
  fail(failure: Failure): { msg: string };
}

const mixCodes: Record<FailureKind, number> = {
  rejected: 230001,
  'no-enterprise': 230001,
  'route-not-found': 230001,
  'method-not-allowed': 230001,
  'bad-parameter': 230011,
  'body-too-large': 230011,
  'too-many-requests': 230012,
  unavailable: 230012,
  timeout: 230012,
  'not-signed-in': 230014,
  fault: 230016,
};

const mix: Family = {
  succeed: (result, { mixCode, msg }) => ({ code: 200, msg, mix_code: mixCode, mix_msg: '', mix_ext: '', result }),
  fail: (failure) => ({
    code: failure.kind === 'not-signed-in' ? 401 : 500,
    msg: failure instanceof BadParameter ? `请求参数错误：${failure.message}` : failure.message,
    mix_code: mixCodes[failure.kind],
    mix_msg: failure instanceof BadParameter ? failure.message : '',
    mix_ext: '',
    result: [],
  }),
};

const business: Family = {
  succeed: (data) => ({ result: 1, msg: 'ok', data }),
  fail: (failure) => {
    if (failure.kind === 'not-signed-in') return { result: 0, msg: '请登录', data: { login_status: 1 } };
    if (failure.kind === 'no-enterprise') return { result: 0, msg: failure.message, data: { login_status: 2 } };
    const msg = failure instanceof BadParameter ? `参数错误：${failure.message}` : failure.message;
    return { result: 0, msg, data: [] };
  },
};

/** Family A (`mix`, MixIOT, CONTRACT 1) and family B (`business`, 芸众, CONTRACT 2). */
export const families = { mix, business };
export type FamilyName = keyof typeof families;

/** The family of a URL, for requests that reach no route; a route's family is declared by `@Envelope`. */
export function familyOfUrl(url: string): FamilyName {
  return /^\/business(\/|$)/.test(pathOf(url)) ? 'business' : 'mix';
}
