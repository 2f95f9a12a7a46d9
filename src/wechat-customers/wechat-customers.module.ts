import { Module } from '@nestjs/common';
import { EnterpriseModule } from '../enterprise/enterprise.module';
import { TagsAndStaffStore } from './list/kept/tags-and-staff';
import { FollowWriter } from './write/follow-writer';
import { ListController } from './list/list.controller';
import { ListService } from './list/list.service';

@Module({
  imports: [EnterpriseModule],
  controllers: [ListController],
  providers: [ListService, TagsAndStaffStore, FollowWriter],
  exports: [FollowWriter],
})
export class WechatCustomersModule {}
