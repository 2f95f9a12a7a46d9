import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { Busboy } from '@fastify/busboy';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { BadParameter, TransportFailure } from '../errors';
import { nestPhpParams, Params, parsePhpParams } from './php-params';

/** The largest request body in bytes. */
export const BODY_LIMIT = 1024 * 1024;

/** Deeper JSON is refused before it is parsed: 200 KB of brackets would block the process for a second. */
const JSON_DEPTH = 32;

const MULTIPART_LIMITS = { fields: 1100, parts: 1100, fieldNameSize: 200, fieldSize: BODY_LIMIT };

/** JSON, urlencoded and multipart (without files) bodies all become one plain object of parameters. */
export function addBodyParsers(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) =>
    settle(() => parseJson(decodeUtf8(body as Buffer)), done),
  );
  fastify.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'buffer' }, (_request, body, done) =>
    settle(() => parsePhpParams(decodeUtf8(body as Buffer)), done),
  );
  fastify.addContentTypeParser('multipart/form-data', (request: FastifyRequest, body: IncomingMessage) =>
    parseMultipart(request, body),
  );
}

function settle(parse: () => Params, done: (error: Error | null, params?: Params) => void): void {
  let params: Params;
  try {
    params = parse();
  } catch (error) {
    return done(error as Error);
  }
  done(null, params);
}

/** What the multipart parser puts for bytes that are not UTF-8. */
const NOT_UTF8 = '\ufffd';

const BYTE_ORDER_MARK = /^\ufeff/;

/** @throws BadParameter for another character set (GBK …), whose bytes would be stored as question marks */
function decodeUtf8(body: Buffer): string {
  if (!isUtf8(body)) throw new BadParameter(['请求体必须是 UTF-8 编码']);
  return body.toString().replace(BYTE_ORDER_MARK, '');
}

function parseJson(text: string): Params {
  if (text.trim() === '') return {};
  assertShallow(text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new BadParameter(['请求体不是合法的 JSON']);
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new BadParameter(['请求体必须是 JSON 对象']);
  }
  return value as Params;
}

function assertShallow(text: string): void {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (inString) {
      if (char === '\\') i++;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === '[' || char === '{') {
      if (++depth > JSON_DEPTH) throw new BadParameter([`JSON 嵌套不能超过 ${JSON_DEPTH} 层`]);
    } else if (char === ']' || char === '}') depth--;
  }
}

/** @throws BadParameter for a file, too many fields, or a body that is not multipart; 413 above the body limit */
async function parseMultipart(request: FastifyRequest, body: IncomingMessage): Promise<Params> {
  return nestPhpParams(await readFields(request.headers['content-type'] ?? '', body));
}

function readFields(contentType: string, body: IncomingMessage): Promise<[string, string][]> {
  return new Promise((resolve, reject) => {
    const pairs: [string, string][] = [];
    let size = 0;
    const fail = (error: Error) => {
      body.unpipe();
      body.resume();
      reject(error);
    };
    const unreadable = () => fail(new BadParameter(['请求体不是合法的 multipart/form-data']));
    let busboy: ReturnType<typeof Busboy>;
    try {
      busboy = new Busboy({ headers: { 'content-type': contentType }, limits: MULTIPART_LIMITS });
    } catch {
      return unreadable();
    }
    busboy.on('field', (name, value, nameTruncated) => {
      if (nameTruncated) unreadable();
      else if (value.includes(NOT_UTF8)) fail(new BadParameter(['请求体必须是 UTF-8 编码']));
      else pairs.push([name, value]);
    });
    busboy.on('file', (_name, stream) => {
      stream.resume();
      fail(new BadParameter(['不支持上传文件']));
    });
    for (const limit of ['fieldsLimit', 'partsLimit'] as const) {
      busboy.on(limit, () => fail(new BadParameter(['参数过多或嵌套过深'])));
    }
    busboy.on('error', unreadable);
    busboy.on('finish', () => resolve(pairs));
    body.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > BODY_LIMIT) fail(new TransportFailure('body-too-large'));
    });
    body.on('error', unreadable);
    body.pipe(busboy);
  });
}
