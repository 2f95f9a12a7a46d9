import type { IncomingMessage } from 'node:http';

/** What came in, as the originals read it: JSON, forms and query strings alike. */
export interface Came {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  params: Record<string, unknown>;
  query: Record<string, unknown>;
}

export async function cameIn(request: IncomingMessage): Promise<Came> {
  const url = new URL(request.url ?? '/', 'http://stand-in');
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  const query = nested(url.searchParams);
  const body = bodyOf(text, request.headers['content-type'] ?? '');
  const path = url.pathname.replace(/\/{2,}/g, '/').replace(/(?<=.)\/$/, '');
  return { method: request.method ?? '', path, headers: request.headers, params: { ...query, ...body }, query };
}

function bodyOf(text: string, type: string): Record<string, unknown> {
  if (text.trim() === '') return {};
  if (!type.startsWith('application/json')) return nested(new URLSearchParams(text));
  const json: unknown = JSON.parse(text);
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as Record<string, unknown>) : {};
}

/** `search[time][0]=1` and `search[time][]=1` as PHP nests them; deeper than two the originals need nothing. */
function nested(pairs: URLSearchParams): Record<string, unknown> {
  const result: Record<string, any> = {};
  for (const [name, value] of pairs) {
    const [, first = name, second, third] = /^([^[\]]+)\[([^[\]]*)\](?:\[([^[\]]*)\])?$/.exec(name) ?? [];
    if (second === undefined) result[first] = value;
    else if (third === undefined) (result[first] ??= {})[second || Object.keys(result[first] as object).length] = value;
    else {
      const inner = ((result[first] ??= {})[second] ??= []) as string[];
      inner[third === '' ? inner.length : Number(third)] = value;
    }
  }
  return result;
}

/** Digits as text or a number. @returns undefined for anything else, and for none */
export function numberOf(value: unknown): number | undefined {
  return /^-?\d{1,16}$/.test(String(value)) ? Number(value) : undefined;
}

export const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === '';
