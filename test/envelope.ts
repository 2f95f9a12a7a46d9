import type { Answer } from './app';

const KEYS = {
  mix: ['code', 'msg', 'mix_code', 'mix_msg', 'mix_ext', 'result'],
  business: ['result', 'msg', 'data'],
};

export type FamilyName = keyof typeof KEYS;

/** Each family's message for a failure that a test expects; `details` are those of a bad parameter. */
const FAILURES = {
  fault: ['服务器错误，请联系管理员!', 230016],
  unavailable: ['服务暂不可用，请稍后重试', 230012],
  'route-not-found': ['接口不存在', 230001],
  'method-not-allowed': ['请求方法不支持', 230001],
  'body-too-large': ['请求体过大', 230011],
} as const;

/** Expects JSON in the family's envelope, with the contract's key order (CONTRACT 1.1, 2.1). */
export function expectEnvelope({ headers, text, body }: Answer, family: FamilyName): void {
  expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(() => JSON.parse(text) as unknown).not.toThrow();
  expect(Object.keys(body as object)).toEqual(KEYS[family]);
}

/** Expects a failure with an HTTP status of its own, to the letter. */
export function expectFailure(answer: Answer, status: number, family: FamilyName, kind: keyof typeof FAILURES): void {
  const [msg, mixCode] = FAILURES[kind];
  expect(answer.status).toBe(status);
  expectEnvelope(answer, family);
  const mix = { code: 500, msg, mix_code: mixCode, mix_msg: '', mix_ext: '', result: [] };
  expect(answer.text).toBe(JSON.stringify(family === 'mix' ? mix : { result: 0, msg, data: [] }));
}

/** Expects that there is no such route, as each family says it: the page of family B reads a body only on 2xx. */
export function expectNoRoute(answer: Answer, family: FamilyName): void {
  if (family === 'mix') return expectFailure(answer, 404, 'mix', 'route-not-found');
  expect(answer.status).toBe(200);
  expectEnvelope(answer, family);
  expect(answer.text).toBe('{"result":0,"msg":"不存在的接口","data":[]}');
}

/** Expects a bad parameter: HTTP 200, and the sentence after the family's own prefix. */
export function expectBadParameter(answer: Answer, family: FamilyName, details: string): void {
  expect(answer.status).toBe(200);
  expectEnvelope(answer, family);
  const mix = {
    code: 500,
    msg: `请求参数错误：${details}`,
    mix_code: 230011,
    mix_msg: details,
    mix_ext: '',
    result: [],
  };
  expect(answer.body).toEqual(family === 'mix' ? mix : { result: 0, msg: `参数错误：${details}`, data: [] });
}
