import { cleanUrl, pathOf } from '../../base/url';
import { BadParameter, Failure, FailureKind } from './errors';

/** What an envelope says of a success. */
export interface Success {
  msg: string;
  /** Family A's code (CONTRACT 1.1); by default 130001. */
  mixCode?: number;
}

const FOUND: Success = { msg: '查询成功' };
export const ADDED: Success = { msg: '添加成功' };
export const EDITED: Success = { msg: '编辑成功' };
export const DELETED: Success = { msg: '删除成功' };
export const TICKET_CHECKED: Success = { msg: 'Ticket校验成功' };
export const LOGGED_IN: Success = { msg: '登录成功', mixCode: 130002 };

const OK: Success = { msg: 'ok' };
/** What family B's pages beside the list say (CONTRACT 2.2). */
export const DONE: Success = { msg: '成功' };

/** The envelopes of an API family. Key order is part of the contract. */
interface Family {
  /** @param success by default the family's own: 查询成功, ok */
  succeed(result: unknown, success?: Success): object;
  fail(failure: Failure): { msg: string };
  /** HTTP status of a route that does not exist: family B's page reads a body only on 2xx (CONTRACT 2.1). */
  unknownRoute: 200 | 404;
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
  succeed: (result, { msg, mixCode = 130001 } = FOUND) => ({
    code: 200,
    msg,
    mix_code: mixCode,
    mix_msg: '',
    mix_ext: '',
    result,
  }),
  fail: (failure) => ({
    code: failure.kind === 'not-signed-in' ? 401 : 500,
    msg: failure instanceof BadParameter ? `请求参数错误：${failure.message}` : failure.message,
    mix_code: mixCodes[failure.kind],
    mix_msg: failure instanceof BadParameter ? failure.message : '',
    mix_ext: '',
    result: [],
  }),
  unknownRoute: 404,
};

const business: Family = {
  succeed: (data, { msg } = OK) => ({ result: 1, msg, data }),
  fail: (failure) => {
    if (failure.kind === 'not-signed-in') return { result: 0, msg: '请登录', data: { login_status: 1 } };
    if (failure.kind === 'route-not-found') return { result: 0, msg: '不存在的接口', data: [] };
    if (failure.kind === 'no-enterprise') return { result: 0, msg: failure.message, data: { login_status: 2 } };
    const msg = failure instanceof BadParameter ? `参数错误：${failure.message}` : failure.message;
    return { result: 0, msg, data: [] };
  },
  unknownRoute: 200,
};

/** Family A (`mix`, MixIOT, CONTRACT 1) and family B (`business`, 芸众, CONTRACT 2). */
export const families = { mix, business };
export type FamilyName = keyof typeof families;

/** How the paths of family B begin: those of its pages, and those of the vendor's shop (CONTRACT 2.5). */
export const BUSINESS_PATHS = '/business/';
export const SHOP_PATHS = '/addons/yun_shop/';

/** The family of a URL, for requests that reach no route; a route's family is declared by `@Envelope`. */
export function familyOfUrl(url: string): FamilyName {
  const path = `${pathOf(cleanUrl(url))}/`;
  return path.startsWith(BUSINESS_PATHS) || path.startsWith(SHOP_PATHS) ? 'business' : 'mix';
}
