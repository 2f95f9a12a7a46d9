import { secondsOf } from '../../base/time';
import { differs, givenOf } from '../../database/given';
import type { Tenant } from '../../enterprise/tenant';
import type { Contact } from '../entities/contact.entity';
import type { Follow } from '../entities/follow.entity';
import { NO_TYPE } from '../search-index/facts';
import { tagIdsOf } from '../tag-ids';
import type { Rules } from './rules';
import type { Source } from './seen';

/*
 * Compares what is stored with what is given. Nothing here reads or writes; the ids of new rows are 0.
 */

/** A row that is given: its key and the properties of the {@link Rules}. */
export type GivenContact = Partial<Contact> & Pick<Contact, 'externalUserid'>;
export type GivenFollow = Partial<Follow> & Pick<Follow, 'userid'>;

/** When and in what state of the enterprise rows are compared. */
export interface Moment {
  tenant: Tenant;
  /** Wall clock. */
  now: string;
  /** The revision of follows that the change will have. */
  revision: number;
}

export interface Compared<Row> {
  stored?: Row;
  /** The row as it is to be. */
  next: Row;
  /** Whether it is new or one of its fields differs. Other rows are written only for their marks. */
  isChanged: boolean;
}

export interface ComparedFollow extends Compared<Follow> {
  /** Whether it was lost and is no longer. */
  isReturned: boolean;
  /** Whether only its marks differ: what was touched, and by which event. */
  isTouched: boolean;
  /** Whether what is stored is newer than what is given. */
  isKept: boolean;
}

export function compareContact(
  stored: Contact | undefined,
  given: GivenContact,
  rules: Rules,
  { tenant, now }: Moment,
): Compared<Contact> {
  const before = stored ?? { ...newContact(tenant, given.externalUserid, now), ...movedId(given, rules) };
  const next = { ...before, ...givenOf(given, rules.contact) };
  const isChanged = !stored || stored.deletedAt !== null || differs(stored, next, rules.contact);
  const updatedAt = updatedAtOf(given, rules, now);
  return { stored, next: isChanged ? { ...next, deletedAt: null, updatedAt } : stored, isChanged };
}

/** A contact of which nothing is given: what is stored stays, and none is created. */
export function unknownContact(
  stored: Contact | undefined,
  externalUserid: string,
  { tenant, now }: Moment,
): Compared<Contact> {
  const none = { ...newContact(tenant, externalUserid, now), deletedAt: now };
  return { stored, next: stored ?? none, isChanged: false };
}

/** Whether what other employees' follows of a contact are found by is another. */
export function concernsOthers({ stored, next, isChanged }: Compared<Contact>): boolean {
  const isOther = (property: 'name' | 'externalType' | 'memberUid') => stored?.[property] !== next[property];
  const isFound = () => isOther('name') || isOther('externalType') || isOther('memberUid');
  return isChanged && (stored?.deletedAt !== null || isFound());
}

export function compareFollow(
  stored: Follow | undefined,
  given: GivenFollow & Pick<Follow, 'externalUserid'>,
  rules: Rules,
  { tenant, now, revision }: Moment,
): ComparedFollow {
  const { source } = rules;
  if (stored && source && isNewer(stored, source)) {
    return { stored, next: stored, isChanged: false, isReturned: false, isTouched: false, isKept: true };
  }
  const before = stored ?? { ...newFollow(tenant, given, now), ...movedId(given, rules) };
  const next: Follow = { ...before, ...givenOf(given, rules.follow), deletedAt: null };
  if (stored && !rules.isMoved && hasSameTags(stored, next)) next.tagId = stored.tagId;
  const isReturned = stored?.status === LOST && source !== undefined && mayReturn(stored, next, source);
  if (isReturned) next.status = NORMAL;
  if (next.status !== LOST && stored?.status === LOST) Object.assign(next, source ? NOT_LOST : { lostBy: '' });
  const isChanged =
    !stored || stored.deletedAt !== null || next.status !== stored.status || differs(stored, next, rules.follow);
  if (isChanged) next.updatedAt = updatedAtOf(given, rules, now);
  const isEvent = source?.cause === 'event';
  if (isEvent) Object.assign(next, { touchedRevision: revision, eventTime: source.eventTime });
  return { stored, next, isChanged, isReturned, isTouched: isEvent, isKept: false };
}

