import { isUtf8 } from 'node:buffer';
import { createDecipheriv, createHash } from 'node:crypto';
import { isSameSecret } from '../../base/secrets';
import type { CallbackKeys } from '../corps/corp';
import { BadCallback, Unsigned } from './errors';

/*
 * How WeCom signs and encrypts callbacks (page 90968 of its documentation):
 * AES-256-CBC over `random (16) | length of the text (4, big-endian) | text | receiver`, padded to whole blocks of 32.
 */

/** What a callback carries in its query, and the ciphertext that the signature covers. */
export interface SignedText {
  signature: string;
  timestamp: string;
  nonce: string;
  encrypted: string;
}

const RANDOM_BYTES = 16;
const LENGTH_BYTES = 4;

/** PKCS#7 over blocks of 32, so that Node's own unpadding, of blocks of 16, would refuse half of the callbacks. */
const MAX_PAD = 32;

/** Padded base64 of at least one block; Node's decoder would skip characters that are none. */
const BASE64 = /^(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * Checks a callback with whichever pair has signed it and decrypts it.
 * @param pairs of the app and of the contacts assistant, which post to the same path
 * @param receiver the corp that it must be meant for
 * @returns the text
 * @throws Unsigned if no pair has signed it, or it is meant for another corp; BadCallback if it cannot be decrypted
 */
export function open(signed: SignedText, pairs: readonly CallbackKeys[], receiver: string): string {
  const signers = pairs.filter(({ token }) => isSignedWith(token, signed));
  let failure: Error = new Unsigned();
  for (const { aesKey } of signers) {
    try {
      const opened = decrypt(aesKey, signed.encrypted);
      if (opened.receiver === receiver) return opened.text;
      failure = new Unsigned();
    } catch (error) {
      failure = error as Error; // another pair may have the same Token
    }
  }
  throw failure;
}

/** The signature of a callback: SHA-1 over its four values in the order of their bytes. */
function signatureOf(token: string, { timestamp, nonce, encrypted }: SignedText): string {
  return createHash('sha1').update([token, timestamp, nonce, encrypted].sort().join('')).digest('hex');
}

function isSignedWith(token: string, signed: SignedText): boolean {
  return isSameSecret(signatureOf(token, signed), signed.signature);
}

/** @throws BadCallback for bad base64, blocks, pad, length or text */
function decrypt(aesKey: string, encrypted: string): { text: string; receiver: string } {
  if (!BASE64.test(encrypted)) throw new BadCallback();
  const key = Buffer.from(`${aesKey}=`, 'base64');
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  const blocks = Buffer.from(encrypted, 'base64');
  if (blocks.length % 16 !== 0) throw new BadCallback();
  const content = withoutPad(Buffer.concat([decipher.update(blocks), decipher.final()]));
  const start = RANDOM_BYTES + LENGTH_BYTES;
  if (content.length < start) throw new BadCallback();
  const end = start + content.readUInt32BE(RANDOM_BYTES);
  if (end > content.length) throw new BadCallback();
  const text = content.subarray(start, end);
  if (!isUtf8(text)) throw new BadCallback();
  return { text: text.toString(), receiver: content.toString('utf8', end) };
}

function withoutPad(padded: Buffer): Buffer {
  const pad = padded.at(-1)!;
  const isPad = pad >= 1 && pad <= MAX_PAD && pad <= padded.length;
  if (!isPad || !padded.subarray(-pad).every((byte) => byte === pad)) throw new BadCallback();
  return padded.subarray(0, -pad);
}
