import { connect } from 'node:net';
import type { Answer } from './app';
import { patience } from './machine.cjs';
import { assertDocumented } from './openapi/answers';

/**
 * Sends a request byte for byte, which `fetch` would tidy up or refuse, and reads until the server closes.
 * `head` is the request line and headers; Host and `Connection: close` are added.
 */
export function exchangeBytes(url: string, head: string[], body: string | Buffer = ''): Promise<Answer> {
  const { hostname, port, host } = new URL(url);
  const [requestLine, ...headers] = head;
  const lines = [requestLine, `Host: ${host}`, 'Connection: close', ...headers, '', ''];
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let failure: Error | undefined;
    const socket = connect(Number(port), hostname, () => {
      socket.write(Buffer.from(lines.join('\r\n')));
      socket.write(body);
    });
    const limit = patience(30_000);
    socket.setTimeout(limit, () => socket.destroy(new Error(`no answer within ${limit} ms`)));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('end', () => socket.end());
    socket.on('error', (error) => (failure = error));
    socket.on('close', () => {
      // A server that answers before reading everything may leave the rest unread.
      if (failure && chunks.length === 0) reject(failure);
      else resolve(parse(Buffer.concat(chunks).toString()));
    });
  });
}

/** As {@link exchangeBytes}, with the product, whose answer must be as openapi.json says. */
export async function sendBytes(url: string, head: string[], body: string | Buffer = ''): Promise<Answer> {
  const answer = await exchangeBytes(url, head, body);
  const [method = '', target = ''] = head[0]!.split(' ');
  assertDocumented(method, target, answer);
  return answer;
}

function parse(message: string): Answer {
  const final = message.replace(/^HTTP\/1\.1 100 Continue\r\n\r\n/, '');
  const [head = '', text = ''] = final.split(/\r\n\r\n(.*)/s);
  const [statusLine = '', ...lines] = head.split('\r\n');
  const headers = new Headers(lines.map((line) => line.split(/: ?(.*)/s, 2) as [string, string]));
  return {
    status: Number(statusLine.split(' ')[1]),
    headers,
    text,
    body: parseJson(text),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
