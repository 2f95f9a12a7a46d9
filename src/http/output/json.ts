import { randomUUID } from 'node:crypto';

/** Stands for an encoded part while the rest is encoded; nobody outside the process can know it. */
const MARK = randomUUID();

/** The encoded parts met by the encoding under way. */
let met: Encoded[] = [];

/**
 * A part of an answer that is encoded once and sent many times. Kept as bytes: Chinese text kept as a string would be
 * encoded again for every answer. With 300 tags and 1,000 members this makes the list five times as fast.
 */
export class Encoded {
  readonly bytes: Buffer;

  constructor(value: unknown) {
    this.bytes = Buffer.from(JSON.stringify(value));
  }

  toJSON(): string {
    met.push(this);
    return MARK;
  }
}

/** Encodes an answer, with the bytes of its {@link Encoded} parts as they are. */
export function encodeJson(answer: unknown): string | Buffer {
  met = [];
  const text = JSON.stringify(answer);
  if (met.length === 0) return text;
  const [first, ...others] = text.split(`"${MARK}"`).map((piece) => Buffer.from(piece));
  return Buffer.concat([first!, ...others.flatMap((piece, n) => [met[n]!.bytes, piece])]);
}
