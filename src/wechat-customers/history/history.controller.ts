import { CurrentEnterprise } from '../../enterprise/enterprise.guard';
import { ENTERPRISE_FAILURES } from '../../enterprise/errors';
import type { ManagedEnterprise } from '../../enterprise/tenant';
import { BodyAndQuery } from '../../http/input/body-and-query.decorator';
import { parametersOf } from '../../http/openapi/nested-query';
import { Answers, Envelope } from '../../http/routes/envelope';
import { GetAndPost } from '../../http/routes/get-and-post';
import { FollowNotFound } from '../details/errors';
import { WechatCustomersRoutes } from '../routes.decorator';
import { HistoryDto } from './history.dto';
import { HistoryReply } from './history.reply';
import { HistoryService } from './history.service';

@WechatCustomersRoutes()
@Envelope('business')
export class HistoryController {
  constructor(private readonly histories: HistoryService) {}

  @GetAndPost('history', parametersOf(HistoryDto))
  @Answers({
    summary: '一条跟进的流失与恢复 / when one follow was lost, and when it returned',
    reply: HistoryReply,
    failures: [...ENTERPRISE_FAILURES, new FollowNotFound()],
  })
  history(@BodyAndQuery() dto: HistoryDto, @CurrentEnterprise() enterprise: ManagedEnterprise): Promise<HistoryReply> {
    return this.histories.get(enterprise, dto);
  }
}
