import { Refusal } from '../errors';
import type { Tag, TagGroup } from '../data';
import type { Corp } from '../world';
import type { Route } from './route';
import { invalid, text, texts } from './route';

const MAX_NAME = 30;

/** Both filters empty: all that live. With a filter deleted ones too, which say so. */
export const tagList: Route = {
  method: 'POST',
  empty: { tag_group: [] },
  list: 'tag_group',
  contactsSync: 48002,
  answer({ corp, params }) {
    const groupIds = texts(params, 'group_id') ?? [];
    const tagIds = groupIds.length > 0 ? [] : (texts(params, 'tag_id') ?? []);
    const isFiltered = groupIds.length + tagIds.length > 0;
    const groups = corp.tagGroups.filter((group) => {
      if (groupIds.length > 0) return groupIds.includes(group.group_id);
      return isFiltered ? group.tag.some(({ id }) => tagIds.includes(id)) : !group.isDeleted;
    });
    const tagsOf = ({ tag }: TagGroup) => {
      if (!isFiltered) return tag.filter(({ isDeleted }) => !isDeleted);
      return tagIds.length > 0 ? tag.filter(({ id }) => tagIds.includes(id)) : tag;
    };
    return { tag_group: groups.map((group) => groupReply(group, tagsOf(group), isFiltered)) };
  },
};

export const addTags: Route = {
  method: 'POST',
  empty: { tag_group: {} },
  contactsSync: 48002,
  answer({ corp, params }) {
    const names = (Array.isArray(params.tag) ? params.tag : []).map((tag: { name?: unknown }) => tag?.name);
    if (names.length === 0) throw new Refusal(40063, 'tag');
    const isName = (name: unknown) => typeof name === 'string' && name !== '' && [...name].length <= MAX_NAME;
    if (!names.every(isName)) throw new Refusal(40071);
    const group = groupToFill(corp, text(params, 'group_id'), text(params, 'group_name'));
    const isNew = (name: unknown) => !group.tag.some((tag) => tag.name === name && !tag.isDeleted);
    const added = [...new Set(names as string[])].filter(isNew).map((name) => corp.addTag(group.group_id, name));
    return { tag_group: groupReply(group, added, false) };
  },
};

export const editTag: Route = {
  method: 'POST',
  empty: {},
  contactsSync: 48002,
  answer({ corp, params }) {
    const [id, name] = [text(params, 'id'), text(params, 'name')];
    const group = corp.tagGroups.find(({ group_id, isDeleted }) => group_id === id && !isDeleted);
    const item = group ?? corp.findTag(id);
    if (!item) throw new Refusal(40068);
    if (name) corp.renameTag(id, name);
    if (typeof params.order === 'number') item.order = params.order;
    return {};
  },
};

export const deleteTags: Route = {
  method: 'POST',
  empty: {},
  contactsSync: 48002,
  answer({ corp, params }) {
    const ids = [...(texts(params, 'tag_id') ?? []), ...(texts(params, 'group_id') ?? [])];
    if (ids.length === 0) throw new Refusal(40063, 'tag_id');
    for (const id of ids) corp.deleteTag(id);
    return {};
  },
};

function groupToFill(corp: Corp, groupId: string, name: string): TagGroup {
  const isMeant = (group: TagGroup) => (groupId ? group.group_id === groupId : group.group_name === name);
  const known = corp.tagGroups.find((group) => !group.isDeleted && isMeant(group));
  if (known) return known;
  if (groupId) throw new Refusal(40068);
  if (!name || [...name].length > MAX_NAME) throw invalid('group_name', 'expect length in [1, 30]');
  return corp.addTagGroup(name, []);
}

function groupReply({ isDeleted, ...group }: TagGroup, tags: Tag[], isFiltered: boolean): object {
  const tag = tags.map(({ isDeleted: isGone, ...rest }) => ({ ...rest, ...(isFiltered && { deleted: isGone }) }));
  return { ...group, ...(isFiltered && { deleted: isDeleted }), tag };
}
