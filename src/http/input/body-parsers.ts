import { isUtf8 } from 'node:buffer';
import type { FastifyInstance } from 'fastify';
import { BadParameter } from '../output/errors';
import { parseJson } from './json-body';
import { readMultipart } from './multipart';
import { nestPhpParams, parsePhpParams, PhpParams } from './php-params';

/** The largest request body in bytes. */
export const BODY_LIMIT = 1024 * 1024;

/** The largest body in bytes on a route that needs no token: a sign-in form has less than 1 KB. */
export const PUBLIC_BODY_LIMIT = 16 * 1024;

/** The largest body in bytes of a callback: WeCom's have about 1 KB, those of a change of a group's members more. */
export const CALLBACK_BODY_LIMIT = 64 * 1024;

type Read = (body: string, contentType: string) => PhpParams;

/** The media types that are read; JSON is what Laravel takes for it: `application/json`, `text/json`, `x/y+json`. */
const READERS: { type: RegExp; read: Read; isJson?: true }[] = [
  { type: /[/+]json$/, read: parseJson, isJson: true },
  { type: /^application\/x-www-form-urlencoded$/, read: parseForm },
  { type: /^multipart\/form-data$/, read: (body, contentType) => nestPhpParams(readMultipart(body, contentType)) },
];

/**
 * Reads JSON, urlencoded and multipart bodies (without files) into one plain object of parameters (CONTRACT 1.1). The
 * body of a callback stays text, whatever its type: its signature tells what it is.
 */
export function addBodyParsers(fastify: FastifyInstance): void {
  // JSON is read whatever the method; Fastify reads no body of GET and HEAD by itself.
  for (const method of ['GET', 'HEAD']) fastify.addHttpMethod(method, { hasBody: true, overrideExisting: true });
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (request, body, done) => {
    const { method, headers, routeOptions } = request;
    const isText = routeOptions.config.callback !== undefined;
    done(null, isText ? decodeUtf8(body as Buffer) : readBody(method, headers['content-type'] ?? '', body as Buffer));
  });
  fastify.addHook('onRequest', ({ headers }, _reply, done) => {
    // A client may name any type, or the word `undefined`, for no body: that is no parameters.
    const isEmpty = headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0;
    if (isEmpty) delete headers['content-type'];
    done();
  });
}

/**
 * A form.
 * @throws BadParameter for JSON sent as a form, the slip of a caller that sets no header: PHP reads it as one long name
 */
function parseForm(body: string): PhpParams {
  const json = /^\s*[[{]/.test(body) ? jsonIn(body) : undefined;
  if (json === undefined) return parsePhpParams(body);
  if (Object.keys(json).length > 0) throw new BadParameter(['请求体是 JSON，Content-Type 须为 application/json']);
  return json;
}

/** The parameters if the text is JSON. */
function jsonIn(text: string): PhpParams | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

/** @throws BadParameter for a body that is not read: nothing that a client sent is dropped unnoticed */
function readBody(method: string, contentType: string, body: Buffer): PhpParams {
  if (body.length === 0) return {};
  const type = contentType.split(';', 1)[0]!.trim().toLowerCase();
  const reader = READERS.find((candidate) => candidate.type.test(type));
  if (!reader) throw new BadParameter(['请求格式不正确']);
  if (!reader.isJson && method !== 'POST') throw new BadParameter([`${method} 请求的请求体必须是 JSON`]); // as in PHP
  return reader.read(decodeUtf8(body), contentType);
}

/**
 * The text of a body without its byte order mark.
 * @throws BadParameter for another encoding (GBK …), whose bytes would be stored as replacement characters
 */
function decodeUtf8(body: Buffer): string {
  if (!isUtf8(body)) throw new BadParameter(['请求体必须是 UTF-8 编码']);
  const text = body.toString();
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}
