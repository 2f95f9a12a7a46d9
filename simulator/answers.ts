import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Hit } from './faults';

/** What goes back on the wire. */
export interface Answer {
  status: number;
  body: string;
  headers: Record<string, string>;
  errcode?: number;
  /** Where the connection breaks instead. */
  breaks?: 'before' | 'in the middle';
}

export const NOT_FOUND: Answer = { status: 404, body: '', headers: {} };

export function jsonAnswer(result: { errcode: number; errmsg: string }): Answer {
  const { errcode, errmsg } = result;
  const headers = {
    'content-type': 'application/json; charset=UTF-8',
    'error-code': String(errcode),
    'error-msg': errmsg,
  };
  return { status: 200, body: JSON.stringify(result), headers, errcode };
}

export function notJson(status: number, body = `<html><body><h1>${status}</h1></body></html>\r\n`): Answer {
  return { status, body, headers: { 'content-type': 'text/html' } };
}

/** An answer that was worked out, after a fault of the stage 'after'. */
export async function spoilt(answer: Answer, hit: Hit | undefined, list: string | undefined): Promise<Answer> {
  if (hit === undefined) return answer;
  const { kind, released } = hit;
  if (typeof kind === 'object') {
    if ('slowMs' in kind) await sleep(kind.slowMs, undefined, { ref: false });
    return answer;
  }
  if (kind === 'held') return (await released, answer);
  if (kind === 'truncated')
    return { ...answer, body: answer.body.slice(0, answer.body.length >> 1), errcode: undefined };
  if (kind === 'cut') return { ...answer, breaks: 'in the middle', errcode: undefined };
  if (kind === 'lost answer') return { ...answer, breaks: 'before', errcode: undefined };
  if (kind !== 'without list' || !list || answer.errcode !== 0) return answer;
  const { [list]: taken, ...rest } = JSON.parse(answer.body) as Record<string, unknown>;
  return taken === undefined ? answer : { ...answer, body: JSON.stringify(rest) };
}

export function send(response: ServerResponse, { status, body, headers, breaks }: Answer): void {
  const socket = response.socket;
  if (breaks === 'before') return reset(socket);
  const bytes = Buffer.from(body);
  response.writeHead(status, { ...headers, 'content-length': bytes.length });
  if (breaks === 'in the middle') response.write(bytes.subarray(0, bytes.length >> 1), () => reset(socket));
  else response.end(bytes);
}

/** Ends a connection as a crash does. */
function reset(socket: Socket | null): void {
  socket?.resetAndDestroy();
}

/** @returns the whole body as text */
export async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
