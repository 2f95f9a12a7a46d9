import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { EnterpriseController } from './enterprise.controller';
import { EnterpriseService } from './enterprise.service';
import { EnterpriseChoice } from './entities/enterprise-choice.entity';
import { Enterprise } from './entities/enterprise.entity';
import { EnterpriseRight } from './entities/enterprise-right.entity';

@Module({
  imports: [TypeOrmModule.forFeature([Enterprise, EnterpriseRight, EnterpriseChoice])],
  controllers: [EnterpriseController],
  providers: [EnterpriseService],
  exports: [EnterpriseService],
})
export class EnterpriseModule {}
