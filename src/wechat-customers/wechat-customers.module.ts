import { Module } from '@nestjs/common';
import { EnterpriseModule } from '../enterprise/enterprise.module';
import { TagsAndEmployeesStore } from './list/kept/tags-and-employees';
import { FollowWriter } from './write/follow-writer';
import { WechatCustomersController } from './list/list.controller';
import { ListService } from './list/list.service';

@Module({
  imports: [EnterpriseModule],
  controllers: [WechatCustomersController],
  providers: [ListService, TagsAndEmployeesStore, FollowWriter],
  exports: [FollowWriter],
})
export class WechatCustomersModule {}
