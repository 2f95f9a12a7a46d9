import { foreignText, withoutSecrets } from '../../base/foreign-text';
import { NoAnswer } from '../../base/no-answer';
import type { Refusal } from './errors';
import type { Endpoint } from './endpoint';
import type { HttpAnswer } from './transport';

/** What came of a call: an answer, a refusal with WeCom's code, or a fault without one. */
export type Outcome<Answer> =
  { kind: 'answer'; answer: Answer } | { kind: 'refusal'; refusal: Refusal } | { kind: 'fault'; reason: string };

const fault = (reason: string) => ({ kind: 'fault', reason }) as const;

/**
 * Reads an answer of WeCom. The code comes first: an error keeps the endpoint's containers, empty.
 * @param secrets of the call, which WeCom's text must not repeat
 */
export function readAnswer<Answer>(
  { path, answer }: Endpoint<Answer>,
  { status, text }: HttpAnswer,
  secrets: string[],
): Outcome<Answer> {
  if (status !== 200) return fault(`status ${status}`); // WeCom always says 200: this is of something in between
  const json = parse(text);
  if (!json) return fault('not JSON');
  const errcode = 'errcode' in json ? wholeNumber(json.errcode) : 0; // absent: success
  if (errcode === undefined) return fault('no errcode');
  if (errcode !== 0)
    return {
      kind: 'refusal',
      refusal: refusalOf(path, errcode, typeof json.errmsg === 'string' ? json.errmsg : '', secrets),
    };
  const read = answer.safeParse(json);
  return read.success ? { kind: 'answer', answer: read.data } : fault('incomplete');
}

/** @returns undefined for anything else, '' and null too, which `Number` takes for 0 */
function wholeNumber(value: unknown): number | undefined {
  const isWhole = typeof value === 'string' ? /^-?\d{1,15}$/.test(value) : Number.isSafeInteger(value);
  return isWhole ? Number(value) : undefined;
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** WeCom's texts have at most some 200 characters. */
const MAX_ERRMSG = 300;

function refusalOf(path: string, errcode: number, said: string, secrets: string[]): Refusal {
  const errmsg = foreignText(withoutSecrets(said, secrets), MAX_ERRMSG);
  const [, hint = ''] = /hint: ?\[(\w{1,64})\]/.exec(errmsg) ?? [];
  const [, callerAddress = ''] = /from ip: ?([\da-fA-F.:]{2,45})/.exec(errmsg) ?? [];
  return { path, errcode, errmsg, hint, callerAddress };
}

/** Sends a call once; without a whole answer it is a fault. */
export async function attempt<Answer>(
  send: () => Promise<HttpAnswer>,
  read: (answer: HttpAnswer) => Outcome<Answer>,
): Promise<Outcome<Answer>> {
  try {
    return read(await send());
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    return { kind: 'fault', reason: error.reason };
  }
}
