import { CurrentEnterprise } from '../../enterprise/enterprise.guard';
import type { ManagedEnterprise } from '../../enterprise/tenant';
import { ENTERPRISE_FAILURES } from '../../enterprise/errors';
import { parametersOf } from '../../http/openapi/nested-query';
import { Answers, Envelope } from '../../http/routes/envelope';
import { GetAndPost } from '../../http/routes/get-and-post';
import type { PageLocation } from '../../http/input/page-location.decorator';
import { RequestLocation } from '../../http/input/page-location.decorator';
import { BodyAndQuery } from '../../http/input/body-and-query.decorator';
import { WechatCustomersRoutes } from '../routes.decorator';
import { FollowListDto, MyListDto, MySearchDto, SearchDto } from './list.dto';
import { FollowListReply, LossListReply } from './list.reply';
import { ListService, PAGE_FAILURE } from './list.service';
import { ALL, MINE, MY_LOST } from './views';

/** Bodies to try in the documentation. */
const FIRST_PAGE = { page: 1, per_page: 15 };
const NOT_LOST = { search: { status: 1 }, ...FIRST_PAGE };

const LIST_FAILURES = [...ENTERPRISE_FAILURES, PAGE_FAILURE];

@WechatCustomersRoutes()
@Envelope('business')
export class ListController {
  constructor(private readonly list: ListService) {}

  @GetAndPost('getList', parametersOf(FollowListDto, SearchDto, NOT_LOST))
  @Answers({
    summary: '客户列表，一行一个客户与成员的关系 / customers, a row per customer × employee',
    reply: FollowListReply,
    failures: LIST_FAILURES,
  })
  getList(
    @BodyAndQuery() dto: FollowListDto,
    @CurrentEnterprise() enterprise: ManagedEnterprise,
    @RequestLocation() location: PageLocation,
  ): Promise<FollowListReply> {
    return this.list.getList(dto, enterprise, location, ALL);
  }

  @GetAndPost('myCustomerList', parametersOf(MyListDto, MySearchDto, NOT_LOST))
  @Answers({
    summary: '我的客户：登录者所绑定成员的跟进 / follows of the employee that the user is',
    reply: FollowListReply,
    failures: LIST_FAILURES,
  })
  myCustomerList(
    @BodyAndQuery() dto: MyListDto,
    @CurrentEnterprise() enterprise: ManagedEnterprise,
    @RequestLocation() location: PageLocation,
  ): Promise<FollowListReply> {
    return this.list.getList(dto, enterprise, location, MINE);
  }

  @GetAndPost('myLossCustomerList', parametersOf(MyListDto, MySearchDto, FIRST_PAGE))
  @Answers({
    summary: '我的流失客户，附流失时间 / lost follows of the employee that the user is, with the time',
    reply: LossListReply,
    failures: LIST_FAILURES,
  })
  myLossCustomerList(
    @BodyAndQuery() dto: MyListDto,
    @CurrentEnterprise() enterprise: ManagedEnterprise,
    @RequestLocation() location: PageLocation,
  ): Promise<LossListReply> {
    return this.list.getList(dto, enterprise, location, MY_LOST);
  }
}
