/** The ids in a follow's `tag_id`. A tag without an id, as WeCom has them of employees, is on no follow. */
export function tagIdsOf(tagId: string): string[] {
  return tagId.split(',').filter((id) => id !== '');
}
