import { Module } from '@nestjs/common';
import { EnterpriseModule } from '../enterprise/enterprise.module';
import { DetailsController } from './details/details.controller';
import { DetailsService } from './details/details.service';
import { HistoryController } from './history/history.controller';
import { HistoryService } from './history/history.service';
import { TagsAndEmployeesStore } from './kept/tags-and-employees';
import { ListController } from './list/list.controller';
import { ListService } from './list/list.service';
import { TagsController } from './tags/tags.controller';
import { TagsService } from './tags/tags.service';
import { FollowWriter } from './write/follow-writer';

@Module({
  imports: [EnterpriseModule],
  controllers: [ListController, DetailsController, TagsController, HistoryController],
  providers: [ListService, DetailsService, TagsService, HistoryService, TagsAndEmployeesStore, FollowWriter],
  exports: [FollowWriter],
})
export class WechatCustomersModule {}
