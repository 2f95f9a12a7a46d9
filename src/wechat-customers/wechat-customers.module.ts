import { Module } from '@nestjs/common';
import { EnterpriseModule } from '../enterprise/enterprise.module';
import { TagsAndStaffStore } from './enterprise-lists';
import { FollowList } from './follow-list';
import { FollowWriter } from './follow-writer';
import { WechatCustomersController } from './wechat-customers.controller';
import { WechatCustomersService } from './wechat-customers.service';

@Module({
  imports: [EnterpriseModule],
  controllers: [WechatCustomersController],
  providers: [WechatCustomersService, FollowList, TagsAndStaffStore, FollowWriter],
  exports: [FollowWriter],
})
export class WechatCustomersModule {}
