import { Rejected } from '../http/output/errors';

/** The enterprise has no credentials of a corp. */
export class NoCorp extends Rejected {
  constructor() {
    super('企业未配置企业微信');
  }
}

/** The shop's members are not synced from WeCom. */
export class MembersNotSynced extends Rejected {
  constructor() {
    super('会员同步未启用');
  }
}

/** The credentials are there, but WECOM_CREDENTIAL_KEY is missing or another one. */
export class UnreadableCredentials extends Rejected {}
