import { Body, Controller, Post } from '@nestjs/common';
import { CurrentUser } from '../../auth/auth.guard';
import { Actor, MayNotManageCustomers } from '../../auth/policy';
import { ADDED, DELETED, EDITED, Success } from '../../http/output/families';
import { Answers, Envelope } from '../../http/routes/envelope';
import { RecordNotFound } from '../errors';
import { PAGE_FAILURES } from '../list/list-pages';
import { AddCustomerDto, CustomerIdDto, CustomerListDto, EditCustomerDto } from './customers.dto';
import { CustomerPageReply, CustomerReply } from './customers.reply';
import { CustomersService } from './customers.service';
import { CustomerExists, CustomerFollowed } from './errors';

/** What the reads of customers say (CONTRACT 1.4). */
const READ: Success = { msg: 'success' };

@Controller('api/customer')
@Envelope('mix')
export class CustomersController {
  constructor(private readonly customers: CustomersService) {}

  @Post('get_list')
  @Answers({
    summary: '查询已关注的客户 / customers one follows',
    success: READ,
    reply: CustomerPageReply,
    failures: PAGE_FAILURES,
  })
  getList(@Body() dto: CustomerListDto, @CurrentUser() actor: Actor): Promise<CustomerPageReply> {
    return this.customers.getList(dto, actor);
  }

  @Post('get')
  @Answers({
    summary: '查询指定客户 / one customer',
    success: READ,
    reply: CustomerReply,
    failures: [new RecordNotFound()],
  })
  get(@Body() dto: CustomerIdDto, @CurrentUser() actor: Actor): Promise<CustomerReply> {
    return this.customers.get(dto, actor);
  }

  @Post('get_all_list')
  @Answers({
    summary: '查询全部客户，仅超级用户 / all customers, for is_super',
    success: READ,
    reply: CustomerPageReply,
    failures: [new MayNotManageCustomers(), ...PAGE_FAILURES],
  })
  getAllList(@Body() dto: CustomerListDto, @CurrentUser() actor: Actor): Promise<CustomerPageReply> {
    return this.customers.getAllList(dto, actor);
  }

  @Post('add')
  @Answers({
    summary: '添加客户，仅超级用户 / create a customer, for is_super',
    success: ADDED,
    failures: [new CustomerExists(), new MayNotManageCustomers()],
  })
  add(@Body() dto: AddCustomerDto, @CurrentUser() actor: Actor): Promise<void> {
    return this.customers.add(dto, actor);
  }

  @Post('edit')
  @Answers({
    summary: '编辑客户，仅超级用户 / change a customer, for is_super',
    success: EDITED,
    failures: [new RecordNotFound(), new MayNotManageCustomers()],
  })
  edit(@Body() dto: EditCustomerDto, @CurrentUser() actor: Actor): Promise<void> {
    return this.customers.edit(dto, actor);
  }

  @Post('delete')
  @Answers({
    summary: '删除客户，仅超级用户 / delete a customer, for is_super',
    success: DELETED,
    failures: [new RecordNotFound(), new CustomerFollowed(), new MayNotManageCustomers()],
  })
  delete(@Body() dto: CustomerIdDto, @CurrentUser() actor: Actor): Promise<void> {
    return this.customers.delete(dto, actor);
  }
}
