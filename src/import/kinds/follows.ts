import { assertStorable } from '../../database/storable';
import type { Tenant } from '../../enterprise/tenant';
import { Contact } from '../../wechat-customers/entities/contact.entity';
import { Follow } from '../../wechat-customers/entities/follow.entity';
import { NORMAL } from '../../wechat-customers/write/compare';
import type { Given } from '../../wechat-customers/write/page';
import { compareFollows } from '../targets/follows';
import {
  elsewhere,
  Fields,
  notDeleted,
  number,
  oneOf,
  readRow,
  required,
  rowId,
  text,
  time,
  Unreadable,
} from './fields';
import { itself, itsId, Kind } from './kind';
import { ofTenant, tenantFields } from './tenant';

const OWN: Fields = {
  id: rowId('id', '关系id'),
  ...tenantFields('crop_id'),
  uid: number('memberUid', '系统会员id'),
  userid: required(text('userid', '成员userid')),
  external_userid: required(text('externalUserid', '外部联系人userid')),
  remark: text('remark', '备注'),
  description: text('description', '描述'),
  customer_create_time: number('customerCreateTime', '成员添加客户时间'),
  remark_corp_name: text('remarkCorpName', '备注公司名称'),
  remark_mobiles: text('remarkMobiles', '备注手机号'),
  oper_userid: text('operUserid', '添加者userid'),
  tag_id: text('tagId', '标签id'),
  createtime: required(number('createtime', '添加时间')),
  add_way: text('addWay', '添加类型'),
  state: text('state', '渠道'),
  status: oneOf('status', '好友状态', 1, -1),
  created_at: time('createdAt', '同步时间'),
  updated_at: time('updatedAt', '更新时间'),
  deleted_at: notDeleted,
  lost_at: time('lostAt', '流失时间'),
  tag_name: elsewhere('标签名称'),
  has_one_employee: elsewhere('归属成员'),
};

const CONTACT: Fields = {
  id: rowId('id', '客户表id'),
  ...tenantFields('crop_id'),
  uid: number('memberUid', '客户系统会员id'),
  external_userid: text('externalUserid', '客户userid'),
  name: text('name', '客户名称'),
  avatar: text('avatar', '客户头像'),
  external_type: number('externalType', '客户类型'),
  gender: number('gender', '客户性别'),
  unionid: text('unionid', '客户unionid'),
  position: text('position', '客户职位'),
  corp_name: text('corpName', '客户公司简称'),
  corp_full_name: text('corpFullName', '客户公司全称'),
  external_profile: text('externalProfile', '客户自定义信息'),
  is_member: number('isMember', '已是会员'),
  created_at: time('createdAt', '客户创建时间'),
  updated_at: time('updatedAt', '客户更新时间'),
  deleted_at: { ...notDeleted, chinese: '客户删除时间' },
};

/** The columns of flat files; the tenant is the follow's. */
const FLAT: Fields = Object.fromEntries(
  Object.entries(CONTACT)
    .filter(([name]) => !['uniacid', 'crop_id', 'external_userid'].includes(name))
    .map(([name, field]) => [`customer_${name}`, field]),
);

/** The contact as the wire has it; null, or absent, when nothing is known of it. */
const NESTED = 'has_one_customer';

/** The follows of an enterprise, with their contacts (`data[]` of CONTRACT 2.3). */
export const follows: Kind<Given> = {
  isOfEnterprise: true,
  fields: { ...OWN, [NESTED]: elsewhere('客户'), ...FLAT },
  read: (row, { metadataOf, tenant }) => {
    const { [NESTED]: nested = null, ...columns } = row;
    const follow = readFollow(
      only(columns, (name) => !Object.hasOwn(FLAT, name)),
      tenant!,
    );
    const flat = only(columns, (name) => Object.hasOwn(FLAT, name));
    const contact = readContact(nested, flat, follow.externalUserid, tenant!);
    assertStorable(metadataOf(Follow), follow);
    if (contact) assertStorable(metadataOf(Contact), contact);
    return { follow, contact: contact ?? { externalUserid: follow.externalUserid }, isContactUnknown: !contact };
  },
  said: ({ follow, contact, isContactUnknown }) => {
    const key = `follow ${follow.userid}\0${contact.externalUserid}`;
    const ofContact = `contact ${contact.externalUserid}`;
    const otherwise = 'its contact was given before with other values';
    return [
      itself(key, follow),
      ...itsId('follow', follow.id, key),
      ...(isContactUnknown ? [] : [{ key: ofContact, content: contact, otherwise }]),
      ...itsId('contact', contact.id, ofContact),
    ];
  },
  compare: compareFollows,
};

type GivenFollow = Given['follow'] & Pick<Follow, 'externalUserid'>;

function readFollow(row: Record<string, unknown>, tenant: Tenant): GivenFollow {
  const follow = ofTenant(readRow(OWN, row) as unknown as GivenFollow, tenant);
  return follow.status === NORMAL ? { ...follow, lostAt: null } : follow;
}

/** @returns undefined when nothing is given */
function readContact(
  nested: unknown,
  flat: Record<string, unknown>,
  externalUserid: string,
  tenant: Tenant,
): Given['contact'] | undefined {
  const isFlat = Object.values(flat).some((value) => value !== null && value !== undefined && value !== '');
  if (isFlat) {
    if (nested !== null) throw new Unreadable(`has ${NESTED} and customer_… as well`);
    return { ...readRow(FLAT, flat), externalUserid };
  }
  if (nested === null) return undefined;
  if (typeof nested !== 'object' || Array.isArray(nested)) throw new Unreadable(`${NESTED} must be an object or null`);
  const contact = readNested(nested as Record<string, unknown>, tenant);
  const { externalUserid: its = externalUserid } = contact;
  if (its !== externalUserid) throw new Unreadable(`${NESTED}.external_userid is another one`);
  return { ...contact, externalUserid };
}

function readNested(nested: Record<string, unknown>, tenant: Tenant): Partial<Contact> {
  try {
    return ofTenant(readRow(CONTACT, nested) as Partial<Contact>, tenant);
  } catch (error) {
    throw error instanceof Unreadable ? new Unreadable(`${NESTED}: ${error.message}`) : error;
  }
}

function only(row: Record<string, unknown>, isMeant: (name: string) => boolean): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).filter(([name]) => isMeant(name)));
}
