import { Injectable } from '@nestjs/common';
import { EntityManager, In } from 'typeorm';
import { sameText } from '../../database/same-text';
import type { Tenant } from '../../enterprise/tenant';
import { Follow } from '../entities/follow.entity';
import { Tag } from '../entities/tag.entity';
import { tagIdsOf } from '../tag-ids';
import type { DetailsDto } from './details.dto';
import { DetailsReply, toDetailsReply } from './details.reply';
import { FollowNotFound } from './errors';

/** Reads one follow with its contact, employee and tags (CONTRACT 2.4). */
@Injectable()
export class DetailsService {
  constructor(private readonly manager: EntityManager) {}

  /** @throws FollowNotFound for a follow that is missing, deleted or of another enterprise */
  async get({ uniacid, enterpriseId }: Tenant, { external_userid, userid }: DetailsDto): Promise<DetailsReply> {
    // Not findOne, which with relations asks for the ids first, in a statement of its own.
    const [follow] = await this.manager.find(Follow, {
      where: { uniacid, enterpriseId, userid: sameText(userid), externalUserid: sameText(external_userid) },
      relations: { hasOneCustomer: true, hasOneEmployee: true },
    });
    if (!follow) throw new FollowNotFound();
    return toDetailsReply(withPartners(follow), await this.tagsOf(follow));
  }

  /** By tag_id, as in getList: the relation `tags` has a tag made after the follow only once the follow changes. */
  private async tagsOf({ uniacid, enterpriseId, tagId }: Follow): Promise<Tag[]> {
    const tagIds = tagIdsOf(tagId);
    if (tagIds.length === 0) return [];
    const where = { uniacid, enterpriseId, tagId: In(tagIds) };
    const tags = await this.manager.find(Tag, { where, order: { id: 'DESC' } });
    return tags.filter((tag) => tagIds.includes(tag.tagId));
  }
}

/** Without a partner whose id differs in blanks at the end: TypeORM's joins leave it to the server what is equal. */
function withPartners(follow: Follow): Follow {
  const { hasOneCustomer, hasOneEmployee, externalUserid, userid } = follow;
  return {
    ...follow,
    hasOneCustomer: hasOneCustomer?.externalUserid === externalUserid ? hasOneCustomer : null,
    hasOneEmployee: hasOneEmployee?.userid === userid ? hasOneEmployee : null,
  };
}
