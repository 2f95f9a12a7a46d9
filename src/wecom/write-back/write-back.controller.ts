import { CurrentUser } from '../../auth/auth.guard';
import type { Actor } from '../../auth/policy';
import { CurrentEnterprise } from '../../enterprise/enterprise.guard';
import { ENTERPRISE_FAILURES } from '../../enterprise/errors';
import type { ManagedEnterprise } from '../../enterprise/tenant';
import { BodyAndQuery } from '../../http/input/body-and-query.decorator';
import { parametersOf } from '../../http/openapi/nested-query';
import { Answers, Envelope } from '../../http/routes/envelope';
import { GetAndPost } from '../../http/routes/get-and-post';
import { WechatCustomersRoutes } from '../../wechat-customers/routes.decorator';
import { NoCorp } from '../errors';
import { MarkTagDto, RemarkDto } from './write-back.dto';
import { ItemsReply } from './write-back.reply';
import { WriteBackService } from './write-back.service';

@WechatCustomersRoutes()
@Envelope('business')
export class WriteBackController {
  constructor(private readonly writeBack: WriteBackService) {}

  @GetAndPost('remark', parametersOf(RemarkDto))
  @Answers({
    summary: '修改备注，写回企业微信 / changes remarks, in WeCom too',
    reply: ItemsReply,
    changes: true,
    failures: [...ENTERPRISE_FAILURES, new NoCorp()],
  })
  remark(
    @BodyAndQuery() dto: RemarkDto,
    @CurrentEnterprise() enterprise: ManagedEnterprise,
    @CurrentUser() actor: Actor,
  ): Promise<ItemsReply> {
    return this.writeBack.remark(enterprise, dto, actor);
  }

  @GetAndPost('markTag', parametersOf(MarkTagDto))
  @Answers({
    summary: '添加或移除标签，写回企业微信 / adds and removes tags, in WeCom too',
    reply: ItemsReply,
    changes: true,
    failures: [...ENTERPRISE_FAILURES, new NoCorp()],
  })
  markTag(
    @BodyAndQuery() dto: MarkTagDto,
    @CurrentEnterprise() enterprise: ManagedEnterprise,
    @CurrentUser() actor: Actor,
  ): Promise<ItemsReply> {
    return this.writeBack.markTag(enterprise, dto, actor);
  }
}
