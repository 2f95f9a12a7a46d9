import { Controller, UseGuards } from '@nestjs/common';
import { ApiBody, ApiParam, ApiTags } from '@nestjs/swagger';
import { CurrentEnterprise, EnterpriseGuard } from '../../enterprise/enterprise.guard';
import type { ManagedEnterprise } from '../../enterprise/tenant';
import { EnterpriseForbidden, NoEnterpriseChosen } from '../../enterprise/errors';
import { ApiNestedQuery } from '../../http/openapi/nested-query';
import { Answers, Envelope } from '../../http/routes/envelope';
import { GetAndPost } from '../../http/routes/get-and-post';
import type { PageLocation } from '../../http/input/page-location.decorator';
import { RequestLocation } from '../../http/input/page-location.decorator';
import { BodyAndQuery } from '../../http/input/body-and-query.decorator';
import { TagListDto, TagSearchDto } from './tags.dto';
import { TagListReply } from './tags.reply';
import { TagsService } from './tags.service';

@Controller('business/:uniacid/plugin/WechatCustomers')
@UseGuards(EnterpriseGuard)
@ApiParam({ name: 'uniacid', description: '公众号 / official account', example: 2 })
@ApiTags('WechatCustomers 企业微信客户 / WeCom customers')
@Envelope('business')
export class TagsController {
  constructor(private readonly tags: TagsService) {}

  @GetAndPost('getTagList', {
    get: ApiNestedQuery({ '': TagListDto, search: TagSearchDto }),
    post: ApiBody({ type: TagListDto }),
  })
  @Answers({
    summary: '企业标签 / tags of the enterprise',
    reply: TagListReply,
    failures: [new NoEnterpriseChosen(), new EnterpriseForbidden()],
  })
  getTagList(
    @BodyAndQuery() dto: TagListDto,
    @CurrentEnterprise() enterprise: ManagedEnterprise,
    @RequestLocation() location: PageLocation,
  ): Promise<TagListReply> {
    return this.tags.list(dto, enterprise, location);
  }
}
