/** The tenant of family B that a request works in; every query is bound to both keys. */
export interface Tenant {
  uniacid: number;
  /** `crop_id` of follows, contacts and tags; `business_id` of employees. */
  enterpriseId: number;
}

/** An enterprise that the user has chosen and may manage, with the revisions of its data. */
export interface ManagedEnterprise extends Tenant {
  /** Revision of its follows. */
  followsRevision: number;
  /** Revision of its tags and employees. */
  listsRevision: number;
  /** The number of the user's identity in it (`identities.ts`). */
  identity: number;
  /** The employee that the user is in it; empty: none. */
  userid: string;
}
