import type { EntityManager } from 'typeorm';
import { dialectOf } from '../../database/dialect';
import { placeholders } from '../../database/where';
import type { Tenant } from '../../enterprise/tenant';
import type { Follow } from '../entities/follow.entity';
import { compareContact, compareFollow, concernsOthers, Moment, unknownContact } from './compare';
import { withoutDeadTags } from './dead-tags';
import { ComparedPage, Contacts, Follows, FreshMoment, Given, isStray, pairOf, pairOfGiven } from './page';
import { momentOf, readContacts, readFollows } from './read-page';
import type { Rules } from './rules';

/**
 * Compares a page of follows and their contacts with what is stored, and changes nothing. Of a follow given twice the last
 * counts. The enterprise's row is locked first and held until the transaction ends, so that two writers cannot deadlock;
 * what is read after that is read without locks.
 */
export async function comparePage(
  manager: EntityManager,
  tenant: Tenant,
  given: Given[],
  rules: Rules,
): Promise<ComparedPage> {
  const moment = await momentOf(manager, tenant);
  const contacts = await compareContacts(manager, given, rules, moment);
  await keepNewerContacts(manager, tenant, contacts, rules);
  const isConcerned = [...contacts.values()].some(concernsOthers);
  let stored = await readFollows(manager, tenant, given, isConcerned);
  if (!isConcerned && stored.some((follow) => isStray(follow, contacts))) {
    stored = await readFollows(manager, tenant, given, true);
  }
  const known = new Map(stored.map((follow) => [pairOf(follow), follow]));
  const before = (each: Given) => known.get(pairOfGiven(each))?.tagId ?? '';
  const living = rules.source ? await withoutDeadTags(manager, tenant, given, before) : given;
  const follows = compareFollows(living, known, rules, moment);
  keepContacts(contacts, follows);
  return { moment, rules, contacts, follows, others: stored.filter((follow) => !follows.has(pairOf(follow))) };
}

async function compareContacts(
  manager: EntityManager,
  given: Given[],
  rules: Rules,
  moment: FreshMoment,
): Promise<Contacts> {
  const ids = new Set(given.map(({ contact }) => contact.externalUserid));
  const known = given.filter(({ isContactUnknown }) => !isContactUnknown);
  const contacts = new Map(known.map(({ contact }) => [contact.externalUserid, contact]));
  const stored = await readContacts(manager, moment, [...ids]);
  const compared = (id: string) => {
    const contact = contacts.get(id);
    return contact
      ? compareContact(stored.get(id), contact, rules, moment)
      : unknownContact(stored.get(id), id, moment);
  };
  return new Map(Array.from(ids, (id) => [id, compared(id)]));
}

/**
 * Leaves contacts as they are that another employee's event told of after the sync asked for its page: the marks are the
 * follows', as what WeCom says of a contact comes with one.
 */
async function keepNewerContacts(
  manager: EntityManager,
  { uniacid, enterpriseId }: Tenant,
  contacts: Contacts,
  { source }: Rules,
): Promise<void> {
  if (source?.cause !== 'sync') return;
  const changed = [...contacts.values()].filter(({ stored, isChanged }) => isChanged && stored?.deletedAt === null);
  if (changed.length === 0) return;
  const externalUserids = changed.map(({ next }) => next.externalUserid);
  const touched = await manager.query<{ external_userid: string }[]>(
    `SELECT external_userid FROM wechat_follow ${dialectOf(manager.dataSource).useIndex('ix_follow_contact')}
     WHERE uniacid = ? AND crop_id = ? AND external_userid IN (${placeholders(externalUserids)})
       AND touched_revision > ?`,
    [uniacid, enterpriseId, ...externalUserids, source.asked],
  );
  for (const { external_userid } of touched) keepContact(contacts, external_userid);
}

function keepContact(contacts: Contacts, externalUserid: string): void {
  const stored = contacts.get(externalUserid)?.stored;
  if (stored) contacts.set(externalUserid, { stored, next: stored, isChanged: false });
}

function compareFollows(given: Given[], known: ReadonlyMap<string, Follow>, rules: Rules, moment: Moment): Follows {
  return new Map(
    given.map((each) => {
      const follow = { ...each.follow, externalUserid: each.contact.externalUserid };
      const pair = pairOf(follow);
      return [pair, compareFollow(known.get(pair), follow, rules, moment)];
    }),
  );
}

/** What WeCom said of a contact came with its follow: both are older than what is stored, or neither. */
function keepContacts(contacts: Contacts, follows: Follows): void {
  for (const { isKept, next } of follows.values()) if (isKept) keepContact(contacts, next.externalUserid);
}
