import { Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ENV, Env } from '../config/env';
import { EnterpriseModule } from '../enterprise/enterprise.module';
import { WechatCustomersModule } from '../wechat-customers/wechat-customers.module';
import { Inbox } from './callbacks/inbox';
import { ReceiveController } from './callbacks/receive.controller';
import { ReceiveService } from './callbacks/receive.service';
import { Claims } from './callbacks/work/claims';
import { EventWorker } from './callbacks/work/worker';
import { WecomClient } from './client/wecom-client';
import { Corps } from './corps/corps';
import { Runner } from './sync/runner';
import { SyncController } from './sync/sync.controller';
import { SyncService } from './sync/sync.service';
import { Settler } from './write-back/settler';
import { WriteBack } from './write-back/write-back';
import { WriteBackController } from './write-back/write-back.controller';
import { WriteBackService } from './write-back/write-back.service';

@Module({
  imports: [EnterpriseModule, WechatCustomersModule],
  controllers: [SyncController, ReceiveController, WriteBackController],
  providers: [
    Corps,
    Runner,
    SyncService,
    Inbox,
    ReceiveService,
    Claims,
    EventWorker,
    WriteBack,
    WriteBackService,
    Settler,
    {
      provide: WecomClient,
      useFactory: (env: Env, dataSource: DataSource) => new WecomClient(env, dataSource),
      inject: [ENV, DataSource],
    },
  ],
})
export class WecomModule {}
