import type { EmployeeData } from '../wechat-customers/write/employees';
import type { SeenFollow } from '../wechat-customers/write/seen';
import type { TagData } from '../wechat-customers/write/tags';
import type { WecomContact, WecomFollow, WecomFollower } from './client/api/contacts';
import type { WecomTagGroup } from './client/api/tags';
import type { WecomUser } from './client/api/users';

/*
 * WeCom's shapes as our rows, the same for lists and for single contacts. What WeCom leaves out is '', 0 or []. The
 * writers cut what a column cannot keep.
 */

/** Type 2 of a tag: an employee's own, which has no id. */
const PERSONAL_TAG = 2;

export function toSeenFollow(contact: WecomContact, follow: WecomFollow | WecomFollower): SeenFollow {
  const { userid, remark = '', description = '', createtime = 0, state = '' } = follow;
  return {
    contact: {
      externalUserid: contact.external_userid,
      name: contact.name ?? '',
      avatar: contact.avatar ?? '',
      externalType: contact.type ?? 0,
      gender: contact.gender ?? 0,
      unionid: contact.unionid ?? '',
      position: contact.position ?? '',
      corpName: contact.corp_name ?? '',
      corpFullName: contact.corp_full_name ?? '',
      externalProfile: JSON.stringify(contact.external_profile ?? null),
    },
    follow: {
      userid,
      remark,
      description,
      createtime,
      customerCreateTime: createtime,
      remarkCorpName: follow.remark_corp_name ?? '',
      remarkMobiles: JSON.stringify(follow.remark_mobiles ?? []),
      operUserid: follow.oper_userid ?? '',
      tagId: toTagIds(follow).join(','),
      addWay: String(follow.add_way ?? 0),
      state,
    },
  };
}

/** The ids of the enterprise's tags and of its rule groups', in WeCom's order. */
export function toTagIds(follow: WecomFollow | WecomFollower): string[] {
  if ('tag_id' in follow) return follow.tag_id ?? [];
  const tags = ('tags' in follow && follow.tags) || [];
  return tags.flatMap(({ type, tag_id: id }) => (type === PERSONAL_TAG || !id ? [] : [id]));
}

/** What an app may not read is absent and stays as it is stored. */
export function toEmployee(user: WecomUser): EmployeeData {
  return {
    userid: user.userid,
    name: user.name,
    mobile: user.mobile,
    position: user.position,
    gender: user.gender,
    telephone: user.telephone,
    email: user.email,
    avatar: user.avatar,
    alias: user.alias,
    status: user.status,
    qrCode: user.qr_code,
    address: user.address,
    openUserid: user.open_userid,
    mainDepartment: user.main_department?.toString(),
  };
}

export function toTags(groups: WecomTagGroup[]): TagData[] {
  return groups.flatMap(({ group_id: groupId, group_name: groupName = '', tag: tags = [] }) =>
    tags.map(({ id, name = '', create_time: createTime = 0, order = 0 }) => ({
      tagId: id,
      name,
      createTime,
      order,
      groupId,
      groupName,
    })),
  );
}
