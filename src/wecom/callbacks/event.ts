import { sha256 } from '../../base/secrets';
import { asks, Effect, effectOf, NEEDED, NOTHING } from './effects';
import { Elements, elementsOf } from './envelope';

/** What is kept of an event: never its WelcomeCode, with which a stranger could greet the customer. */
export interface ReceivedEvent {
  /** SHA-256 of the decrypted text: the same event once more has the same. */
  digest: string;
  /** `Event/ChangeType`. */
  change: string;
  userid: string;
  externalUserid: string;
  /** What else its effect needs, as JSON. */
  fields: string;
  /** CreateTime, unix seconds. */
  eventTime: number;
  /** Events of one subject are worked off together; empty: it has no effect. */
  subject: string;
  /** WeCom is asked what has changed. */
  isAsking: boolean;
}

/** What an effect needs beside the ids of employee and contact. */
export interface EventFields {
  NewUserID?: string;
  /** `DELETE_BY_TRANSFER`: the customer went to another employee. */
  Source?: string;
}

const FIELDS = ['NewUserID', 'Source'] as const satisfies (keyof EventFields)[];

/** Of WeCom's ids, in characters, as the columns are. */
const MAX_ID = 64;

const MAX_CHANGE = 80;

/**
 * Reads an event; one without a time, or without an id that its effect needs, has no effect.
 * @param text decrypted
 * @throws BadCallback
 */
export function eventIn(text: string): ReceivedEvent {
  const elements = elementsOf(text);
  const change = changeOf(elements);
  const eventTime = /^\d{1,10}$/.test(elements.CreateTime ?? '') ? Number(elements.CreateTime) : 0;
  const known = effectOf(change);
  const hasAll = eventTime > 0 && NEEDED[known.does].every((name) => idIn(elements, name) !== '');
  const effect = hasAll ? known : NOTHING;
  const ids = { userid: idIn(elements, 'UserID'), externalUserid: idIn(elements, 'ExternalUserID') };
  const fields = FIELDS.map((name) => [name, idIn(elements, name)]).filter(([, value]) => value !== '');
  return {
    digest: sha256(text),
    change,
    ...ids,
    fields: JSON.stringify(Object.fromEntries(fields)),
    eventTime,
    subject: subjectOf(effect.does, ids.externalUserid),
    isAsking: asks(effect),
  };
}

/** Messages that employees send to the app have no Event. */
function changeOf({ Event, ChangeType, MsgType }: Elements): string {
  const words = Event === undefined ? ['message', MsgType] : [Event, ChangeType];
  return words.filter(Boolean).join('/').toWellFormed().slice(0, MAX_CHANGE);
}

/** An id that a column can keep and that no engine takes for another, or ''. */
function idIn(elements: Elements, name: string): string {
  const id = elements[name] ?? '';
  return id.length <= MAX_ID && id.isWellFormed() && !/\s$/.test(id) ? id : '';
}

/** Ends are apart from asks, because they wait for nothing; renames may build on each other. */
export function subjectOf(does: Effect['does'], externalUserid: string): string {
  switch (does) {
    case 'ask':
      return `contact:${externalUserid}`;
    case 'end':
      return `end:${externalUserid}`;
    case 'reload-tags':
      return 'tags';
    case 'remove-employee':
    case 'rename-employee':
      return 'employees';
    case 'nothing':
      return '';
  }
}
