import { ApiProperty } from '@nestjs/swagger';
import { TIME } from '../http/openapi/schema';
import { columnsOf } from '../database/columns';
import { ADD_WAYS } from './add-ways';
import { Contact } from './entities/contact.entity';
import { Employee } from './entities/employee.entity';
import { Follow } from './entities/follow.entity';
import { Tag } from './entities/tag.entity';

/** A contact on the wire (CONTRACT 2.3, golden order). */
export class ContactReply {
  @ApiProperty({ description: '客户 id / id', example: 37 })
  id: number;

  @ApiProperty({ description: '公众号 / official account', example: 2 })
  uniacid: number;

  @ApiProperty({ description: '企业 id / enterprise', example: 1 })
  crop_id: number;

  @ApiProperty({ description: '系统会员 id，0 未绑定 / member bound, 0: none', example: 0 })
  uid: number;

  @ApiProperty({ description: '外部联系人 userid / WeCom id', example: 'woDesSDgAAShvEE1Odl6hiE8TPbaybhw' })
  external_userid: string;

  @ApiProperty({ description: '名称 / name', example: '李一天' })
  name: string;

  @ApiProperty({ description: '头像 / avatar URL', example: '' })
  avatar: string;

  @ApiProperty({ description: '1 微信 2 企业微信 / 1 WeChat, 2 WeCom', example: 2 })
  external_type: number;

  @ApiProperty({ description: '性别 0 未知 1 男 2 女 / 0 unknown, 1 male, 2 female', example: 1 })
  gender: number;

  @ApiProperty({ description: 'unionid', example: '' })
  unionid: string;

  @ApiProperty({ description: '职位 / position', example: '' })
  position: string;

  @ApiProperty({ description: '公司简称 / company', example: '芸众' })
  corp_name: string;

  @ApiProperty({ description: '公司全称 / full name of the company', example: '广州市芸众信息科技有限公司' })
  corp_full_name: string;

  @ApiProperty({ description: '自定义信息，JSON 文本 / profile, JSON text', example: 'null' })
  external_profile: string;

  @ApiProperty({ description: '1 已是会员 / 1: is a member', example: 0 })
  is_member: number;

  @ApiProperty({
    description: '创建时间 UTC+8 / created',
    ...TIME,
    nullable: true,
    example: '2021-09-28 09:21:46',
  })
  created_at: string | null;

  @ApiProperty({ description: '更新时间 / updated', ...TIME, nullable: true, example: null })
  updated_at: string | null;

  @ApiProperty({ description: '删除时间 / deleted', ...TIME, nullable: true, example: null })
  deleted_at: string | null;
}

/** An employee on the wire (CONTRACT 2.3, golden order). */
export class EmployeeReply {
  @ApiProperty({ description: '成员 id / id', example: 12 })
  id: number;

  @ApiProperty({ description: '公众号 / official account', example: 2 })
  uniacid: number;

  @ApiProperty({ description: '企业 id，同 crop_id / enterprise', example: 1 })
  business_id: number;

  @ApiProperty({ description: '会员 id / member id', example: 0 })
  uid: number;

  @ApiProperty({ description: '成员 userid / WeCom id', example: 'XiaoLiangZi' })
  user_id: string;

  @ApiProperty({ description: '姓名 / name', example: '李健平' })
  name: string;

  @ApiProperty({ description: '手机 / mobile number', example: '13547567468' })
  mobile: string;

  @ApiProperty({ description: '职位 / position', example: '' })
  position: string;

  @ApiProperty({ description: '性别 / gender', example: 1 })
  gender: number;

  @ApiProperty({ description: '电话 / telephone', example: '' })
  telephone: string;

  @ApiProperty({ description: '邮箱 / e-mail', example: '' })
  email: string;

  @ApiProperty({ description: '头像 / avatar URL', example: '' })
  avatar: string;

  @ApiProperty({ description: '别名 / alias', example: '' })
  alias: string;

  @ApiProperty({ description: '状态 / status', example: 1 })
  status: number;

  @ApiProperty({ description: '二维码 / QR code URL', example: '' })
  qr_code: string;

  @ApiProperty({ description: '地址 / address', example: '' })
  address: string;

  @ApiProperty({ description: 'open_userid', example: '1_XiaoLiangZi' })
  open_userid: string;

  @ApiProperty({ description: '主部门 / main department', example: '1' })
  main_department: string;

  @ApiProperty({
    description: '更新时间 UTC+8 / updated',
    ...TIME,
    nullable: true,
    example: '2021-09-24 16:31:09',
  })
  updated_at: string | null;

  @ApiProperty({ description: '创建时间 / created', ...TIME, nullable: true, example: '2021-09-24 16:31:09' })
  created_at: string | null;

  @ApiProperty({ description: '删除时间 / deleted', ...TIME, nullable: true, example: null })
  deleted_at: string | null;

  @ApiProperty({ description: '权限类型 / kind of right', example: 0 })
  right_type: number;

  @ApiProperty({ description: '1 停用 / 1: disabled', example: 0 })
  disabled: number;
}

/** A row of the list (CONTRACT 2.3, golden order). */
export class FollowReply {
  @ApiProperty({ description: '关系 id / id', example: 63 })
  id: number;

  @ApiProperty({ description: '公众号 / official account', example: 2 })
  uniacid: number;

  @ApiProperty({ description: '企业 id / enterprise', example: 1 })
  crop_id: number;

  @ApiProperty({ description: '会员 id / member id', example: 0 })
  uid: number;

