import { Module } from '@nestjs/common';
import { ListPages } from '../list/list-pages';
import { CustomersController } from './customers.controller';
import { CustomersService } from './customers.service';

@Module({
  controllers: [CustomersController],
  providers: [ListPages, CustomersService],
})
export class CustomersModule {}
