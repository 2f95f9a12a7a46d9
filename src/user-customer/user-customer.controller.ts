import { Body, Controller, Post } from '@nestjs/common';
import { TooManyAttempts } from '../auth/attempts/attempt-limiter';
import { CurrentUser } from '../auth/auth.guard';
import { Actor, NotYourData } from '../auth/policy';
import { Address } from '../http/input/address.decorator';
import { Answers, Envelope } from '../http/routes/envelope';
import { ADDED, DELETED, EDITED } from '../http/output/families';
import { AlreadyFollowed, RecordNotFound, UserNotFound, WrongSecret } from './errors';
import { PAGE_FAILURES } from './list/list-pages';
import { AddDto, EditDto, GetCustomerListDto, GetListDto, MultiDeleteDto, PairDto } from './user-customer.dto';
import { RelationPageReply, RelationReply } from './user-customer.reply';
import { UserCustomerService } from './user-customer.service';

@Controller('api')
@Envelope('mix')
export class UserCustomerController {
  constructor(private readonly relations: UserCustomerService) {}

  @Post(['user_customer/get_list', 'm/user_customer/get_list'])
  @Answers({ summary: '查询列表 / list relations', reply: RelationPageReply, failures: PAGE_FAILURES })
  getList(@Body() dto: GetListDto, @CurrentUser() actor: Actor): Promise<RelationPageReply> {
    return this.relations.getList(dto, actor);
  }

  @Post('user_customer/get')
  @Answers({
    summary: '查询指定记录 / one relation',
    reply: RelationReply,
    failures: [new RecordNotFound(), new NotYourData()],
  })
  get(@Body() dto: PairDto, @CurrentUser() actor: Actor): Promise<RelationReply> {
    return this.relations.get(dto, actor);
  }

  @Post('user_customer/get_customer_list')
  @Answers({
    summary: '查询关注列表 / relations of a user',
    reply: RelationPageReply,
    failures: [new NotYourData(), ...PAGE_FAILURES],
  })
  getCustomerList(@Body() dto: GetCustomerListDto, @CurrentUser() actor: Actor): Promise<RelationPageReply> {
    return this.relations.getCustomerList(dto, actor);
  }

  @Post('user_customer/add')
  @Answers({
    summary: '添加 / follow a customer',
    success: ADDED,
    failures: [
      new AlreadyFollowed(),
      new UserNotFound(),
      new WrongSecret(),
      new TooManyAttempts('授权码'),
      new NotYourData(),
    ],
  })
  add(@Body() dto: AddDto, @CurrentUser() actor: Actor, @Address() address: string): Promise<void> {
    return this.relations.add(dto, actor, address);
  }

  @Post('user_customer/edit')
  @Answers({
    summary: '编辑 / change a relation',
    success: EDITED,
    failures: [new RecordNotFound(), new NotYourData()],
  })
  edit(@Body() dto: EditDto, @CurrentUser() actor: Actor): Promise<void> {
    return this.relations.edit(dto, actor);
  }

  @Post('user_customer/delete')
  @Answers({ summary: '删除 / unfollow', success: DELETED, failures: [new RecordNotFound(), new NotYourData()] })
  delete(@Body() dto: PairDto, @CurrentUser() actor: Actor): Promise<void> {
    return this.relations.delete(dto, actor);
  }

  @Post('user_customer/multi_delete')
  @Answers({
    summary: '多选删除 / unfollow several',
    success: DELETED,
    failures: [new RecordNotFound(), new NotYourData()],
  })
  multiDelete(@Body() dto: MultiDeleteDto, @CurrentUser() actor: Actor): Promise<void> {
    return this.relations.multiDelete(dto, actor);
  }
}
