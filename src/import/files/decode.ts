import { createReadStream } from 'node:fs';
import type { Encoding } from './scan';

/** A row of a file as text, before it is taken apart; nothing that is imported comes near it. */
export const MAX_ROW_CHARACTERS = 1_000_000;

/** A file's text, a piece at a time, without its byte order mark. */
export async function* textOf(path: string, encoding: Encoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  let isFirst = true;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    const text = decoder.decode(chunk, { stream: true });
    if (text === '') continue;
    yield isFirst ? text.replace(/^\ufeff/, '') : text;
    isFirst = false;
  }
  yield decoder.decode();
}
