import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module';
import { CustomersModule } from './customers/customers.module';
import { ListPages } from './list/list-pages';
import { UserCustomerController } from './user-customer.controller';
import { UserCustomerService } from './user-customer.service';

@Module({
  imports: [AuthModule, CustomersModule],
  controllers: [UserCustomerController],
  providers: [ListPages, UserCustomerService],
})
export class UserCustomerModule {}
