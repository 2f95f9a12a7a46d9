import { ApiProperty } from '@nestjs/swagger';
import type { UserReply } from '../auth/auth.dto';
import type { Manageable } from '../enterprise/enterprise.dto';
import { Field, flag, optional } from '../http/input/fields';
import { NamedMemberReply, toNamedMember } from './member.reply';
import { FrontPage, leavesOf, PAGES } from './menu';

/** The parameters of getBusinessCommonData: which page asks (CONTRACT 2.2). With none it is a page of oneself. */
export class CommonDataDto {
  @Field(optional(flag), {
    description: '1 企业页面：须已选择企业 / 1: a page of the chosen enterprise',
    enum: [0, 1],
    required: false,
    example: 1,
  })
  is_business?: boolean;

  @Field(optional(flag), {
    description:
      '1 个人页面；与 is_business=1 同时给出时无效 / 1: a page of oneself; without effect beside is_business=1',
    enum: [0, 1],
    required: false,
    example: 0,
  })
  is_person?: boolean;
}

/** The signed-in account in the frame of a page. */
class MemberReply extends NamedMemberReply {
  @ApiProperty({ description: '头像，恒为空 / always empty', example: '' })
  avatar_image: string;

  @ApiProperty({ description: '账号 id / user id', example: 1000 })
  uid: number;

  @ApiProperty({ description: '手机 / mobile number', example: '13800001000' })
  mobile: string;

  @ApiProperty({ description: '用户名 / user name', example: 'admin' })
  username: string;
}

class TabReply {
  @ApiProperty({ description: '侧栏名称 / name in the side bar', example: '企业概况' })
  name: string;

  @ApiProperty({ description: '页面路由 / route of the page', example: 'overview' })
  route: string;

  @ApiProperty({ description: '子页面 / pages below it', type: () => [TabReply], example: [] })
  child: TabReply[];
}

class PageRightReply {
  @ApiProperty({ description: '页面路由 / route of the page', example: 'wechatCustomersIndex' })
  route: string;

  @ApiProperty({ description: '所属模块 / part of the front', example: 'WechatCustomers' })
  module: string;

  @ApiProperty({ description: '1 可打开 / 1: may be opened', example: 1 })
  can: number;

  @ApiProperty({ description: '用户在企业中的身份 / identity of the user in the enterprise', example: 2 })
  identity: number;
}

class PageRightsReply {
  @ApiProperty({ description: '可打开的页面 / pages that may be opened', type: [PageRightReply] })
  module: PageRightReply[];
}

class PlatformSettingReply {
  @ApiProperty({ description: '标志 URL，恒为空 / always empty', example: '' })
  pc_logo_url: string;

  @ApiProperty({ description: '标题（BUSINESS_TITLE）/ title', example: '企业管理' })
  pc_title: string;

  @ApiProperty({ description: '客服二维码 URL，恒为空 / always empty', example: '' })
  customer_qrcode: string;
}

class ChosenReply {
  @ApiProperty({ description: '企业名称，未选择为空 / name of the enterprise, empty if none', example: '芸众' })
  business_name: string;

  @ApiProperty({ description: '企业 id，未选择为 0 / enterprise id, 0 if none', example: 1 })
  business_id: number;

  @ApiProperty({ description: '公众号 / official account', example: 2 })
  uniacid: number;
}

/** The frame of a page of the front: who is signed in, where, and with which pages (CONTRACT 2.2). */
export class CommonDataReply {
  @ApiProperty({ description: '当前会员 / the signed-in member' })
  member: MemberReply;

  @ApiProperty({ description: '身份 1–5，个人页面为 0 / identity, 0 on a page of oneself', example: 2 })
  identity: number;

  @ApiProperty({ description: '侧栏 / side bar', type: [TabReply] })
  tab: TabReply[];

  @ApiProperty({ description: '页面权限 / page rights' })
  page_route: PageRightsReply;

  @ApiProperty({ description: '平台设置 / settings of the platform' })
  plat_setting: PlatformSettingReply;

  @ApiProperty({ description: '企业 / the enterprise' })
  business: ChosenReply;

  @ApiProperty({ description: '收银商品，恒为 0 / always 0', example: 0 })
  pos_goods_id: number;
}

/** @param managed undefined on a page of oneself */
export function toCommonDataReply(
  user: UserReply,
  managed: Pick<Manageable, 'enterprise' | 'identity'> | undefined,
  uniacid: number,
  title: string,
): CommonDataReply {
  const { user_id: uid, username, mobile } = user;
  const identity = managed?.identity ?? 0;
  const pages = managed ? PAGES : [];
  return {
    member: { ...toNamedMember(user), avatar_image: '', uid, mobile, username },
    identity,
    tab: pages.map(toTab),
    page_route: { module: leavesOf(pages).map(({ route, module }) => ({ route, module, can: 1, identity })) },
    plat_setting: { pc_logo_url: '', pc_title: title, customer_qrcode: '' },
    business: { business_name: managed?.enterprise.name ?? '', business_id: managed?.enterprise.id ?? 0, uniacid },
    pos_goods_id: 0,
  };
}

function toTab({ name, route, child = [] }: FrontPage): TabReply {
  return { name, route, child: child.map(toTab) };
}
