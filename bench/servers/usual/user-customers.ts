import { Body, Controller, HttpCode, Injectable, Post } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { plainToInstance, Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, Min } from 'class-validator';
import { FindOptionsWhere, MoreThan, Repository } from 'typeorm';
import { unixSeconds, wallClock } from '../../../src/base/time';
import { Customer, FailedAttempt, User, UserCustomer } from './entities';
import { CurrentUser, Failure, Message } from './http';
import { RelationPageReply, RelationReply } from './replies';

const MAX_FAILURES = 10;
const WINDOW_SECONDS = 15 * 60;

class PairDto {
  @Type(() => Number) @IsInt() user_id: number;
  @Type(() => Number) @IsInt() customer_id: number;
}

class PageDto {
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) page_index: number = 1;
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(1000) page_size: number = 20;
}

class GetListDto extends PageDto {
  @IsOptional() @IsString() condition?: string;
}

class GetCustomerListDto extends PageDto {
  @Type(() => Number) @IsInt() user_id: number;
}

class AddDto extends PairDto {
  @IsString() secret: string;
  @IsOptional() @IsString() template?: string;
  @IsOptional() @IsString() script?: string;
  @IsOptional() @IsString() reference?: string;
}

@Injectable()
export class UserCustomerService {
  constructor(
    @InjectRepository(UserCustomer) private readonly relations: Repository<UserCustomer>,
    @InjectRepository(User) private readonly users: Repository<User>,
    @InjectRepository(Customer) private readonly customers: Repository<Customer>,
    @InjectRepository(FailedAttempt) private readonly attempts: Repository<FailedAttempt>,
  ) {}

  async get({ user_id, customer_id }: PairDto, actor: User): Promise<RelationReply> {
    assertMayActFor(actor, user_id);
    const relation = await this.relations.findOneBy({ user_id, customer_id });
    if (!relation) throw new Failure('记录不存在');
    return plainToInstance(RelationReply, relation, { excludeExtraneousValues: true });
  }

  async page(where: FindOptionsWhere<UserCustomer>, { page_index, page_size }: PageDto): Promise<RelationPageReply> {
    const [data, total] = await this.relations.findAndCount({
      where,
      order: { created: 'DESC', customer_id: 'DESC', user_id: 'DESC' },
      take: page_size,
      skip: (page_index - 1) * page_size,
    });
    const page = { page_index, page_size, total_pages: Math.ceil(total / page_size), total_records: total, data };
    return plainToInstance(RelationPageReply, page, { excludeExtraneousValues: true });
  }

  async add(dto: AddDto, actor: User): Promise<void> {
    const { user_id, customer_id, secret, template, script, reference } = dto;
    assertMayActFor(actor, user_id);
    if (!(await this.users.existsBy({ user_id }))) throw new Failure('用户不存在');
    if (await this.relations.existsBy({ user_id, customer_id })) throw new Failure('已关注该客户');
    const failed = await this.attempts.countBy({
      subject: `customer-secret:${actor.user_id}`,
      failed_at: MoreThan(unixSeconds() - WINDOW_SECONDS),
    });
    if (failed >= MAX_FAILURES) throw new Failure('授权码错误次数过多，请15分钟后重试');
    const customer = await this.customers.findOneBy({ customer_id });
    if (customer?.secret !== secret) throw new Failure('授权码错误');
    await this.relations.save({
      user_id,
      customer_id,
      template: template ?? null,
      script: script ?? null,
      reference: reference ?? '',
      created: wallClock(),
      is_available: 1,
      boss_sync: 0,
    });
  }
}

@Controller('api/user_customer')
export class UserCustomerController {
  constructor(private readonly relations: UserCustomerService) {}

  @Post('get')
  @HttpCode(200)
  @Message('查询成功')
  get(@Body() dto: PairDto, @CurrentUser() actor: User) {
    return this.relations.get(dto, actor);
  }

  // Supports only the condition that the benchmark sends: [["user_id", "=", "…"]].
  @Post('get_list')
  @HttpCode(200)
  @Message('查询成功')
  getList(@Body() dto: GetListDto, @CurrentUser() actor: User) {
    const [condition] = JSON.parse(dto.condition ?? '[]') as [string, string, string][];
    const where = condition ? { user_id: Number(condition[2]) } : {};
    return this.relations.page(actor.is_super ? where : { user_id: actor.user_id }, dto);
  }

  @Post('get_customer_list')
  @HttpCode(200)
  @Message('查询成功')
  getCustomerList(@Body() dto: GetCustomerListDto, @CurrentUser() actor: User) {
    assertMayActFor(actor, dto.user_id);
    return this.relations.page({ user_id: dto.user_id }, dto);
  }

  @Post('add')
  @HttpCode(200)
  @Message('添加成功')
  add(@Body() dto: AddDto, @CurrentUser() actor: User) {
    return this.relations.add(dto, actor);
  }
}

function assertMayActFor(actor: User, userId: number): void {
  if (!actor.is_super && actor.user_id !== userId) throw new Failure('无权操作该用户的数据');
}