export const NORMAL = 1;
export const LOST = -1;

const NOT_LOST = { lostAt: null, lostBy: '' } as const;

/** Whether an event or a write-back changed the follow after WeCom was asked, or a later event did. */
const isNewer = ({ touchedRevision, eventTime }: Follow, source: Source) =>
  touchedRevision > source.asked || (source.cause === 'event' && eventTime > source.eventTime);

/**
 * WeCom goes on listing a follow that its contact ended, and for a while one that its employee ended: only a new addition
 * says that it is one again. What a list shows that is read later, the employee has not ended any more.
 */
export function mayReturn(
  { lostBy, lostAt, createtime }: Follow,
  next: Pick<Follow, 'createtime'>,
  source?: Source,
): boolean {
  const isAsked = source?.cause === 'event';
  if (isAsked && source.isAdd) return true;
  const waits = isAsked ? ENDED_BY_EVENT : ['customer'];
  return !waits.includes(lostBy) || next.createtime > (lostAt === null ? createtime : secondsOf(lostAt));
}

/** The losses that an event told of; the others a sync found, or somebody else set. */
const ENDED_BY_EVENT: readonly string[] = ['member', 'customer', 'transfer'];

/** The copies that a follow has of its contact. */
export function copiesOf({ id, memberUid, externalType, deletedAt }: Contact) {
  const isLive = deletedAt === null;
  return {
    customerPk: id || null, // a contact that is not stored has none
    customerUid: isLive ? memberUid : null,
    externalType: isLive ? externalType : NO_TYPE,
  } satisfies Partial<Follow>;
}

export const hasCopies = (follow: Follow, contact: Contact) =>
  !differs(follow, { ...follow, ...copiesOf(contact) }, ['customerPk', 'customerUid', 'externalType']);

/** In whatever order. */
function hasSameTags({ tagId: a }: Follow, { tagId: b }: Follow): boolean {
  return a === b || (a.length === b.length && tagIdsOf(a).sort().join() === tagIdsOf(b).sort().join());
}

/** The id that a new row is given; 0 lets the database choose it. */
const movedId = ({ id = 0 }: { id?: number }, { isMoved }: Rules) => (isMoved ? { id } : {});

/** Moved rows keep their time. */
const updatedAtOf = ({ updatedAt }: { updatedAt?: string | null }, { isMoved }: Rules, now: string) =>
  isMoved && updatedAt !== undefined ? updatedAt : now;

const newContact = (tenant: Tenant, externalUserid: string, now: string): Contact => ({
  id: 0,
  ...tenant,
  memberUid: 0,
  externalUserid,
  name: '',
  avatar: '',
  externalType: 1,
  gender: 0,
  unionid: '',
  position: '',
  corpName: '',
  corpFullName: '',
  externalProfile: 'null',
  isMember: 0,
  createdAt: now,
  updatedAt: now,
  deletedAt: null,
});

const newFollow = (tenant: Tenant, given: Pick<Follow, 'userid' | 'externalUserid'>, now: string): Follow => ({
  id: 0,
  ...tenant,
  memberUid: 0,
  userid: given.userid,
  externalUserid: given.externalUserid,
  remark: '',
  description: '',
  customerCreateTime: 0,
  remarkCorpName: '',
  remarkMobiles: '[]',
  operUserid: '',
  tagId: '',
  createtime: 0,
  addWay: '0',
  state: '',
  status: NORMAL,
  createdAt: now,
  updatedAt: now,
  deletedAt: null,
  customerPk: null,
  externalType: NO_TYPE,
  customerUid: null,
  lostAt: null,
  lostBy: '',
  touchedRevision: 0,
  eventTime: 0,
});
