import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Duplex, PassThrough } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { Counter } from 'prom-client';
import { BadParameter } from '../output/errors';
import { families, familyOfUrl } from '../output/families';
import { oweForEver, owesAnswer } from './answers-owed';

const unreadable = new Counter({
  name: 'customer_hub_unreadable_requests_total',
  help: 'Input that was no HTTP request, or no complete one in time, by the code of the parser error',
  labelNames: ['reason'],
});

interface ClientError extends Error {
  code: string;
  /** The last chunk before the parser gave up, not always the whole request. */
  rawPacket?: unknown;
}

/** Time for a refused client to read the answer; a client that never closes would hold the connection otherwise. */
const LINGER_MS = 500;

/**
 * Handles what Node would answer without an envelope, or not as HTTP demands: an `Expect` other than 100-continue is
 * ignored, and a client that waits for it is told to go on once its headers were accepted; HTTP/1.1 without a Host
 * (`requireHostHeader` is off for that), and any request with two, is refused.
 */
export function answerForNode(fastify: FastifyInstance): void {
  const handle = (request: IncomingMessage, response: ServerResponse) => {
    fastify.server.emit('request', request, response);
  };
  fastify.server.on('checkExpectation', handle).on('checkContinue', handle);
  fastify.addHook('preParsing', ({ headers, routeOptions }, reply, payload, done) => {
    const isTooLarge = Number(headers['content-length'] ?? 0) > routeOptions.bodyLimit;
    if (/^100-continue$/i.test(headers.expect ?? '') && !isTooLarge) reply.raw.writeContinue();
    done(null, payload);
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    const hosts = hostsIn(request.raw.rawHeaders);
    if (hosts === 1 || (hosts === 0 && request.raw.httpVersion === '1.0')) return done();
    request.outcome = 'bad-parameter';
    void reply
      .status(400)
      .headers({ 'content-type': 'application/json; charset=utf-8', connection: 'close' })
      .send(families[familyOfUrl(request.url)].fail(new BadParameter(['请求格式不正确'])));
  });
}

/** @param raw names and values in turn */
function hostsIn(raw: string[]): number {
  return raw.filter((name, n) => n % 2 === 0 && name.length === 4 && name.toLowerCase() === 'host').length;
}

/**
 * Answers input that Node's parser rejects with a bad parameter, unless another answer is owed, and ends the
 * connection. Node rejects a URL with unencoded Chinese, but `?search[类型]=1` is valid (CONTRACT 2.1): such a request
 * is percent-encoded and parsed again, with what its connection still sends.
 */
export function handleClientError(this: FastifyInstance, error: ClientError, socket: Socket): void {
  const packet = Buffer.isBuffer(error.rawPacket) ? error.rawPacket.toString('latin1') : '';
  const mayAnswer = socket.writable && !owesAnswer(socket);
  oweForEver(socket);
  if (mayAnswer && error.code === 'HPE_INVALID_URL' && isUnencoded(packet)) {
    return parseAgain(this.server, encodeUrl(packet), socket);
  }
  if (/^(HPE|ERR_HTTP)_/.test(error.code)) unreadable.inc({ reason: error.code });
  if (mayAnswer) socket.end(refusal(error.code, packet), () => setTimeout(() => socket.destroy(), LINGER_MS));
  else socket.destroy();
}

/** Whether a latin1 packet starts with a whole request line that has bytes beyond ASCII. */
function isUnencoded(packet: string): boolean {
  // In steps, because a single regular expression would backtrack over a long line and block the process.
  const end = packet.indexOf('\r\n');
  return end > 0 && /^[A-Z]{1,10} \//.test(packet) && /[\x80-\xff]/.test(packet.slice(0, end));
}

function encodeUrl(packet: string): string {
  const end = packet.indexOf('\r\n');
  const line = packet.slice(0, end).replace(/[\x80-\xff]/g, (byte) => `%${byte.charCodeAt(0).toString(16)}`);
  return `${line}\r\nConnection: close${packet.slice(end)}`;
}

/** Hands a connection to a new parser, because the one that has given up reads nothing any more. */
function parseAgain(server: Server, packet: string, socket: Socket): void {
  const input = new PassThrough();
  input.write(packet, 'latin1');
  socket.removeAllListeners('data'); // the old parser's
  socket.pipe(input);
  const connection = Duplex.from({ readable: input, writable: socket });
  for (const name of ['remoteAddress', 'remotePort', 'localAddress', 'localPort'] as const) {
    Object.defineProperty(connection, name, { value: socket[name] });
  }
  connection.on('error', () => socket.destroy());
  socket.once('close', () => input.destroy());
  server.emit('connection', connection);
}

const STATUS_LINES: Record<string, string> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

function refusal(code: string, packet: string): string {
  const url = packet.split(' ', 2)[1] ?? '';
  const body = JSON.stringify(families[familyOfUrl(url)].fail(new BadParameter(['请求格式不正确'])));
  return [
    `HTTP/1.1 ${STATUS_LINES[code] ?? '400 Bad Request'}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}
