import type { Answer, Send, TestApp } from '../app';

export const NOT_SIGNED_IN = { result: 0, msg: '请登录', data: { login_status: 1 } };
export const NOTHING_CHOSEN = { result: 0, msg: '请先选择要管理的企业', data: { login_status: 2 } };
export const FORBIDDEN = { result: 0, msg: '无权管理该企业', data: [] };
export const NO_ROUTE = { result: 0, msg: '不存在的接口', data: [] };
export const badParameter = (detail: string) => ({ result: 0, msg: `参数错误：${detail}`, data: [] });
export const rejected = (msg: string) => ({ result: 0, msg, data: [] });

export const COOKIE = 'customer_hub_session';

/** What the built front sends beside its cookie: the token that it never has. */
export const NO_TOKEN = `Basic ${btoa('null:null')}`;

/** Sends a request to `api.php` as the front does. */
export function shop(app: TestApp, route: string, { i = '2', ...send }: Send & { i?: string } = {}): Promise<Answer> {
  return app.send(`/addons/yun_shop/api.php?i=${i}&uuid=0&type=5&validate_page=1&route=${route}`, {
    ...send,
    headers: { authorization: NO_TOKEN, ...send.headers },
  });
}

/** Signs in with the front's form. */
export function signIn(app: TestApp, mobile: string, password = 'password', send: Send = {}): Promise<Answer> {
  return shop(app, 'member.login.index', { json: { mobile, password, login_type: 5, remember: 0 }, ...send });
}

/** The cookie that an answer sets, as a browser sends it back: `customer_hub_session=…`. */
export function cookieOf({ headers }: Answer): string {
  return headers.getSetCookie()[0]!.split(';')[0]!;
}

/** The token in a cookie. */
export const tokenOf = (cookie: string) => cookie.slice(COOKIE.length + 1);

/** The headers of a request by the front with a cookie. */
export const withCookie = (cookie: string, headers: Record<string, string> = {}) => ({
  headers: { authorization: NO_TOKEN, cookie, ...headers },
});
