import { BodyAndQuery } from '../../http/input/body-and-query.decorator';
import { parametersOf } from '../../http/openapi/nested-query';
import type { Said } from '../../http/output/said';
import { Answers, Envelope } from '../../http/routes/envelope';
import { GetAndPost } from '../../http/routes/get-and-post';
import { CurrentEnterprise } from '../../enterprise/enterprise.guard';
import { ENTERPRISE_FAILURES } from '../../enterprise/errors';
import type { ManagedEnterprise } from '../../enterprise/tenant';
import { WechatCustomersRoutes } from '../../wechat-customers/routes.decorator';
import { MembersNotSynced, NoCorp } from '../errors';
import { RunReply } from './run.reply';
import { SyncDto } from './sync.dto';
import { SyncStatusReply } from './sync.reply';
import { SYNC_BEGUN, SyncService } from './sync.service';

@WechatCustomersRoutes()
@Envelope('business')
export class SyncController {
  constructor(private readonly sync: SyncService) {}

  @GetAndPost('synchBaseData', parametersOf(SyncDto))
  @Answers({
    summary: '从企业微信同步客户，身份 2–5 / syncs the customers from WeCom, identity 2 to 5',
    reply: RunReply,
    success: SYNC_BEGUN,
    changes: true,
    failures: [...ENTERPRISE_FAILURES, new NoCorp()],
  })
  synchBaseData(
    @BodyAndQuery() dto: SyncDto,
    @CurrentEnterprise() enterprise: ManagedEnterprise,
  ): Promise<Said<RunReply>> {
    return this.sync.start(enterprise, dto);
  }

  @GetAndPost('synchMemberBaseData')
  @Answers({
    summary: '同步会员，未启用 / syncs the shop’s members: not available',
    failures: [...ENTERPRISE_FAILURES, new MembersNotSynced()],
  })
  synchMemberBaseData(@CurrentEnterprise() enterprise: ManagedEnterprise): void {
    this.sync.startMembers(enterprise);
  }

  @GetAndPost('syncStatus')
  @Answers({
    summary: '最近一次同步与事件统计 / the newest run and the counts of events',
    reply: SyncStatusReply,
    failures: ENTERPRISE_FAILURES,
  })
  syncStatus(@CurrentEnterprise() enterprise: ManagedEnterprise): Promise<SyncStatusReply> {
    return this.sync.status(enterprise);
  }
}
