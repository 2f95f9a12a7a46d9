import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { EnterpriseModule } from '../enterprise/enterprise.module';
import { Employee } from './entities/employee.entity';
import { Follow } from './entities/follow.entity';
import { Tag } from './entities/tag.entity';
import { WechatCustomersController } from './wechat-customers.controller';
import { WechatCustomersService } from './wechat-customers.service';

@Module({
  imports: [EnterpriseModule, TypeOrmModule.forFeature([Follow, Tag, Employee])],
  controllers: [WechatCustomersController],
  providers: [WechatCustomersService],
})
export class WechatCustomersModule {}
