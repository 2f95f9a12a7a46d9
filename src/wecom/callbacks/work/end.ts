import { DataSource, EntityManager, In } from 'typeorm';
import { wallClock } from '../../../base/time';
import { sameText } from '../../../database/same-text';
import { inTransaction } from '../../../database/transaction';
import type { Tenant } from '../../../enterprise/tenant';
import { Follow } from '../../../wechat-customers/entities/follow.entity';
import type { Loser } from '../../../wechat-customers/entities/follow-history.entity';
import { lockEnterprise } from '../../../wechat-customers/search-index/revisions';
import { endFollows } from '../../../wechat-customers/write/end-follows';
import { isSameUserid } from '../../stored-userid';
import { effectOf } from '../effects';
import { subjectOf } from '../event';
import { WecomEvent } from '../wecom-event.entity';
import { Claim, settle } from './claims';
import { currentUserid, fieldsOf, lastEnd } from './known-events';

/** The Source of a customer who was handed over to another employee. */
const TRANSFER = 'DELETE_BY_TRANSFER';

/** Ends follows as events say. One that is not stored yet ends when it is (`ask.ts`). */
export async function applyEnds(dataSource: DataSource, claim: Claim): Promise<void> {
  await inTransaction(dataSource, async (manager) => {
    await lockEnterprise(manager, claim.tenant);
    for (const event of claim.events) await endFollowOf(manager, claim.tenant, event);
    await settle(manager, claim, claim.events);
  });
}

/** Ends the follow that an event names, in a transaction that has locked the enterprise. */
export async function endFollowOf(manager: EntityManager, tenant: Tenant, event: WecomEvent): Promise<void> {
  const { userid, externalUserid, eventTime } = event;
  const id =
    (await followId(manager, tenant, userid, externalUserid)) ??
    (await followId(manager, tenant, await currentUserid(manager, tenant, userid, eventTime), externalUserid));
  if (id !== undefined) await endFollows(manager, tenant, [id], endingBy(event));
}

/** How an event ends a follow. */
export function endingBy(event: WecomEvent): { by: Loser; at: string; eventTime: number } {
  const effect = effectOf(event.change);
  const by = effect.does === 'end' ? effect.by : 'member';
  const isTransfer = by === 'member' && fieldsOf(event).Source === TRANSFER;
  const { eventTime } = event;
  return { by: isTransfer ? 'transfer' : by, at: wallClock(new Date(eventTime * 1000)), eventTime };
}

async function followId(
  manager: EntityManager,
  tenant: Tenant,
  userid: string,
  externalUserid: string,
): Promise<number | undefined> {
  const where = { ...tenant, userid: sameText(userid), externalUserid: sameText(externalUserid) };
  return (await manager.findOne(Follow, { select: { id: true }, where }))?.id;
}

/**
 * Ends what a page of the sync has just added and an event has told the end of, in the page's transaction: WeCom goes on
 * listing what a customer has ended, and an event may have come between question and answer.
 */
export async function endAdded(
  manager: EntityManager,
  tenant: Tenant,
  added: { userid: string; externalUserid: string }[],
): Promise<void> {
  const subjects = added.map(({ externalUserid }) => subjectOf('end', externalUserid));
  const told = await manager.find(WecomEvent, { where: { ...tenant, subject: In(subjects) } });
  for (const follow of added.filter((each) => told.some((event) => isOf(each, event)))) {
    const end = await lastEnd(manager, tenant, follow);
    const where = { ...tenant, userid: sameText(follow.userid), externalUserid: sameText(follow.externalUserid) };
    const row = end && (await manager.findOneBy(Follow, where));
    if (row && row.eventTime < end.eventTime) await endFollows(manager, tenant, [row.id], endingBy(end));
  }
}

const isOf = (follow: { userid: string; externalUserid: string }, event: WecomEvent): boolean =>
  isSameUserid(follow.userid, event.userid) && follow.externalUserid === event.externalUserid;
