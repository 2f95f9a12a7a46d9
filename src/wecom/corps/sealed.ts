import type { Cipher } from './cipher';
import { WrongCredentialKey } from './cipher';
import type { Corp } from './corp';
import type { WecomCorp } from './corp.entity';

/** The encrypted properties of {@link WecomCorp}. */
export const SEALED = ['secret', 'callbackToken', 'callbackAesKey', 'contactsToken', 'contactsAesKey'] as const;

/** The values of {@link SEALED}, plain; empty: not set. */
export type Secrets = Record<(typeof SEALED)[number], string>;

/** A value is bound to its enterprise and column. */
const placeOf = (enterpriseId: number, property: string) => `wecom_corp.${property} of enterprise ${enterpriseId}`;

/** Encrypts secrets of an enterprise. */
export function sealed<Given extends Partial<Secrets>>(cipher: Cipher, enterpriseId: number, secrets: Given): Given {
  const columns = Object.entries<string>({ ...secrets }).map(([property, text]) => [
    property,
    cipher.seal(text, placeOf(enterpriseId, property)),
  ]);
  return Object.fromEntries(columns) as Given;
}

/** Decrypts the secrets of an enterprise. @throws WrongCredentialKey if they are encrypted with another key */
export function secretsOf(cipher: Cipher, row: WecomCorp): Secrets {
  const { enterpriseId } = row;
  try {
    const entries = SEALED.map((property) => [property, cipher.open(row[property], placeOf(enterpriseId, property))]);
    return Object.fromEntries(entries) as Secrets;
  } catch (error) {
    if (!(error instanceof WrongCredentialKey)) throw error;
    throw new WrongCredentialKey(
      `WECOM_CREDENTIAL_KEY is not the key that the credentials of enterprise ${enterpriseId} are encrypted with`,
    );
  }
}

/** @throws WrongCredentialKey */
export function opened(cipher: Cipher, row: WecomCorp): Corp {
  const { secret, callbackToken, callbackAesKey, contactsToken, contactsAesKey } = secretsOf(cipher, row);
  const callbacks = [
    { token: callbackToken, aesKey: callbackAesKey },
    { token: contactsToken, aesKey: contactsAesKey },
  ];
  return {
    enterpriseId: row.enterpriseId,
    uniacid: row.uniacid,
    corpId: row.corpId,
    agentId: row.agentId,
    secret,
    callbacks: callbacks.filter(({ token }) => token !== ''),
  };
}
