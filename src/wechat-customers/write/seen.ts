import type { Contact } from '../entities/contact.entity';
import type { Follow } from '../entities/follow.entity';

/*
 * What WeCom says of a contact and of an employee's follow of it. The member, `is_member` and the status are ours: WeCom
 * knows none of them.
 */

export const CONTACT_FIELDS = [
  'name',
  'avatar',
  'externalType',
  'gender',
  'unionid',
  'position',
  'corpName',
  'corpFullName',
  'externalProfile',
] as const satisfies (keyof Contact)[];

export const FOLLOW_FIELDS = [
  'remark',
  'description',
  'createtime',
  'customerCreateTime',
  'remarkCorpName',
  'remarkMobiles',
  'operUserid',
  'tagId',
  'addWay',
  'state',
] as const satisfies (keyof Follow)[];

export type ContactData = Pick<Contact, 'externalUserid' | (typeof CONTACT_FIELDS)[number]>;
export type FollowFields = Pick<Follow, 'userid' | (typeof FOLLOW_FIELDS)[number]>;

/** A contact and one employee's follow of it, as WeCom answered. */
export interface SeenFollow {
  contact: ContactData;
  follow: FollowFields;
}

/**
 * Why WeCom was asked. `asked` is the enterprise's revision of follows before it was (`readRevision`): what an event or a
 * write-back changed later is newer than the answer, and stays.
 */
export type Source =
  | { cause: 'sync'; asked: number }
  /** The events' own follows only. `eventTime` is in unix seconds; `isAdd`: the employee has added the contact. */
  | { cause: 'event'; asked: number; eventTime: number; isAdd: boolean };
