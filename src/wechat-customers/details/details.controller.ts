import { CurrentEnterprise } from '../../enterprise/enterprise.guard';
import type { ManagedEnterprise } from '../../enterprise/tenant';
import { ENTERPRISE_FAILURES } from '../../enterprise/errors';
import { parametersOf } from '../../http/openapi/nested-query';
import { Answers, Envelope } from '../../http/routes/envelope';
import { GetAndPost } from '../../http/routes/get-and-post';
import { BodyAndQuery } from '../../http/input/body-and-query.decorator';
import { WechatCustomersRoutes } from '../routes.decorator';
import { DetailsDto } from './details.dto';
import { DetailsReply } from './details.reply';
import { DetailsService } from './details.service';
import { FollowNotFound } from './errors';

@WechatCustomersRoutes()
@Envelope('business')
export class DetailsController {
  constructor(private readonly details: DetailsService) {}

  @GetAndPost('getDetails', parametersOf(DetailsDto))
  @Answers({
    summary: '一条跟进的详情 / one follow in detail',
    reply: DetailsReply,
    failures: [...ENTERPRISE_FAILURES, new FollowNotFound()],
  })
  getDetails(
    @BodyAndQuery() dto: DetailsDto,
    @CurrentEnterprise() enterprise: ManagedEnterprise,
  ): Promise<DetailsReply> {
    return this.details.get(enterprise, dto);
  }
}
