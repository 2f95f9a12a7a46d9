/** The tenant of family B that a request works in: every query is bound to both keys. */
export interface Tenant {
  uniacid: number;
  /** `crop_id` of relations, customers and tags; `business_id` of staff. */
  enterpriseId: number;
}

/** The enterprise a user has chosen and may manage, and how far its data has changed. */
export interface ManagedEnterprise extends Tenant {
  /** Of its relations. */
  followsRevision: number;
  /** Of its tags and staff. */
  listsRevision: number;
}
