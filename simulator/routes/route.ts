import { Refusal } from '../errors';
import type { App, Employee } from '../data';
import type { Tokens } from '../tokens';
import type { Corp } from '../world';

/** A call with its token checked. */
export interface Call {
  corp: Corp;
  app: App;
  /** Query and body, without token and secret. */
  params: Record<string, unknown>;
}

interface Shape {
  method: 'GET' | 'POST';
  /** What an error's answer holds beside its code. */
  empty: object;
  /** The key without which the answer is of no use; the fault 'without list' takes it away. */
  list?: string;
}

export interface Route extends Shape {
  /** Whether a secret of the contacts-sync assistant is refused, and with what. */
  contactsSync?: 48002 | 48009;
  /** Whether two at once of one pair conflict (45035). */
  isWrite?: boolean;
  /** @throws Refusal */
  answer(call: Call): object;
}

/** gettoken, which stands before tokens. */
export interface TokenRoute extends Shape {
  /** @throws Refusal */
  fetch(tokens: Tokens, query: URLSearchParams, address: string): object;
}

/** @returns "" for what is absent or no text */
export function text(params: Call['params'], name: string): string {
  const value = params[name];
  return typeof value === 'string' ? value : '';
}

/** @returns undefined if absent @throws Refusal 40058 if it is no list of texts */
export function texts(params: Call['params'], name: string): string[] | undefined {
  const value = params[name];
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  throw invalid(name, 'expect type array of string');
}

export function invalid(field: string, why: string): Refusal {
  return new Refusal(40058, `field \`${field}\` ${why}`);
}

export function isVisible(app: App, { userid }: Employee): boolean {
  return app.visibleRange?.some((visible) => visible.toLowerCase() === userid.toLowerCase()) ?? true;
}

/** @throws Refusal 41009, 40003 or 60111 */
export function employeeOf({ corp, app }: Call, userid: string): Employee {
  if (!userid) throw new Refusal(41009);
  if (!/^[\w.-]{1,64}$/.test(userid)) throw new Refusal(40003);
  const employee = corp.findEmployee(userid);
  if (!employee || employee.isRemoved || !isVisible(app, employee)) throw new Refusal(60111);
  return employee;
}

/** An employee with 客户联系. @throws Refusal also 84074 */
export function followerOf(call: Call, userid: string): Employee {
  const employee = employeeOf(call, userid);
  if (!employee.isFollower) throw new Refusal(84074);
  return employee;
}
