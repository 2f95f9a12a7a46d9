import { Controller, Param } from '@nestjs/common';
import { CurrentUser } from '../auth/auth.guard';
import { Actor } from '../auth/policy';
import { BodyAndQuery } from '../http/input/body-and-query.decorator';
import { parametersOf } from '../http/openapi/nested-query';
import { DONE } from '../http/output/families';
import { Answers, Envelope } from '../http/routes/envelope';
import { GetAndPost } from '../http/routes/get-and-post';
import { BusinessListDto, BusinessListReply, ManageBusinessDto, UniacidDto } from './enterprise.dto';
import { EnterpriseService } from './enterprise.service';
import { EnterpriseForbidden } from './errors';

@Controller('business/:uniacid/admin')
@Envelope('business')
export class EnterpriseController {
  constructor(private readonly enterprises: EnterpriseService) {}

  @GetAndPost('businessList', parametersOf(BusinessListDto))
  @Answers({ summary: '可管理的企业 / enterprises the user may manage', success: DONE, reply: BusinessListReply })
  businessList(
    @Param() { uniacid }: UniacidDto,
    @BodyAndQuery() dto: BusinessListDto,
    @CurrentUser() { userId }: Actor,
  ): Promise<BusinessListReply> {
    return this.enterprises.list(userId, uniacid, dto);
  }

  @GetAndPost('manageBusiness', parametersOf(ManageBusinessDto))
  @Answers({
    summary: '选择或取消要管理的企业 / choose the enterprise to manage, or none',
    success: DONE,
    changes: true,
    failures: [new EnterpriseForbidden()],
  })
  manageBusiness(
    @Param() { uniacid }: UniacidDto,
    @BodyAndQuery() dto: ManageBusinessDto,
    @CurrentUser() actor: Actor,
  ): Promise<void> {
    return this.enterprises.manage(actor, uniacid, dto);
  }
}
