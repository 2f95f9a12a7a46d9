import { ApiProperty } from '@nestjs/swagger';
import type { UserReply } from '../auth/auth.dto';
import type { Enterprise } from '../enterprise/entities/enterprise.entity';
import { NamedMemberReply, toNamedMember } from './member.reply';
import { APPLICATION_TYPES, WECHAT_CUSTOMERS } from './menu';

/** The signed-in account as {@link SurveyReply} shows it. */
class SurveyMemberReply extends NamedMemberReply {
  @ApiProperty({ description: '手机 / mobile number', example: '13800001000' })
  mobile: string;

  @ApiProperty({ description: '账号 id / user id', example: 1000 })
  uid: number;
}

/** The answer of getBusinessSurvey: the enterprise and the signed-in account (CONTRACT 2.2). */
export class SurveyReply {
  @ApiProperty({ description: '企业 id / enterprise id', example: 1 })
  id: number;

  @ApiProperty({ description: '企业名称 / name', example: '芸众' })
  name: string;

  @ApiProperty({ description: '企业图标 URL / URL of its logo', example: '' })
  logo_img: string;

  @ApiProperty({ description: '当前会员 / the signed-in member' })
  member: SurveyMemberReply;
}

class ApplicationReply {
  @ApiProperty({ description: '名称 / name', example: WECHAT_CUSTOMERS.title })
  title: string;

  @ApiProperty({ description: '说明 / description', example: WECHAT_CUSTOMERS.description })
  description: string;

  @ApiProperty({ description: '图标 URL，恒为空 / always empty', example: '' })
  icon: string;

  @ApiProperty({ description: '页面路由 / route of its page', example: WECHAT_CUSTOMERS.route })
  route: string;

  @ApiProperty({ description: '类型 / its type', example: WECHAT_CUSTOMERS.type })
  type: string;

  @ApiProperty({ description: '插件 / plugin', example: WECHAT_CUSTOMERS.plugin })
  plugin: string;
}

class ApplicationsReply {
  @ApiProperty({ description: '办公管理 / office', type: [ApplicationReply], example: [] })
  businessApplicationWork: ApplicationReply[];

  @ApiProperty({ description: '销售管理 / sales', type: [ApplicationReply] })
  businessApplicationSales: ApplicationReply[];

  @ApiProperty({ description: '工具软件 / tools', type: [ApplicationReply], example: [] })
  businessApplicationTool: ApplicationReply[];
}

class ApplicationTypeReply {
  @ApiProperty({ description: '名称 / name', example: '办公管理' })
  name: string;

  @ApiProperty({ description: 'plugin_list 的键 / key in plugin_list', example: 'businessApplicationWork' })
  key: string;
}

/** The answer of getApplicationList: the application centre (CONTRACT 2.2). */
export class ApplicationListReply {
  @ApiProperty({ description: '各类应用 / applications by type' })
  plugin_list: ApplicationsReply;

  @ApiProperty({ description: '应用类型 / types', type: [ApplicationTypeReply] })
  type: ApplicationTypeReply[];
}

/** The answer of pluginEnabled: other plugins of the vendor's (CONTRACT 2.2). */
export class PluginEnabledReply {
  @ApiProperty({ description: '项目管理，恒为 0 / always 0', example: 0 })
  project_manager: number;
}

export function toSurveyReply({ id, name, logoImg }: Enterprise, user: UserReply): SurveyReply {
  const member = { ...toNamedMember(user), mobile: user.mobile, uid: user.user_id };
  return { id, name, logo_img: logoImg, member };
}

/** The same for every enterprise: the product is one application. */
export const APPLICATION_LIST: ApplicationListReply = {
  plugin_list: {
    businessApplicationWork: [],
    businessApplicationSales: [WECHAT_CUSTOMERS],
    businessApplicationTool: [],
  },
  type: APPLICATION_TYPES,
};

/** No other plugin of the vendor's is there. */
export const PLUGIN_ENABLED: PluginEnabledReply = { project_manager: 0 };
