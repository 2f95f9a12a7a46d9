import { Inject, Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, IsNull, Repository } from 'typeorm';
import { ENV, Env } from '../config/env';
import type { Tenant } from '../enterprise/enterprise.service';
import { pageOffset, pageSize } from '../http/request/page';
import type { PageLocation } from '../http/request/page-location.decorator';
import { Employee } from './entities/employee.entity';
import { Follow } from './entities/follow.entity';
import { Tag } from './entities/tag.entity';
import { CustomerListDto, toFollowFilter, toPageQuery } from './get-list.dto';
import { CustomerListReply, toCustomerListReply } from './get-list.reply';
import { filterFollows, FollowFilter } from './list-query';

/** The customers of an enterprise, one row per customer × staff member (CONTRACT 2.3). */
@Injectable()
export class WechatCustomersService {
  constructor(
    @InjectRepository(Follow) private readonly follows: Repository<Follow>,
    @InjectRepository(Tag) private readonly tags: Repository<Tag>,
    @InjectRepository(Employee) private readonly employees: Repository<Employee>,
    @Inject(ENV) private readonly env: Env,
  ) {}

  async getList(dto: CustomerListDto, tenant: Tenant, { origin, path }: PageLocation): Promise<CustomerListReply> {
    const { BUSINESS_PAGE_SIZE, BUSINESS_PAGE_SIZE_MAX, PUBLIC_URL } = this.env;
    const perPage = pageSize('per_page', dto.per_page, BUSINESS_PAGE_SIZE, BUSINESS_PAGE_SIZE_MAX);
    const filter = toFollowFilter(dto.search);
    const [rows, total, tags, employees] = await Promise.all([
      this.page(tenant, filter, perPage, pageOffset(dto.page, perPage)),
      this.matching(tenant, filter).getCount(),
      this.tags.find({ where: { ...tenant, deletedAt: IsNull() }, order: { id: 'DESC' } }),
      this.employees.find({
        where: { uniacid: tenant.uniacid, businessId: tenant.cropId, deletedAt: IsNull() },
        order: { userId: 'ASC' },
      }),
    ]);
    const list = {
      rows,
      total,
      current: dto.page,
      perPage,
      path: (PUBLIC_URL ?? origin) + path,
      query: toPageQuery(dto),
    };
    return toCustomerListReply(list, tags, employees);
  }

  /** The ids of the page first, from an index alone; then only those rows with what they are joined to. */
  private async page(tenant: Tenant, filter: FollowFilter, limit: number, offset: number): Promise<Follow[]> {
    const ids = await this.matching(tenant, filter)
      .select('follow.id', 'id')
      .orderBy('follow.id', 'DESC')
      .limit(limit)
      .offset(offset)
      .getRawMany<{ id: number }>();
    if (ids.length === 0) return [];
    return this.follows
      .createQueryBuilder('follow')
      .leftJoinAndSelect('follow.hasOneCustomer', 'customer', 'customer.deleted_at IS NULL')
      .leftJoinAndSelect('follow.hasOneEmployee', 'employee', 'employee.deleted_at IS NULL')
      .where({ id: In(ids.map(({ id }) => id)) })
      .orderBy('follow.id', 'DESC')
      .getMany();
  }

  private matching(tenant: Tenant, filter: FollowFilter) {
    return filterFollows(this.follows.createQueryBuilder('follow'), tenant, filter);
  }
}
