import { hash, timingSafeEqual } from 'node:crypto';

/** SHA-256 in hex: enough for tokens, which are random and so need neither salt nor stretching. */
export function sha256(text: string): string {
  return hash('sha256', text);
}

/** Compares two texts of any length in constant time. */
export function isSameSecret(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(sha256(one)), Buffer.from(sha256(other)));
}
