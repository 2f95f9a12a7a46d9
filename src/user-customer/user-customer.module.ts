import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module';
import { CustomersController } from './customers/customers.controller';
import { CustomersService } from './customers/customers.service';
import { ListPages } from './list/list-pages';
import { UserCustomerController } from './user-customer.controller';
import { UserCustomerService } from './user-customer.service';

@Module({
  imports: [AuthModule],
  controllers: [UserCustomerController, CustomersController],
  providers: [ListPages, UserCustomerService, CustomersService],
})
export class UserCustomerModule {}
