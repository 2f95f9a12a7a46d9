/** The ids in a follow's `tag_id`. A tag without an id, as WeCom has them of members, is on no follow. */
export function tagIdsOf(tagId: string): string[] {
  return tagId === '' ? [] : tagId.split(',').filter((id) => id !== '');
}
