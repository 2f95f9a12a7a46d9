import { Changes, changesBetween } from '../../audit/changes';
import type { Follow } from '../../wechat-customers/entities/follow.entity';
import { tagIdsOf } from '../../wechat-customers/tag-ids';
import type { Written } from '../../wechat-customers/write/store-written';
import type { WecomApi } from '../client/wecom-client';

/*
 * What a user wants of a follow, what of it is a change, and how WeCom hears of it. Pure but for the call.
 */

/** The properties of a follow that `externalcontact/remark` writes. */
const TEXTS = ['remark', 'description', 'remarkCorpName', 'remarkMobiles'] as const;
type TextField = (typeof TEXTS)[number];

/** What a user wants: texts, of which those left out stay, or tags. `remarkMobiles` is JSON text, as in the row. */
export type Wish = { texts: Partial<Record<TextField, string>> } | { addTags: string[]; removeTags: string[] };

/** What of a wish differs from the follow. */
export type FollowChange =
  { texts: Partial<Record<TextField, { old: string; new: string }>> } | { addTags: string[]; removeTags: string[] };

/** @returns undefined if the follow is as it is wanted */
export function changeOf(wish: Wish, follow: Written): FollowChange | undefined {
  if ('texts' in wish) {
    const differing = TEXTS.flatMap((field) => {
      const wanted = wish.texts[field];
      const old = textOf(follow, field);
      return wanted === undefined || wanted === old ? [] : [[field, { old, new: wanted }] as const];
    });
    return differing.length > 0 ? { texts: Object.fromEntries(differing) } : undefined;
  }
  const tagIds = tagIdsOf(follow.tagId);
  const addTags = wish.addTags.filter((id) => !tagIds.includes(id));
  const removeTags = wish.removeTags.filter((id) => tagIds.includes(id));
  return addTags.length + removeTags.length > 0 ? { addTags, removeTags } : undefined;
}

/** Whether a change is one of the company's name, which WeCom refuses for its own users. */
export const namesCorp = (change: FollowChange): boolean =>
  'texts' in change && change.texts.remarkCorpName !== undefined;

/** The written properties of a follow after a change. */
export function applied(change: FollowChange, follow: Written): Partial<Written> {
  if ('texts' in change) {
    return Object.fromEntries(Object.entries(change.texts).map(([field, { new: wanted }]) => [field, wanted]));
  }
  const kept = tagIdsOf(follow.tagId).filter((id) => !change.removeTags.includes(id));
  return { tagId: [...new Set([...kept, ...change.addTags])].join(',') };
}

/** What WeCom has of the properties that a change is about; the same tags in another order are the stored ones. */
export function asFound(change: FollowChange, found: Written, stored: Written): Partial<Written> {
  if (!('texts' in change)) return hasSameTags(found, stored) ? {} : { tagId: found.tagId };
  return Object.fromEntries(Object.keys(change.texts).map((field) => [field, found[field as TextField]]));
}

const hasSameTags = (a: Written, b: Written) => tagIdsOf(a.tagId).sort().join() === tagIdsOf(b.tagId).sort().join();

/** Whether WeCom has a change. */
export function isDone(change: FollowChange, found: Written): boolean {
  if ('texts' in change) {
    return Object.entries(change.texts).every(
      ([field, { new: wanted }]) => textOf(found, field as TextField) === wanted,
    );
  }
  const tagIds = tagIdsOf(found.tagId);
  return change.addTags.every((id) => tagIds.includes(id)) && !change.removeTags.some((id) => tagIds.includes(id));
}

/** Whether WeCom has nothing of a change, and what it would replace is as before: nobody has changed that since. */
export function isOpen(change: FollowChange, found: Written): boolean {
  if ('texts' in change) {
    return Object.entries(change.texts).every(([field, { old }]) => textOf(found, field as TextField) === old);
  }
  const tagIds = tagIdsOf(found.tagId);
  return change.removeTags.every((id) => tagIds.includes(id)) && !change.addTags.some((id) => tagIds.includes(id));
}

/** Writes a change to WeCom, in one call. */
export function send(
  api: WecomApi,
  { userid, externalUserid }: Pick<Follow, 'userid' | 'externalUserid'>,
  change: FollowChange,
): Promise<void> {
  const pair = { userid, external_userid: externalUserid };
  if (!('texts' in change)) {
    const { addTags, removeTags } = change;
    return api.markTag({
      ...pair,
      ...(addTags.length > 0 && { add_tag: addTags }),
      ...(removeTags.length > 0 && { remove_tag: removeTags }),
    });
  }
  const { remark, description, remarkCorpName, remarkMobiles } = change.texts;
  return api.remark({
    ...pair,
    ...(remark && { remark: remark.new }),
    ...(description && { description: description.new }),
    ...(remarkCorpName && { remark_company: remarkCorpName.new }),
    ...(remarkMobiles && { remark_mobiles: mobilesToSend(remarkMobiles.new) }),
  });
}

const NAMES_ON_THE_WIRE: Record<TextField, string> = {
  remark: 'remark',
  description: 'description',
  remarkCorpName: 'remark_corp_name',
  remarkMobiles: 'remark_mobiles',
};

/** A change as the audit log has it. */
export function noted(followId: number, change: FollowChange): Changes {
  const follow = { id: String(followId) };
  if ('texts' in change) {
    const side = (of: 'old' | 'new') =>
      Object.fromEntries(
        Object.entries(change.texts).map(([field, values]) => [NAMES_ON_THE_WIRE[field as TextField], values[of]]),
      );
    return { ...follow, ...changesBetween(side('old'), side('new')) };
  }
  const { addTags, removeTags } = change;
  return {
    ...follow,
    ...(addTags.length > 0 && { add_tag: addTags.join(',') }),
    ...(removeTags.length > 0 && { remove_tag: removeTags.join(',') }),
  };
}

/** Mobile numbers as JSON in one form, so that equal lists are equal texts. */
function textOf(follow: Written, field: TextField): string {
  return field === 'remarkMobiles' ? sameForm(follow.remarkMobiles) : follow[field];
}

function sameForm(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json));
  } catch {
    return json; // filled in by SQL
  }
}

/** An empty list is no parameter for WeCom. */
function mobilesToSend(json: string): string[] {
  const mobiles = JSON.parse(json) as string[];
  return mobiles.length > 0 ? mobiles : [''];
}
