import { createHash, Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { TextDecoder } from 'node:util';
import { OperatorError } from '../../base/operator-error';
import type { Encoding } from './scan';

/** A row of a file as text, before it is taken apart; nothing that is imported comes near it. */
export const MAX_ROW_CHARACTERS = 1_000_000;

/**
 * A file's text, a piece at a time, without its byte order mark.
 * @param digest of the file when it was scanned
 * @throws OperatorError at the end, if it is another file by now
 */
export async function* textOf(path: string, encoding: Encoding, digest: string): AsyncGenerator<string> {
  const hash = createHash('sha256');
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  let isFirst = true;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    const text = decoded(decoder, path, chunk);
    if (text === '') continue;
    yield isFirst ? text.replace(/^\ufeff/, '') : text;
    isFirst = false;
  }
  const rest = decoded(decoder, path);
  if (digestOf(hash) !== digest) throw new Changed(path);
  yield rest;
}

/** Tells whether a file is still the same. */
export const digestOf = (hash: Hash): string => hash.digest('hex').slice(0, 32);

/** A file is written while it is imported: its last row may be half a row. */
class Changed extends OperatorError {
  constructor(path: string) {
    super(`${path} has changed while it was read: import it again once it is complete`);
  }
}

/** The scan found characters everywhere. @throws Changed for bytes that are none */
function decoded(decoder: TextDecoder, path: string, chunk?: Buffer): string {
  try {
    return decoder.decode(chunk, { stream: chunk !== undefined });
  } catch {
    throw new Changed(path);
  }
}
