import { isUtf8 } from 'node:buffer';
import { Busboy } from '@fastify/busboy';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { BadParameter } from '../output/errors';
import { nestPhpParams, parsePhpParams, PhpParams, tooMany } from './php-params';

/** The largest request body in bytes. */
export const BODY_LIMIT = 1024 * 1024;

/** Bounds the depth of JSON before it is parsed: 200 KB of brackets would block the process for a second. */
const JSON_DEPTH = 32;

/** Bounds the names in a JSON body and the parts of a multipart body: as many parameters as a form may have. */
const MAX_NAMES = 1100;

/** Bounds the items of lists and objects in a JSON body: multi_delete's 1000 ids, with room for duplicates. */
const MAX_ITEMS = 10_000;

const MULTIPART_LIMITS = { fields: MAX_NAMES, parts: MAX_NAMES, fieldNameSize: 200, fieldSize: BODY_LIMIT };

/** Reads JSON, urlencoded and multipart bodies (without files) into one plain object of parameters. */
export function addBodyParsers(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) =>
    settle(() => parseJson(decodeUtf8(body as Buffer)), done),
  );
  fastify.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'buffer' }, (_request, body, done) =>
    settle(() => parsePhpParams(decodeUtf8(body as Buffer)), done),
  );
  fastify.addContentTypeParser(
    'multipart/form-data',
    { parseAs: 'buffer' },
    async (request: FastifyRequest, body: Buffer) => {
      return nestPhpParams(await readFields(request.headers['content-type'] ?? '', utf8(body)));
    },
  );
}

function settle(parse: () => PhpParams, done: (error: Error | null, params?: PhpParams) => void): void {
  let params: PhpParams;
  try {
    params = parse();
  } catch (error) {
    return done(error as Error);
  }
  done(null, params);
}

const BYTE_ORDER_MARK = Buffer.from('\ufeff');

/**
 * A body without its byte order mark.
 * @throws BadParameter for another encoding (GBK …), whose bytes would be stored as replacement characters
 */
function utf8(body: Buffer): Buffer {
  if (!isUtf8(body)) throw new BadParameter(['请求体必须是 UTF-8 编码']);
  return body.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK)
    ? body.subarray(BYTE_ORDER_MARK.length)
    : body;
}

function decodeUtf8(body: Buffer): string {
  return utf8(body).toString();
}

function parseJson(text: string): PhpParams {
  if (text.trim() === '') return {};
  assertBounded(text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new BadParameter(['请求体不是合法的 JSON']);
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new BadParameter(['请求体必须是 JSON 对象']);
  }
  return value as PhpParams;
}

/** Bounds JSON before it is parsed, because parsed names and items cost far more than their bytes. */
function assertBounded(text: string): void {
  let depth = 0;
  let names = 0;
  let items = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (inString) {
      if (char === '\\') i++;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === ':') names++;
    else if (char === ',') items++;
    else if (char === '[' || char === '{') {
      if (++depth > JSON_DEPTH) throw new BadParameter([`JSON 嵌套不能超过 ${JSON_DEPTH} 层`]);
    } else if (char === ']' || char === '}') depth--;
  }
  if (names > MAX_NAMES || items > MAX_ITEMS) throw tooMany();
}

/**
 * The fields of a multipart body. Every part must be a field: a part that the parser skips (a broken header, no name)
 * may be a filter, and an answer without it would have too many rows.
 * @throws BadParameter for a file, too many fields, or a body that is not multipart
 */
function readFields(contentType: string, body: Buffer): Promise<[string, string][]> {
  const parts = partsOf(contentType, body);
  return new Promise((resolve, reject) => {
    const pairs: [string, string][] = [];
    const unreadable = () => reject(new BadParameter(['请求体不是合法的 multipart/form-data']));
    let busboy: ReturnType<typeof Busboy>;
    try {
      busboy = new Busboy({ headers: { 'content-type': contentType }, limits: MULTIPART_LIMITS });
    } catch {
      return unreadable();
    }
    busboy.on('field', (name, value, nameTruncated) => {
      if (nameTruncated) unreadable();
      else pairs.push([name, value]);
    });
    busboy.on('file', (_name, stream) => {
      stream.resume();
      reject(new BadParameter(['不支持上传文件']));
    });
    for (const limit of ['fieldsLimit', 'partsLimit'] as const) busboy.on(limit, () => reject(tooMany()));
    busboy.on('error', unreadable);
    busboy.on('finish', () => (pairs.length === parts ? resolve(pairs) : unreadable()));
    busboy.end(body);
  });
}

/** The end of a boundary's line, after which a part begins. */
const PART = /^[ \t]*\r\n/;

/**
 * Counts the parts of a body before it is parsed, because a parsed part costs far more than its bytes.
 * @throws BadParameter for too many parts
 */
function partsOf(contentType: string, body: Buffer): number {
  const [, quoted, bare] = /;\s*boundary\s*=\s*(?:"([^"]*)"|([^;\s]*))/i.exec(contentType) ?? [];
  const [, ...rest] = `\r\n${body.toString('latin1')}`.split(`\r\n--${quoted ?? bare}`, MAX_NAMES + 3);
  if (rest.length > MAX_NAMES + 1) throw tooMany();
  const end = rest.findIndex((text) => text.startsWith('--'));
  return rest.slice(0, end).filter((text) => PART.test(text)).length;
}
