import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuthModule } from '../auth/auth.module';
import { UserCustomer } from './entities/user-customer.entity';
import { UserCustomerController } from './user-customer.controller';
import { UserCustomerService } from './user-customer.service';

@Module({
  imports: [AuthModule, TypeOrmModule.forFeature([UserCustomer])],
  controllers: [UserCustomerController],
  providers: [UserCustomerService],
})
export class UserCustomerModule {}
