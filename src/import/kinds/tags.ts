import { assertStorable } from '../../database/storable';
import { Tag } from '../../wechat-customers/entities/tag.entity';
import { linkMovedTags, MOVED_TAGS } from '../../wechat-customers/write/moved-lists';
import { comparingList } from '../targets/lists';
import { Fields, notDeleted, number, readRow, required, rowId, text, time } from './fields';
import { itself, itsId, Kind } from './kind';
import { ofTenant, tenantFields } from './tenant';

const FIELDS: Fields = {
  id: rowId('id', '标签表id'),
  ...tenantFields('crop_id'),
  tag_id: required(text('tagId', '标签id')),
  name: required(text('name', '标签名称')),
  create_time: number('createTime', '创建时间'),
  order: number('order', '排序'),
  created_at: time('createdAt', '同步时间'),
  updated_at: time('updatedAt', '更新时间'),
  deleted_at: notDeleted,
  group_id: text('groupId', '分组id'),
  group_name: text('groupName', '分组名称'),
};

type GivenTag = Partial<Tag> & Pick<Tag, 'tagId' | 'name'>;

/** The tags of an enterprise (`tag` of CONTRACT 2.3). */
export const tags: Kind<GivenTag> = {
  isOfEnterprise: true,
  fields: FIELDS,
  read: (row, { metadataOf, tenant }) => {
    const tag = ofTenant(readRow(FIELDS, row) as unknown as GivenTag, tenant!);
    assertStorable(metadataOf(Tag), tag);
    return tag;
  },
  said: (row) => [itself(`tag ${row.tagId}`, row), ...itsId('tag', row.id, row.tagId)],
  compare: comparingList(MOVED_TAGS, 'tag'),
  finish: (dataSource, { tenant }) => linkMovedTags(dataSource, tenant!),
};
