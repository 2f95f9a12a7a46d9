import { CurrentEnterprise } from '../../enterprise/enterprise.guard';
import type { ManagedEnterprise } from '../../enterprise/tenant';
import { ENTERPRISE_FAILURES } from '../../enterprise/errors';
import { parametersOf } from '../../http/openapi/nested-query';
import { Answers, Envelope } from '../../http/routes/envelope';
import { GetAndPost } from '../../http/routes/get-and-post';
import type { PageLocation } from '../../http/input/page-location.decorator';
import { RequestLocation } from '../../http/input/page-location.decorator';
import { BodyAndQuery } from '../../http/input/body-and-query.decorator';
import { WechatCustomersRoutes } from '../routes.decorator';
import { TagListDto, TagSearchDto } from './tags.dto';
import { TagListReply } from './tags.reply';
import { TagsService } from './tags.service';

@WechatCustomersRoutes()
@Envelope('business')
export class TagsController {
  constructor(private readonly tags: TagsService) {}

  @GetAndPost('getTagList', parametersOf(TagListDto, TagSearchDto))
  @Answers({
    summary: '企业标签 / tags of the enterprise',
    reply: TagListReply,
    failures: ENTERPRISE_FAILURES,
  })
  getTagList(
    @BodyAndQuery() dto: TagListDto,
    @CurrentEnterprise() enterprise: ManagedEnterprise,
    @RequestLocation() location: PageLocation,
  ): Promise<TagListReply> {
    return this.tags.list(dto, enterprise, location);
  }
}
