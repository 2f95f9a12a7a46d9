import { Controller, UseGuards } from '@nestjs/common';
import { ApiBody, ApiParam, ApiTags } from '@nestjs/swagger';
import { CurrentEnterprise, EnterpriseGuard } from '../../enterprise/enterprise.guard';
import type { ManagedEnterprise } from '../../enterprise/tenant';
import { EnterpriseForbidden, NoEnterpriseChosen } from '../../enterprise/errors';
import { ApiNestedQuery } from '../../http/openapi/nested-query';
import { Answers, Envelope } from '../../http/routes/envelope';
import { GetAndPost } from '../../http/routes/get-and-post';
import { BodyAndQuery } from '../../http/input/body-and-query.decorator';
import { DetailsDto } from './details.dto';
import { DetailsReply } from './details.reply';
import { DetailsService } from './details.service';
import { FollowNotFound } from './errors';

@Controller('business/:uniacid/plugin/WechatCustomers')
@UseGuards(EnterpriseGuard)
@ApiParam({ name: 'uniacid', description: '公众号 / official account', example: 2 })
@ApiTags('WechatCustomers 企业微信客户 / WeCom customers')
@Envelope('business')
export class DetailsController {
  constructor(private readonly details: DetailsService) {}

  @GetAndPost('getDetails', { get: ApiNestedQuery({ '': DetailsDto }), post: ApiBody({ type: DetailsDto }) })
  @Answers({
    summary: '一条跟进的详情 / one follow in detail',
    reply: DetailsReply,
    failures: [new NoEnterpriseChosen(), new EnterpriseForbidden(), new FollowNotFound()],
  })
  getDetails(
    @BodyAndQuery() dto: DetailsDto,
    @CurrentEnterprise() enterprise: ManagedEnterprise,
  ): Promise<DetailsReply> {
    return this.details.get(enterprise, dto);
  }
}
