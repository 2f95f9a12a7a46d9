import type { Contact } from '../entities/contact.entity';
import type { Follow } from '../entities/follow.entity';
import type { Revisions } from '../search-index/revisions';
import { Compared, ComparedFollow, GivenContact, GivenFollow, hasCopies, Moment } from './compare';
import type { Rules } from './rules';

/* A page of follows with their contacts, as its readers and writers pass it on. */

/** A contact and one employee's follow of it. */
export interface Given {
  contact: GivenContact;
  follow: GivenFollow;
  /** Whether nothing but its id is known of the contact. */
  isContactUnknown?: boolean;
}

export interface FreshMoment extends Moment {
  locked: Revisions;
}

/** By external_userid. */
export type Contacts = Map<string, Compared<Contact>>;
/** By {@link pairOf}. */
export type Follows = Map<string, ComparedFollow>;

/** A page compared with what is stored. */
export interface ComparedPage {
  moment: Moment;
  rules: Rules;
  contacts: Contacts;
  follows: Follows;
  /** Other employees' follows of the contacts, where those are found by something else now. */
  others: Follow[];
}

export const pairOf = ({ userid, externalUserid }: Pick<Follow, 'userid' | 'externalUserid'>) =>
  `${userid}\0${externalUserid}`;

export const pairOfGiven = ({ contact, follow }: Given) =>
  pairOf({ ...follow, externalUserid: contact.externalUserid });

export const isWritten = (each: Compared<unknown> & { isTouched?: boolean }) =>
  each.isChanged || each.isTouched === true;

/** Whether SQL has put another contact in place of the follow's since it was stored. */
export function isStray(follow: Follow, contacts: Contacts): boolean {
  const contact = contacts.get(follow.externalUserid)?.stored;
  return contact !== undefined && !hasCopies(follow, contact);
}

export const hasItsCopies = ({ next }: ComparedFollow, contacts: Contacts) =>
  hasCopies(next, contacts.get(next.externalUserid)!.next);
