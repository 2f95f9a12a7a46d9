import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module';
import { UserCustomerController } from './user-customer.controller';
import { UserCustomerService } from './user-customer.service';

@Module({
  imports: [AuthModule],
  controllers: [UserCustomerController],
  providers: [UserCustomerService],
})
export class UserCustomerModule {}
