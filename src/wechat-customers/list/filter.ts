import type { SearchDto, TagsMode } from './list.dto';

/** The tags a follow must have or must not have, by key; at most one property is given. */
interface TagFilter {
  /** Empty when the enterprise has none of the tags: no follow matches. */
  anyOf?: number[];
  allOf?: number[];
  noneOf?: number[];
  untagged?: true;
}

/** The filters of getList (CONTRACT 2.3) in the database's terms; a follow must match all that are given. */
export interface FollowFilter {
  /** Part of the contact's name, or its whole external_userid. */
  customer?: string;
  /** The member bound to the contact; 0: none. */
  member?: number;
  addWay?: string;
  tags: TagFilter;
  /** The employee's userid. */
  owner?: string;
  externalType?: number;
  status?: number;
  /** Unix seconds, inclusive. */
  from?: number;
  /** Unix seconds, inclusive. */
  to?: number;
  /** Part of the remark. */
  remark?: string;
}

/** A filter with what the database says of it. */
export interface ResolvedFilter extends FollowFilter {
  /** `customer` again, if it is the external_userid of a contact. */
  externalUserid?: string;
}

/** @param tagPks keys of the enterprise's tags by WeCom's id */
export function toFollowFilter(search: SearchDto | undefined, tagPks: ReadonlyMap<string, number>): FollowFilter {
  const { tags_data = [], tags_mode = 'any', add_way_type, 类型, type = 类型 } = search ?? {};
  return {
    customer: search?.customer,
    member: search?.member,
    addWay: add_way_type === undefined ? undefined : String(add_way_type),
    tags: (类型 ?? type) === type ? tagFilter(tags_data, tags_mode, tagPks) : NO_FOLLOW, // no follow has two types
    owner: search?.employee_member,
    externalType: type,
    status: search?.status,
    from: search?.time.from,
    to: search?.time.to,
    remark: search?.remark,
  };
}

/** What a list is bound to whatever the search. */
export interface Scope {
  /** The employee's userid; empty: none, and so no follow. */
  owner?: string;
  status?: number;
}

/** The filter within a scope: both must hold, so that a search never widens the list. */
export function inScope(filter: FollowFilter, { owner = filter.owner, status = filter.status }: Scope): FollowFilter {
  const isEmpty = owner === '' || (filter.status ?? status) !== status;
  return { ...filter, owner, status, tags: isEmpty ? NO_FOLLOW : filter.tags };
}

/** Any tag of none. */
const NO_FOLLOW: TagFilter = { anyOf: [] };

/**
 * @param tagIds WeCom's ids; a tag unknown to the enterprise is on no follow
 * @param tagPks keys of the enterprise's tags by WeCom's id
 */
function tagFilter(tagIds: string[], mode: TagsMode, tagPks: ReadonlyMap<string, number>): TagFilter {
  if (mode === 'none') return { untagged: true };
  if (tagIds.length === 0) return {};
  const pks = tagIds.flatMap((tagId) => tagPks.get(tagId) ?? []);
  if (mode === 'exclude') return { noneOf: pks };
  if (mode === 'all') return pks.length === tagIds.length ? { allOf: pks } : NO_FOLLOW;
  return { anyOf: pks };
}
