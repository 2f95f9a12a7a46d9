import { randomUUID } from 'node:crypto';
import { afterOthers, inOnePiece } from '../../base/fair-share';

/** Stands in for an encoded part while the rest is encoded; random, so that no client's text can contain it. */
const PLACEHOLDER = randomUUID();

/** How long a list is encoded at one go, in milliseconds. */
const STEP_MS = 10;

/** The encoded parts of the current answer, in order. */
let parts: Encoded[] = [];

/**
 * A part of an answer that is encoded once and sent many times. It is kept as bytes, because a string of Chinese text
 * would be encoded to UTF-8 again for every answer. With 300 tags and 1,000 employees this makes getList five times as
 * fast.
 */
export class Encoded {
  private constructor(readonly bytes: Buffer[]) {}

  static of(value: unknown): Encoded {
    return new Encoded([Buffer.from(JSON.stringify(value))]);
  }

  /**
   * Encodes a long list in steps, between which other requests are answered.
   * @param maxBytes of the encoded list
   * @returns undefined for more
   */
  static async list(items: unknown[], maxBytes: number): Promise<Encoded | undefined> {
    const steps = [Buffer.from('[')];
    let bytes = 0;
    let next = 0;
    const step = () => {
      const begin = performance.now();
      let text = '';
      do text += `${next === 0 ? '' : ','}${JSON.stringify(items[next++])}`;
      while (next < items.length && performance.now() - begin < STEP_MS);
      return Buffer.from(text);
    };
    while (next < items.length) {
      const encoded = await afterOthers(() => inOnePiece(step));
      steps.push(encoded);
      bytes += encoded.length;
      if (bytes > maxBytes) return undefined;
    }
    steps.push(Buffer.from(']'));
    return new Encoded(steps);
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
  return Buffer.concat([first!, ...others.flatMap((piece, n) => [...parts[n]!.bytes, piece])]);
}
