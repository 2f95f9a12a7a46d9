import { Body, Controller, Get, HttpCode, Injectable, Param, ParseIntPipe, Post, Query, Req } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { plainToInstance, Type } from 'class-transformer';
import { IsArray, IsInt, IsOptional, IsString, Max, Min, ValidateNested } from 'class-validator';
import type { Request } from 'express';
import { stringify } from 'qs';
import { Between, FindOptionsWhere, IsNull, Like, Repository } from 'typeorm';
import { EnterpriseChoice, EnterpriseRight, User, WechatEmployee, WechatFollow, WechatTag } from './entities';
import { CurrentUser, Failure } from './http';
import { CustomerListReply } from './replies';

class SearchDto {
  @IsOptional() @Type(() => Number) @IsInt() status?: number;
  @IsOptional() @IsString() employee_member?: string;
  @IsOptional() @IsString() tags_data?: string;
  @IsOptional() @IsArray() @Type(() => Number) @IsInt({ each: true }) time?: [number, number];
  @IsOptional() @IsString() customer?: string;
  @IsOptional() @IsString() remark?: string;
}

class CustomerListDto {
  @IsOptional() @ValidateNested() @Type(() => SearchDto) search?: SearchDto;
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) page: number = 1;
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(100) per_page?: number;
}

@Injectable()
export class WechatCustomersService {
  constructor(
    @InjectRepository(WechatFollow) private readonly follows: Repository<WechatFollow>,
    @InjectRepository(WechatTag) private readonly tags: Repository<WechatTag>,
    @InjectRepository(WechatEmployee) private readonly employees: Repository<WechatEmployee>,
    @InjectRepository(EnterpriseChoice) private readonly choices: Repository<EnterpriseChoice>,
    @InjectRepository(EnterpriseRight) private readonly rights: Repository<EnterpriseRight>,
  ) {}

  async getList(dto: CustomerListDto, uniacid: number, user: User, path: string): Promise<CustomerListReply> {
    const business_id = await this.chosen(uniacid, user);
    const { page, per_page: perPage = 15 } = dto;
    const [[data, total], tag, employee] = await Promise.all([
      this.follows.findAndCount({
        where: filters({ uniacid, crop_id: business_id, deleted_at: IsNull() }, dto.search),
        relations: { has_one_customer: true, has_one_employee: true },
        order: { id: 'DESC' },
        take: perPage,
        skip: (page - 1) * perPage,
      }),
      this.tags.find({ where: { uniacid, crop_id: business_id, deleted_at: IsNull() }, order: { id: 'DESC' } }),
      this.employees.find({ where: { uniacid, business_id, deleted_at: IsNull() }, order: { user_id: 'ASC' } }),
    ]);
    const last = Math.max(Math.ceil(total / perPage), 1);
    const from = data.length > 0 ? (page - 1) * perPage + 1 : null;
    const urlOf = (number: number) =>
      `${path}?${stringify({ page: number, per_page: dto.per_page, search: dto.search })}`;
    const list = {
      current_page: page,
      data: data.map((follow) => ({ ...follow, tag_name: tagNames(follow, tag) })),
      first_page_url: urlOf(1),
      from,
      last_page: last,
      last_page_url: urlOf(last),
      next_page_url: page < last ? urlOf(page + 1) : null,
      path,
      per_page: perPage,
      prev_page_url: page > 1 ? urlOf(page - 1) : null,
      to: from && from + data.length - 1,
      total,
      count: total,
      tag,
      employee,
    };
    return plainToInstance(CustomerListReply, list, { excludeExtraneousValues: true });
  }

  private async chosen(uniacid: number, { user_id }: User): Promise<number> {
    const choice = await this.choices.findOneBy({ uniacid, user_id });
    if (!choice) throw new Failure('请先选择要管理的企业');
    const { business_id } = choice;
    if (!(await this.rights.existsBy({ uniacid, user_id, business_id }))) throw new Failure('无权管理该企业');
    return business_id;
  }
}

function filters(tenant: FindOptionsWhere<WechatFollow>, search: SearchDto = {}): FindOptionsWhere<WechatFollow>[] {
  const { status, employee_member, tags_data, time, customer, remark } = search;
  const where = { ...tenant };
  if (status !== undefined) where.status = status;
  if (employee_member) where.userid = employee_member;
  if (tags_data) where.tag_id = Like(`%${tags_data}%`);
  if (time) where.createtime = Between(...time);
  if (remark) where.remark = Like(`%${remark}%`);
  if (!customer) return [where];
  return [
    { ...where, has_one_customer: { name: Like(`%${customer}%`) } },
    { ...where, has_one_customer: { external_userid: customer } },
  ];
}

function tagNames({ tag_id }: WechatFollow, tags: WechatTag[]): string {
  const worn = tag_id.split(',');
  return tags
    .filter((tag) => worn.includes(tag.tag_id))
    .map(({ name }) => name)
    .join(',');
}

@Controller('business/:uniacid/plugin/WechatCustomers')
export class WechatCustomersController {
  constructor(private readonly customers: WechatCustomersService) {}

  @Get('getList')
  getList(
    @Query() dto: CustomerListDto,
    @Param('uniacid', ParseIntPipe) uniacid: number,
    @CurrentUser() user: User,
    @Req() request: Request,
  ) {
    return this.customers.getList(dto, uniacid, user, (process.env.PUBLIC_URL ?? '') + request.path);
  }

  @Post('getList')
  @HttpCode(200)
  postList(
    @Body() dto: CustomerListDto,
    @Param('uniacid', ParseIntPipe) uniacid: number,
    @CurrentUser() user: User,
    @Req() request: Request,
  ) {
    return this.customers.getList(dto, uniacid, user, (process.env.PUBLIC_URL ?? '') + request.path);
  }
}
