import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { OperatorError } from '../../base/operator-error';
import type { Env } from '../../config/env';

/** A value is encrypted with another key, or was moved or changed in the database. */
export class WrongCredentialKey extends OperatorError {}

/** There is no key. */
class NoCredentialKey extends WrongCredentialKey {
  constructor() {
    super('WECOM_CREDENTIAL_KEY is needed: 64 hex digits, for example of openssl rand -hex 32');
  }
}

const ALGORITHM = 'aes-256-gcm';
/** Bytes; random nonces of this length may repeat only after far more values than are ever stored. */
const NONCE_LENGTH = 12;
const TAG_LENGTH = 16;

/** Encrypts what is secret in the tables of WeCom, with WECOM_CREDENTIAL_KEY. */
export class Cipher {
  private readonly key: Buffer;
  private readonly pairKey: Buffer;

  /** @throws WrongCredentialKey without a key */
  constructor({ WECOM_CREDENTIAL_KEY: key }: Pick<Env, 'WECOM_CREDENTIAL_KEY'>) {
    if (!key) throw new NoCredentialKey();
    this.key = Buffer.from(key, 'hex');
    this.pairKey = Buffer.from(hkdfSync('sha256', this.key, '', 'customer-hub wecom_token.pair', 32));
  }

  /**
   * Encrypts a text; an empty one stays empty.
   * @param place row and column, to which the value is bound: moved elsewhere it cannot be read
   */
  seal(text: string, place: string): string {
    if (text === '') return '';
    const nonce = randomBytes(NONCE_LENGTH);
    const cipher = createCipheriv(ALGORITHM, this.key, nonce).setAAD(Buffer.from(place));
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64');
  }

  /** @throws WrongCredentialKey if it was encrypted with another key or for another place */
  open(sealed: string, place: string): string {
    if (sealed === '') return '';
    const bytes = Buffer.from(sealed, 'base64');
    try {
      const decipher = createDecipheriv(ALGORITHM, this.key, bytes.subarray(0, NONCE_LENGTH), {
        authTagLength: TAG_LENGTH,
      });
      decipher.setAAD(Buffer.from(place));
      decipher.setAuthTag(bytes.subarray(NONCE_LENGTH, NONCE_LENGTH + TAG_LENGTH));
      const text = decipher.update(bytes.subarray(NONCE_LENGTH + TAG_LENGTH));
      return Buffer.concat([text, decipher.final()]).toString('utf8');
    } catch {
      throw new WrongCredentialKey(`WECOM_CREDENTIAL_KEY is not the key that ${place} is encrypted with`);
    }
  }

  /** Names a corp and secret without showing them: its row in `wecom_token`, in hex. */
  pairOf({ corpId, secret }: { corpId: string; secret: string }): string {
    return createHmac('sha256', this.pairKey).update(`${corpId}\n${secret}`).digest('hex');
  }
}
