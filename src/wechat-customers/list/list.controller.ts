import { Controller, UseGuards } from '@nestjs/common';
import { ApiBody, ApiParam, ApiTags } from '@nestjs/swagger';
import { CurrentEnterprise, EnterpriseGuard } from '../../enterprise/enterprise.guard';
import type { ManagedEnterprise } from '../../enterprise/tenant';
import { EnterpriseForbidden, NoEnterpriseChosen } from '../../enterprise/errors';
import { ApiNestedQuery } from '../../http/openapi/nested-query';
import { Answers, Envelope } from '../../http/routes/envelope';
import { GetAndPost } from '../../http/routes/get-and-post';
import type { PageLocation } from '../../http/input/page-location.decorator';
import { RequestLocation } from '../../http/input/page-location.decorator';
import { BodyAndQuery } from '../../http/input/body-and-query.decorator';
import { FollowListDto, MyListDto, MySearchDto, SearchDto } from './list.dto';
import { FollowListReply, LossListReply } from './list.reply';
import { ListService } from './list.service';
import { MINE, MY_LOST } from './views';

const FAILURES = [new NoEnterpriseChosen(), new EnterpriseForbidden()];

@Controller('business/:uniacid/plugin/WechatCustomers')
@UseGuards(EnterpriseGuard)
@ApiParam({ name: 'uniacid', description: '公众号 / official account', example: 2 })
@ApiTags('WechatCustomers 企业微信客户 / WeCom customers')
@Envelope('business')
export class ListController {
  constructor(private readonly list: ListService) {}

  @GetAndPost('getList', {
    get: ApiNestedQuery({ '': FollowListDto, search: SearchDto }),
    post: ApiBody({
      type: FollowListDto,
      examples: { 正常的客户: { value: { search: { status: 1 }, page: 1, per_page: 15 } } },
    }),
  })
  @Answers({
    summary: '客户列表，一行一个客户与成员的关系 / customers, a row per customer × employee',
    reply: FollowListReply,
    failures: FAILURES,
  })
  getList(
    @BodyAndQuery() dto: FollowListDto,
    @CurrentEnterprise() enterprise: ManagedEnterprise,
    @RequestLocation() location: PageLocation,
  ): Promise<FollowListReply> {
    return this.list.getList(dto, enterprise, location);
  }

  @GetAndPost('myCustomerList', {
    get: ApiNestedQuery({ '': MyListDto, search: MySearchDto }),
    post: ApiBody({ type: MyListDto }),
  })
  @Answers({
    summary: '我的客户：登录者所绑定成员的跟进 / follows of the employee that the user is',
    reply: FollowListReply,
    failures: FAILURES,
  })
  myCustomerList(
    @BodyAndQuery() dto: MyListDto,
    @CurrentEnterprise() enterprise: ManagedEnterprise,
    @RequestLocation() location: PageLocation,
  ): Promise<FollowListReply> {
    return this.list.getList(dto, enterprise, location, MINE);
  }

  @GetAndPost('myLossCustomerList', {
    get: ApiNestedQuery({ '': MyListDto, search: MySearchDto }),
    post: ApiBody({ type: MyListDto }),
  })
  @Answers({
    summary: '我的流失客户，附流失时间 / lost follows of the employee that the user is, with the time',
    reply: LossListReply,
    failures: FAILURES,
  })
  myLossCustomerList(
    @BodyAndQuery() dto: MyListDto,
    @CurrentEnterprise() enterprise: ManagedEnterprise,
    @RequestLocation() location: PageLocation,
  ): Promise<FollowListReply> {
    return this.list.getList(dto, enterprise, location, MY_LOST);
  }
}
