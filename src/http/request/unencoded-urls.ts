import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { Duplex, PassThrough } from 'node:stream';
import { BadParameter } from '../errors';
import { families, familyOfUrl } from '../families';

interface ClientError extends Error {
  code: string;
  /** What had arrived of the request that could not be parsed. */
  rawPacket?: unknown;
}

/**
 * What Node's parser refuses before there is a request. A key of family B may come unencoded, `?search[类型]=1` (CONTRACT 2.1;
 * curl and PHP send it so), which Node calls an invalid URL: such a request is encoded and parsed again on the same
 * connection, which then closes. Anything else is answered as a bad parameter.
 */
export function handleClientError(server: Server, error: ClientError, socket: Socket): void {
  // A socket that was reset, or on which an answer has begun, can be told nothing.
  if (!socket.writable || socket.bytesWritten > 0) return void socket.destroy();
  const encoded = error.code === 'HPE_INVALID_URL' && encodeRequestLine(packetOf(error));
  if (encoded) server.emit('connection', connectionThatBeginsWith(encoded, socket));
  else socket.end(refusal(error));
}

const packetOf = ({ rawPacket }: ClientError) => (Buffer.isBuffer(rawPacket) ? rawPacket : Buffer.alloc(0));

/** The packet with the bytes above ASCII of its first line percent-encoded; undefined when there are none. */
function encodeRequestLine(packet: Buffer): Buffer | undefined {
  const end = packet.indexOf('\r\n');
  const line = packet.subarray(0, end);
  if (end < 0 || line.every((byte) => byte < 0x80)) return undefined;
  const encoded = [...line].map((byte) => (byte < 0x80 ? String.fromCharCode(byte) : `%${byte.toString(16)}`)).join('');
  return Buffer.concat([Buffer.from(`${encoded}\r\nConnection: close`), packet.subarray(end)]);
}

function connectionThatBeginsWith(packet: Buffer, socket: Socket): Duplex {
  const input = new PassThrough();
  input.write(packet);
  const connection = Duplex.from({ readable: socket.pipe(input), writable: socket });
  for (const name of ['remoteAddress', 'remotePort', 'localAddress', 'localPort'] as const) {
    Object.defineProperty(connection, name, { value: socket[name] });
  }
  return connection.on('error', () => socket.destroy());
}

const STATUS_LINES: Record<string, string> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

function refusal(error: ClientError): string {
  const [, url = ''] = packetOf(error).toString('latin1').split(' ', 2);
  const body = JSON.stringify(families[familyOfUrl(url)].fail(new BadParameter(['请求格式不正确'])));
  return [
    `HTTP/1.1 ${STATUS_LINES[error.code] ?? '400 Bad Request'}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}
