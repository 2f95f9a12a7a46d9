import type { TestApp } from './app';

/** The complete envelopes of family A (CONTRACT 1.1): no other keys are allowed. */
export const succeeded = (msg: string, result: unknown = []) => envelope(200, msg, 130001, '', result);
export const rejected = (msg: string) => envelope(500, msg, 230001);
const notSignedIn = (msg: string) => envelope(401, msg, 230014);
export const badParameter = (...details: string[]) => {
  const sentence = details.join(' | ');
  return envelope(500, `请求参数错误：${sentence}`, 230011, sentence);
};

export const TOKEN_MISSING = notSignedIn('Token不存在，请重新登录');
export const TOKEN_ILLEGAL = notSignedIn('Token不合法，请重新登录');
export const TOKEN_EXPIRED = notSignedIn('Token已过期，请重新登录');
export const NOT_YOUR_DATA = rejected('无权操作该用户的数据');
export const NOT_FOUND = rejected('记录不存在');

function envelope(code: number, msg: string, mixCode: number, mixMsg = '', result: unknown = []) {
  return { code, msg, mix_code: mixCode, mix_msg: mixMsg, mix_ext: '', result };
}

/** Calls a route of family A with JSON. @returns the answer, which is HTTP 200 for success and failure alike */
export async function call(app: TestApp, route: string, json: unknown, token?: string): Promise<any> {
  const { status, body } = await app.send(`/api/${route}`, { json, token });
  expect(status).toBe(200);
  return body;
}

/** Values that are not ids (CONTRACT 1.3), each with the client's message. */
export const notAnId: [value: unknown, sentence: string][] = [
  [undefined, '不能为空'],
  [null, '不能为空'],
  ['', '不能为空'],
  [' 1', '必须是数字'],
  ['1abc', '必须是数字'],
  ['1.5', '必须是数字'],
  [1.5, '必须是数字'],
  ['-1', '必须是数字'],
  [-1, '必须是数字'],
  ['１', '必须是数字'],
  ['0x10', '必须是数字'],
  [true, '必须是数字'],
  [[1], '必须是数字'],
  [{}, '必须是数字'],
  ['9007199254740992', '必须是数字'],
  [2 ** 53, '必须是数字'],
  ['99999999999999999999', '必须是数字'],
];
