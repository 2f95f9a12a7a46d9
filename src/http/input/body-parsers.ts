import { isUtf8 } from 'node:buffer';
import { Busboy } from '@fastify/busboy';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { BadParameter } from '../output/errors';
import { nestPhpParams, parsePhpParams, PhpParams, tooMany } from './php-params';

/** The largest request body in bytes. */
export const BODY_LIMIT = 1024 * 1024;

/** Deeper JSON is refused before it is parsed: 200 KB of brackets would block the process for a second. */
const JSON_DEPTH = 32;

/** Names in a JSON body: as many parameters as a form may have. */
const MAX_NAMES = 1100;

/** Items of lists and objects in a JSON body: room for multi_delete's ids, of which 1000 may be different. */
const MAX_ITEMS = 10_000;

const MULTIPART_LIMITS = { fields: MAX_NAMES, parts: MAX_NAMES, fieldNameSize: 200, fieldSize: BODY_LIMIT };

/** JSON, urlencoded and multipart (without files) bodies all become one plain object of parameters. */
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
 * The bytes of a text without a byte order mark.
 * @throws BadParameter for another character set (GBK …), whose bytes would be stored as question marks
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

/** Checks JSON before it is parsed: parsed names and items cost far more than their few bytes. */
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
 * The fields of a multipart body. Every part must be one: a part that the parser skips (a broken head, no name) may be
 * the filter without which an answer has more rows than were asked for.
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

/** A part begins after a line with the boundary. */
const PART = /^[ \t]*\r\n/;

/**
 * How many parts a body has.
 * @throws BadParameter when there are too many: each would cost the parser far more than its few bytes
 */
function partsOf(contentType: string, body: Buffer): number {
  const [, quoted, bare] = /;\s*boundary\s*=\s*(?:"([^"]*)"|([^;\s]*))/i.exec(contentType) ?? [];
  const [, ...rest] = `\r\n${body.toString('latin1')}`.split(`\r\n--${quoted ?? bare}`, MAX_NAMES + 3);
  if (rest.length > MAX_NAMES + 1) throw tooMany();
  const end = rest.findIndex((text) => text.startsWith('--'));
  return rest.slice(0, end).filter((text) => PART.test(text)).length;
}
