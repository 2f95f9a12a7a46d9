import { Inject, Injectable } from '@nestjs/common';
import { ENV, Env } from '../../config/env';
import { contains } from '../../database/contains';
import type { ManagedEnterprise } from '../../enterprise/tenant';
import { pageOffset } from '../../http/input/page';
import { listUrl, PageLocation } from '../../http/input/page-location.decorator';
import { paginate } from '../../http/output/paginator';
import { TagsAndEmployeesStore } from '../kept/tags-and-employees';
import type { TagListDto } from './tags.dto';
import { TagListReply, toTagOption } from './tags.reply';

/** Lists the tags of an enterprise, newest first (CONTRACT 2.4), from those that getList keeps. */
@Injectable()
export class TagsService {
  constructor(
    private readonly tagsAndEmployees: TagsAndEmployeesStore,
    @Inject(ENV) private readonly env: Env,
  ) {}

  async list(
    { search, page }: TagListDto,
    enterprise: ManagedEnterprise,
    location: PageLocation,
  ): Promise<TagListReply> {
    const { BUSINESS_PAGE_SIZE: perPage, PUBLIC_URL } = this.env;
    const { tags } = await this.tagsAndEmployees.of(enterprise);
    const found = tags.filter(({ name }) => contains(name, search?.name ?? ''));
    const offset = pageOffset(page, perPage);
    const rows = found.slice(offset, offset + perPage);
    const path = listUrl(location, PUBLIC_URL);
    return paginate({ rows, total: found.length, current: page, perPage, path, query: { search } }, toTagOption);
  }
}
