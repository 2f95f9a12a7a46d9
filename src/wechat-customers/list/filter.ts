/** How `search[tags_data]` filters the list: any of the tags, all of them, none of them, or follows without a tag. */
export type TagsMode = 'any' | 'all' | 'exclude' | 'none';

/** The tags a follow must have or must not have, by key; at most one property is given. */
export interface TagFilter {
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
  /** Key of the contact whose external_userid is `customer`, if there is one. */
  contactPk?: number;
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

/**
 * @param tagIds WeCom's ids; a tag unknown to the enterprise is on no follow
 * @param tagPks keys of the enterprise's tags by WeCom's id
 */
export function tagFilter(tagIds: string[], mode: TagsMode, tagPks: ReadonlyMap<string, number>): TagFilter {
  if (mode === 'none') return { untagged: true };
  if (tagIds.length === 0) return {};
  const pks = tagIds.flatMap((tagId) => tagPks.get(tagId) ?? []);
  if (mode === 'exclude') return { noneOf: pks };
  if (mode === 'all') return pks.length === tagIds.length ? { allOf: pks } : { anyOf: [] };
  return { anyOf: pks };
}
