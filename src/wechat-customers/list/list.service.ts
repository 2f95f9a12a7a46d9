import { Inject, Injectable } from '@nestjs/common';
import { ENV, Env } from '../../config/env';
import type { ManagedEnterprise } from '../../enterprise/tenant';
import { pageOffset, pageSize } from '../../http/input/page';
import type { PageLocation } from '../../http/input/page-location.decorator';
import { TagsAndStaffStore } from './kept/tags-and-staff';
import { FollowList } from './follow-list';
import { CustomerListDto, toFollowFilter, toPageQuery } from './list.dto';
import { CustomerListReply, toCustomerListReply } from './list.reply';

/** The customers of an enterprise, one row per customer × staff member (CONTRACT 2.3). */
@Injectable()
export class WechatCustomersService {
  constructor(
    private readonly follows: FollowList,
    private readonly lists: TagsAndStaffStore,
    @Inject(ENV) private readonly env: Env,
  ) {}

  async getList(
    dto: CustomerListDto,
    enterprise: ManagedEnterprise,
    { origin, path }: PageLocation,
  ): Promise<CustomerListReply> {
    const { BUSINESS_PAGE_SIZE, BUSINESS_PAGE_SIZE_MAX, PUBLIC_URL } = this.env;
    const perPage = pageSize('per_page', dto.per_page, BUSINESS_PAGE_SIZE, BUSINESS_PAGE_SIZE_MAX);
    const lists = await this.lists.of(enterprise);
    const offset = pageOffset(dto.page, perPage);
    const found = await this.follows.page(enterprise, toFollowFilter(dto.search), lists.tagPks, perPage, offset);
    const page = {
      ...found,
      current: dto.page,
      perPage,
      path: (PUBLIC_URL ?? origin) + path,
      query: toPageQuery(dto),
    };
    return toCustomerListReply(page, lists);
  }
}