  @ApiProperty({ description: '成员 userid / employee', example: 'XiaoLiangZi' })
  userid: string;

  @ApiProperty({ description: '外部联系人 userid / contact', example: 'woDesSDgAAShvEE1Odl6hiE8TPbaybhw' })
  external_userid: string;

  @ApiProperty({ description: '备注 / remark', example: '李宝佳' })
  remark: string;

  @ApiProperty({ description: '描述 / description', example: '' })
  description: string;

  @ApiProperty({ description: '成员添加客户时间 / added, unix seconds', example: 1631950639 })
  customer_create_time: number;

  @ApiProperty({ description: '备注公司 / company in the remark', example: '' })
  remark_corp_name: string;

  @ApiProperty({ description: '备注手机号，JSON 文本 / mobile numbers, JSON text', example: '[]' })
  remark_mobiles: string;

  @ApiProperty({ description: '添加者 userid / who added', example: 'woDesSDgAAShvEE1Odl6hiE8TPbaybhw' })
  oper_userid: string;

  @ApiProperty({ description: '标签 id，逗号分隔 / tag ids joined by commas', example: '' })
  tag_id: string;

  @ApiProperty({ description: '添加时间 / added, unix seconds', example: 1631950639 })
  createtime: number;

  @ApiProperty({ description: `添加方式 / way of adding: ${ADD_WAYS}`, example: '1' })
  add_way: string;

  @ApiProperty({ description: '渠道 / channel', example: '' })
  state: string;

  @ApiProperty({ description: '1 正常 -1 已流失 / 1 normal, -1 lost', example: 1 })
  status: number;

  @ApiProperty({
    description: '同步时间 UTC+8 / synchronised',
    ...TIME,
    nullable: true,
    example: '2021-09-28 09:21:46',
  })
  created_at: string | null;

  @ApiProperty({ description: '更新时间 / updated', ...TIME, nullable: true, example: null })
  updated_at: string | null;

  @ApiProperty({ description: '删除时间 / deleted', ...TIME, nullable: true, example: null })
  deleted_at: string | null;

  @ApiProperty({ description: '标签名称，逗号分隔 / tag names joined by commas', example: '' })
  tag_name: string;

  @ApiProperty({ description: '客户 / the contact', type: ContactReply, nullable: true })
  has_one_customer: ContactReply | null;

  @ApiProperty({
    description: '归属成员，已离开为 null / the employee, null when gone',
    type: EmployeeReply,
    nullable: true,
  })
  has_one_employee: EmployeeReply | null;
}

/** The columns of a follow on the wire. */
export type FollowColumns = Omit<FollowReply, 'tag_name' | 'has_one_customer' | 'has_one_employee'>;

/** @param tagNames in the order of getList's `tag`: id descending */
export function toFollowReply(
  follow: FollowColumns,
  tagNames: string[],
  contact: ContactReply | null,
  employee: EmployeeReply | null,
): FollowReply {
  return { ...follow, tag_name: tagNames.join(','), has_one_customer: contact, has_one_employee: employee };
}

/** A tag of the enterprise on the wire (CONTRACT 2.3, golden order). */
export class TagReply {
  @ApiProperty({ description: '标签表 id / id', example: 27 })
  id: number;

  @ApiProperty({ description: '公众号 / official account', example: 2 })
  uniacid: number;

  @ApiProperty({ description: '企业 id / enterprise', example: 1 })
  crop_id: number;

  @ApiProperty({ description: '企业微信标签 id / WeCom id', example: 'etDesSDgAAB6_PNgMEt6fWHVVJhceQow' })
  tag_id: string;

  @ApiProperty({ description: '标签名 / name', example: '开发测试标签组1标签1' })
  name: string;

  @ApiProperty({ description: '创建时间 / created, unix seconds', example: 1615434976 })
  create_time: number;

  @ApiProperty({ description: '排序 / order', example: 0 })
  order: number;

  @ApiProperty({
    description: '同步时间 UTC+8 / synchronised',
    ...TIME,
    nullable: true,
    example: '2021-08-24 16:13:28',
  })
  created_at: string | null;

  @ApiProperty({ description: '更新时间 / updated', ...TIME, nullable: true, example: '2021-08-24 16:13:28' })
  updated_at: string | null;

  @ApiProperty({ description: '删除时间 / deleted', ...TIME, nullable: true, example: null })
  deleted_at: string | null;

  @ApiProperty({ description: '标签组 id / group id', example: 'etDesSDgAAkqdytUBUMtc_fsnHRnEZ6w' })
  group_id: string;

  @ApiProperty({ description: '标签组名 / group name', example: '开发测试标签组1' })
  group_name: string;
}

/*
 * The columns of each reply. They carry their wire names, and the entities declare them in the order of the contract: a
 * row with these columns is the reply, without hydrating or mapping.
 */

/** Not on the wire: copies from the contact by which the list filters, and what getList does not show. */
const INTERNAL = [
  ...['customer_pk', 'external_type', 'customer_uid', 'lost_at'],
  ...['lost_by', 'touched_revision', 'event_time'],
];

export const FOLLOW_COLUMNS = columnsOf(Follow).filter((column) => !INTERNAL.includes(column));
export const CONTACT_COLUMNS = columnsOf(Contact);
export const EMPLOYEE_COLUMNS = columnsOf(Employee);
export const TAG_COLUMNS = columnsOf(Tag).filter((column) => !['type', 'is_linked'].includes(column));
