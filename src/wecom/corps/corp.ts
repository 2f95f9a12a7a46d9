import type { Tenant } from '../../enterprise/tenant';

/** What signs and encrypts callbacks. */
export interface CallbackKeys {
  token: string;
  /** EncodingAESKey, 43 letters and digits. */
  aesKey: string;
}

/** An enterprise's access to WeCom, decrypted: for calls and callbacks, never for an answer or a log. */
export interface Corp extends Tenant {
  corpId: string;
  agentId: number | null;
  secret: string;
  /** The app's first, then those of the contacts-sync assistant; none: no callbacks. */
  callbacks: CallbackKeys[];
}

/** Where WeCom sends the events of an enterprise. */
export const callbackPath = ({ uniacid, enterpriseId }: Tenant): string =>
  `/business/${uniacid}/plugin/WechatCustomers/receive/${enterpriseId}`;
