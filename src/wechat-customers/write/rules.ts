import type { Contact } from '../entities/contact.entity';
import type { Follow } from '../entities/follow.entity';
import { CONTACT_FIELDS, FOLLOW_FIELDS, Source } from './seen';

/** Which properties are given, and with what right. */
export interface Rules {
  contact: readonly (keyof Contact)[];
  follow: readonly (keyof Follow)[];
  /** Undefined for rows that somebody gives as they are to be, status and all. */
  source?: Source;
  /** Whether they are moved in from another system: ids of new rows, times and the order of tags are those given. */
  isMoved?: boolean;
}

/** What WeCom says, by its source. */
export const bySource = (source: Source): Rules => ({ contact: CONTACT_FIELDS, follow: FOLLOW_FIELDS, source });

/** What WeCom does not say of them. */
export const OURS = { contact: ['memberUid', 'isMember'], follow: ['memberUid', 'status', 'lostAt'] } as const;

/** Whoever gives rows by `FollowWriter.save` decides what is ours, too. */
export const AS_GIVEN: Rules = {
  contact: [...CONTACT_FIELDS, ...OURS.contact],
  follow: [...FOLLOW_FIELDS, ...OURS.follow],
};

/** Rows of another system answer here as they did there. */
export const AS_MOVED: Rules = {
  contact: [...AS_GIVEN.contact, 'createdAt', 'updatedAt'],
  follow: [...AS_GIVEN.follow, 'createdAt', 'updatedAt'],
  isMoved: true,
};
