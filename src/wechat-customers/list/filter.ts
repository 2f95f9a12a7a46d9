/** How `search[tags_data]` narrows the list: any of the tags, all of them, none of them, or follows without a tag. */
export type TagsMode = 'any' | 'all' | 'exclude' | 'none';

/** Which tags a follow wears, by the tags' keys; at most one of these is given. */
export interface TagFilter {
  /** An empty list: no follow passes, as the enterprise has none of the tags. */
  anyOf?: number[];
  allOf?: number[];
  noneOf?: number[];
  untagged?: true;
}

/** The filters of getList (CONTRACT 2.3) in the terms of the database; all that are given hold at once. */
export interface FollowFilter {
  /** Contained in the customer's name, or equal to its external_userid. */
  customer?: string;
  /** Key of the contact whose external_userid is `customer`, if there is one. */
  contactPk?: number;
  /** The customer's uid. */
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
  remark?: string;
}

/**
 * @param tagIds WeCom's ids; one that the enterprise does not have is worn by no follow
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
