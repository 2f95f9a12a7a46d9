import { DataSource, EntityManager } from 'typeorm';
import { inTransaction } from '../../../database/transaction';
import type { Tenant } from '../../../enterprise/tenant';
import { Follow } from '../../../wechat-customers/entities/follow.entity';
import { lockEnterprise, readRevision } from '../../../wechat-customers/search-index/revisions';
import { endFollows } from '../../../wechat-customers/write/end-follows';
import type { SeenFollow } from '../../../wechat-customers/write/seen';
import { storeFollows } from '../../../wechat-customers/write/store-follows';
import { getContact, WecomContact, WecomFollower } from '../../client/api/contacts';
import { Cursors } from '../../client/cursors';
import { WecomRefused } from '../../client/errors';
import type { WecomApi } from '../../client/wecom-client';
import { TagList } from '../../sync/tag-list';
import { foldedUserid } from '../../stored-userid';
import { toSeenFollow, toTagIds } from '../../to-follow';
import type { WecomEvent } from '../wecom-event.entity';
import { Claim, settle } from './claims';
import { endFollowOf, endingBy } from './end';
import { currentUserid, isAdd, isLater, lastEnd } from './known-events';

/** No employee is a follower: the relation is over, or only half begun. */
const NO_RELATION = 84061;

const NOT_LISTED = '企业微信未返回该跟进';

/** A contact as WeCom answered. */
interface Answer {
  contact: WecomContact;
  /** By {@link foldedUserid}, at least those that events name. */
  followers: Map<string, WecomFollower>;
}

/** Asks for the contact of a claim once, and stores the follows that its events name: no others, as `get` may lag. */
export async function applyAsks(dataSource: DataSource, claim: Claim, api: WecomApi): Promise<void> {
  const { tenant } = claim;
  const revision = await readRevision(dataSource.manager, tenant);
  const askedAt = Date.now();
  const asked = await namesOf(dataSource.manager, tenant, claim.events);
  const answer = await ask(api, claim.events[0]!.externalUserid, [...asked.values()]);
  if (answer) await knowTags(dataSource, tenant, api, followersOf(answer, asked.values()));
  await inTransaction(dataSource, async (manager) => {
    await lockEnterprise(manager, tenant);
    const names = await namesOf(manager, tenant, claim.events); // a rename may have come meanwhile
    for (const userid of new Set(names.values())) {
      const events = claim.events.filter((event) => names.get(event) === userid);
      const [follower] = answer ? followersOf(answer, [userid, ...events.map((event) => asked.get(event)!)]) : [];
      const seen = answer && follower && toSeenFollow(answer.contact, { ...follower, userid });
      const settled = seen ? await storeFollow(manager, tenant, seen, events, revision) : { reason: NOT_LISTED };
      await settle(manager, claim, events, { askedAt, ...settled });
    }
  });
}

/** What the employees that events name are called now. */
async function namesOf(manager: EntityManager, tenant: Tenant, events: WecomEvent[]): Promise<Map<WecomEvent, string>> {
  const names = new Map<WecomEvent, string>();
  for (const event of events) {
    names.set(event, await currentUserid(manager, tenant, event.userid, event.eventTime));
  }
  return names;
}

/** Reads further pages only while a follower is missing. @returns undefined if there is no relation */
async function ask(api: WecomApi, externalUserid: string, userids: string[]): Promise<Answer | undefined> {
  const missing = new Set(userids.map(foldedUserid));
  const followers = new Map<string, WecomFollower>();
  const cursors = new Cursors(getContact.path);
  for (let cursor = ''; ;) {
    const page = await api.contact(externalUserid, cursor).catch(noRelation);
    if (!page) return undefined;
    for (const follower of page.followers) {
      followers.set(foldedUserid(follower.userid), follower);
      missing.delete(foldedUserid(follower.userid));
    }
    if (missing.size === 0 || page.nextCursor === '') return { contact: page.contact, followers };
    cursor = cursors.next(page.nextCursor);
  }
}

function noRelation(error: unknown): undefined {
  if (!(error instanceof WecomRefused) || error.errcode !== NO_RELATION) throw error;
}

/** The followers of some names, in their order. */
const followersOf = ({ followers }: Answer, userids: Iterable<string>): WecomFollower[] =>
  Array.from(userids, (userid) => followers.get(foldedUserid(userid)) ?? []).flat();

/** Follows with a new tag are found by it at once. */
async function knowTags(
  dataSource: DataSource,
  tenant: Tenant,
  api: WecomApi,
  followers: WecomFollower[],
): Promise<void> {
  const tagIds = followers.flatMap(toTagIds).filter((id) => id.startsWith('et'));
  if (tagIds.length > 0) await new TagList(dataSource, tenant, api).know(tagIds);
}

/**
 * Stores one employee's follow.
 * @param events that name it, in the order of their CreateTime
 * @param asked the enterprise's revision of follows before WeCom was
 * @returns how to settle them
 */
async function storeFollow(
  manager: EntityManager,
  tenant: Tenant,
  seen: SeenFollow,
  events: WecomEvent[],
  asked: number,
): Promise<{ isAgain?: boolean }> {
  const newest = events.at(-1)!;
  const { eventTime } = newest;
  const end = await lastEnd(manager, tenant, newest);
  if (end?.state === 'pending') await endFollowOf(manager, tenant, end); // it may be older than what is stored now
  const isBegun = events.some((event) => isAdd(event) && !(end && isLater(end, event)));
  const source = { cause: 'event', asked, eventTime, isAdd: isBegun } as const;
  const stored = await storeFollows(manager, tenant, [seen], source);
  // WeCom goes on listing what the customer has ended; the event came before the follow was stored.
  if (end && stored.isNew > 0) {
    const ending = endingBy(end);
    await endFollows(manager, tenant, stored.ids, { ...ending, eventTime: Math.max(ending.eventTime, eventTime) });
  }
  if (stored.kept === 0) return {};
  const row = await manager.findOneBy(Follow, { id: stored.ids[0] });
  return { isAgain: row !== null && row.eventTime <= eventTime }; // touched after WeCom was asked, by no later event
}
