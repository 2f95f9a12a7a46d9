import { Controller, Param, UseGuards } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import { CurrentUser } from '../auth/auth.guard';
import { Actor } from '../auth/policy';
import { UniacidDto } from '../enterprise/enterprise.dto';
import { CurrentEnterprise, EnterpriseGuard } from '../enterprise/enterprise.guard';
import { ENTERPRISE_FAILURES } from '../enterprise/errors';
import type { ManagedEnterprise } from '../enterprise/tenant';
import { BodyAndQuery } from '../http/input/body-and-query.decorator';
import { parametersOf } from '../http/openapi/nested-query';
import { DONE } from '../http/output/families';
import { Answers, Envelope } from '../http/routes/envelope';
import { GetAndPost } from '../http/routes/get-and-post';
import { CommonDataDto, CommonDataReply } from './common-data.dto';
import { LegacyFrontService } from './legacy-front.service';
import { APPLICATION_LIST, ApplicationListReply, PLUGIN_ENABLED, PluginEnabledReply, SurveyReply } from './pages.dto';

const UNIACID = { name: 'uniacid', description: '公众号 / official account', type: Number, example: 2 };

/** What the pages of the vendor's front ask before their own data (CONTRACT 2.2). */
@Controller('business/:uniacid/admin')
@Envelope('business')
export class LegacyFrontController {
  constructor(private readonly front: LegacyFrontService) {}

  @GetAndPost('getBusinessCommonData', parametersOf(CommonDataDto))
  @Answers({
    summary: '页面框架：会员、身份、侧栏 / frame of a page: member, identity, side bar',
    success: DONE,
    reply: CommonDataReply,
    failures: ENTERPRISE_FAILURES,
  })
  getBusinessCommonData(
    @Param() { uniacid }: UniacidDto,
    @BodyAndQuery() dto: CommonDataDto,
    @CurrentUser() actor: Actor,
  ): Promise<CommonDataReply> {
    return this.front.commonData(actor, uniacid, dto);
  }

  @GetAndPost('getBusinessSurvey')
  @UseGuards(EnterpriseGuard)
  @ApiParam(UNIACID)
  @Answers({ summary: '企业概况 / the enterprise', success: DONE, reply: SurveyReply, failures: ENTERPRISE_FAILURES })
  getBusinessSurvey(
    @CurrentEnterprise() enterprise: ManagedEnterprise,
    @CurrentUser() actor: Actor,
  ): Promise<SurveyReply> {
    return this.front.survey(actor, enterprise);
  }

  @GetAndPost('getApplicationList')
  @UseGuards(EnterpriseGuard)
  @ApiParam(UNIACID)
  @Answers({
    summary: '应用中心 / applications',
    success: DONE,
    reply: ApplicationListReply,
    failures: ENTERPRISE_FAILURES,
  })
  getApplicationList(): ApplicationListReply {
    return APPLICATION_LIST;
  }

  @GetAndPost('pluginEnabled')
  @Answers({ summary: '已启用的插件 / plugins that are on', success: DONE, reply: PluginEnabledReply })
  pluginEnabled(@Param() _uniacid: UniacidDto): PluginEnabledReply {
    return PLUGIN_ENABLED;
  }

  @GetAndPost('cleanMemberCache')
  @Answers({
    summary: '清除会员缓存，无缓存可清 / nothing is cached for a member',
    success: { msg: '清除会员缓存成功' },
  })
  cleanMemberCache(@Param() _uniacid: UniacidDto): void {}
}
