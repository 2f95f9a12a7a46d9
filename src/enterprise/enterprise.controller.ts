import { Controller, Get, Param, Post } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import { CurrentUser } from '../auth/auth.guard';
import { Actor } from '../auth/policy';
import { ApiNestedQuery } from '../http/openapi/document-answer';
import { Answers, Envelope } from '../http/routes/envelope';
import { Params } from '../http/input/params.decorator';
import { BusinessListReply, ManageBusinessDto, UniacidDto } from './enterprise.dto';
import { EnterpriseService } from './enterprise.service';
import { EnterpriseForbidden } from './errors';

const LIST = { summary: '可管理的企业 / enterprises the user may manage', reply: BusinessListReply };
const MANAGE = { summary: '选择要管理的企业 / choose the enterprise to manage', failures: [new EnterpriseForbidden()] };

@Controller('business/:uniacid/admin')
@Envelope('business')
@ApiTags('企业 / enterprise choice')
export class EnterpriseController {
  constructor(private readonly enterprises: EnterpriseService) {}

  @Get('businessList')
  @Answers(LIST)
  businessList(@Param() { uniacid }: UniacidDto, @CurrentUser() { userId }: Actor): Promise<BusinessListReply> {
    return this.enterprises.list(userId, uniacid);
  }

  @Post('businessList')
  @Answers(LIST)
  postBusinessList(@Param() { uniacid }: UniacidDto, @CurrentUser() { userId }: Actor): Promise<BusinessListReply> {
    return this.enterprises.list(userId, uniacid);
  }

  @Get('manageBusiness')
  @Answers(MANAGE)
  @ApiNestedQuery({ '': ManageBusinessDto })
  manageBusiness(
    @Param() { uniacid }: UniacidDto,
    @Params() { id }: ManageBusinessDto,
    @CurrentUser() { userId }: Actor,
  ): Promise<void> {
    return this.enterprises.manage(userId, uniacid, id);
  }

  @Post('manageBusiness')
  @Answers(MANAGE)
  @ApiBody({ type: ManageBusinessDto })
  postManageBusiness(
    @Param() { uniacid }: UniacidDto,
    @Params() { id }: ManageBusinessDto,
    @CurrentUser() { userId }: Actor,
  ): Promise<void> {
    return this.enterprises.manage(userId, uniacid, id);
  }
}
