import type { EntityManager } from 'typeorm';
import { wallClock } from '../../base/time';
import { idsOf } from '../../database/pages';
import { Rows } from '../../database/rows';
import { placeholders } from '../../database/where';
import type { Tenant } from '../../enterprise/tenant';
import { Contact } from '../entities/contact.entity';
import { Follow } from '../entities/follow.entity';
import { FollowHistory } from '../entities/follow-history.entity';
import { beginChange } from '../search-index/change-follows';
import { copyFromContacts } from '../search-index/facts';
import { Compared, ComparedFollow, copiesOf, hasCopies, Moment } from './compare';
import { derivePage } from './derive-page';
import { addMoved } from './moved';
import { ComparedPage, hasItsCopies, isWritten, pairOf } from './page';
import type { Rules } from './rules';

/** Writes what differs of a compared page, in its transaction; an unchanged page changes no byte. */
export async function writePage(manager: EntityManager, page: ComparedPage): Promise<void> {
  const { moment, rules, contacts, follows, others } = page;
  const isUnchanged = [...contacts.values(), ...follows.values()].every((each) => !isWritten(each));
  if (isUnchanged && [...follows.values()].every((each) => hasItsCopies(each, contacts))) return;
  const { tenant } = moment;
  await beginChange(manager, tenant);
  await writeContacts(manager, tenant, [...contacts.values()], rules);
  const written = [...follows.values()].filter((each) => isWritten(each) || !hasItsCopies(each, contacts));
  for (const each of written) {
    each.next = { ...each.next, ...copiesOf(contacts.get(each.next.externalUserid)!.next) };
  }
  await writeFollows(manager, tenant, written, rules);
  await writeReturns(manager, moment, written, rules);
  const copying = others.filter((follow) => !hasCopies(follow, contacts.get(follow.externalUserid)!.next));
  if (copying.length > 0) await copyFromContacts(manager, idsOf(copying));
  const copied = others.map((stored) => ({
    stored,
    next: { ...stored, ...copiesOf(contacts.get(stored.externalUserid)!.next) },
  }));
  await derivePage(manager, tenant, [...follows.values(), ...copied], contacts);
}

async function writeContacts(
  manager: EntityManager,
  tenant: Tenant,
  contacts: Compared<Contact>[],
  rules: Rules,
): Promise<void> {
  const rows = new Rows(manager, Contact);
  const added = contacts.filter(({ stored, isChanged }) => !stored && isChanged).map(({ next }) => next);
  const changed = contacts.filter(({ stored, isChanged }) => stored && isChanged).map(({ next }) => next);
  await rows.update(changed, [...rules.contact, 'updatedAt', 'deletedAt']);
  const unnumbered = await addMoved(rows, added);
  if (unnumbered.length === 0) return;
  await rows.add(unnumbered);
  const externalUserids = unnumbered.map(({ externalUserid }) => externalUserid);
  const ids = await manager.query<{ id: number; external_userid: string }[]>(
    `SELECT id, external_userid FROM wechat_customer
     WHERE uniacid = ? AND crop_id = ? AND external_userid IN (${placeholders(externalUserids)})`,
    [tenant.uniacid, tenant.enterpriseId, ...externalUserids],
  );
  const byId = new Map(ids.map(({ id, external_userid }) => [external_userid, id]));
  for (const contact of unnumbered) contact.id = byId.get(contact.externalUserid)!;
}

/** What any writer of WeCom's fields sets beside them. */
const MARKS = [
  'status',
  'lostAt',
  'lostBy',
  'touchedRevision',
  'eventTime',
  'updatedAt',
  'deletedAt',
  'customerPk',
  'customerUid',
  'externalType',
] as const;

async function writeFollows(
  manager: EntityManager,
  tenant: Tenant,
  follows: ComparedFollow[],
  rules: Rules,
): Promise<void> {
  const rows = new Rows(manager, Follow);
  const added = follows.filter(({ stored }) => !stored).map(({ next }) => next);
  const changed = follows.filter(({ stored }) => stored).map(({ next }) => next);
  await rows.update(changed, [...new Set([...rules.follow, ...MARKS])]);
  const unnumbered = await addMoved(rows, added);
  if (unnumbered.length === 0) return;
  await rows.add(unnumbered);
  const externalUserids = [...new Set(unnumbered.map(({ externalUserid }) => externalUserid))];
  const ids = await manager.query<Pick<Follow, 'id' | 'userid' | 'externalUserid'>[]>(
    `SELECT id, userid, external_userid AS externalUserid FROM wechat_follow
     WHERE uniacid = ? AND crop_id = ? AND external_userid IN (${placeholders(externalUserids)})`,
    [tenant.uniacid, tenant.enterpriseId, ...externalUserids],
  );
  const byPair = new Map(ids.map((row) => [pairOf(row), row.id]));
  for (const follow of unnumbered) follow.id = byPair.get(pairOf(follow))!;
}

async function writeReturns(
  manager: EntityManager,
  { tenant, now }: Moment,
  follows: ComparedFollow[],
  { source }: Rules,
): Promise<void> {
  const returned = follows.filter(({ isReturned }) => isReturned);
  // Events may come late: by their own time, losses and returns stand in order.
  const at = source?.cause === 'event' ? wallClock(new Date(source.eventTime * 1000)) : now;
  const rows = returned.map(({ next }) => ({
    ...tenant,
    followId: next.id,
    event: 'returned' as const,
    by: source!.cause,
    at,
  }));
  await new Rows(manager, FollowHistory).add(rows);
}
