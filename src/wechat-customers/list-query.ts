import type { SelectQueryBuilder } from 'typeorm';
import { containsSql } from '../database/contains';
import type { Tenant } from '../enterprise/enterprise.service';
import { ExternalContact } from './entities/external-contact.entity';
import { FollowTag } from './entities/follow-tag.entity';
import type { Follow } from './entities/follow.entity';
import { Tag } from './entities/tag.entity';

/** How `tagIds` narrow the list: any of them, all of them, none of them, or only relations without a tag. */
export type TagsMode = 'any' | 'all' | 'exclude' | 'none';

/** The filters of getList (CONTRACT 2.3); all that are given hold at once. */
export interface FollowFilter {
  /** Contained in the customer's name, or equal to external_userid. */
  customer?: string;
  /** The customer's uid. */
  member?: number;
  addWay?: number;
  tagIds: string[];
  tagsMode: TagsMode;
  /** The staff member's userid. */
  owner?: string;
  externalType?: number;
  status?: number;
  /** Unix seconds, inclusive. */
  from?: number;
  /** Unix seconds, inclusive. */
  to?: number;
  remark?: string;
}

/** Narrows a query whose alias is `follow` to the live relations of a tenant that pass the filter. */
export function filterFollows(query: SelectQueryBuilder<Follow>, tenant: Tenant, filter: FollowFilter) {
  const { customer, member, addWay, owner, externalType, status, from, to, remark } = filter;
  query.where('follow.uniacid = :uniacid AND follow.crop_id = :cropId AND follow.deleted_at IS NULL', { ...tenant });
  if (addWay !== undefined) query.andWhere('follow.add_way = :addWay', { addWay: String(addWay) });
  if (owner !== undefined) query.andWhere('follow.userid = :owner', { owner });
  if (externalType !== undefined) query.andWhere('follow.external_type = :externalType', { externalType });
  if (status !== undefined) query.andWhere('follow.status = :status', { status });
  if (from !== undefined) query.andWhere('follow.createtime >= :from', { from });
  if (to !== undefined) query.andWhere('follow.createtime <= :to', { to });
  if (remark !== undefined) query.andWhere(containsSql('follow.remark', 'remark'), { remark });
  if (member !== undefined) query.andWhere(existsCustomer(query, 'customer.uid = :member'), { member });
  if (customer !== undefined) {
    const matches = `(customer.external_userid = :customer OR ${containsSql('customer.name', 'customerName')})`;
    query.andWhere(existsCustomer(query, matches), { customer, customerName: customer });
  }
  return filterTags(query, filter);
}

function filterTags(query: SelectQueryBuilder<Follow>, { tagIds, tagsMode }: FollowFilter) {
  if (tagsMode === 'none') return query.andWhere(`NOT ${existsTag(query, '1 = 1')}`);
  if (tagIds.length === 0) return query;
  if (tagsMode === 'exclude')
    return query.andWhere(`NOT ${existsTag(query, 'tag.tag_id IN (:...tagIds)')}`, { tagIds });
  if (tagsMode === 'any') return query.andWhere(existsTag(query, 'tag.tag_id IN (:...tagIds)'), { tagIds });
  tagIds.forEach((tagId, index) =>
    query.andWhere(existsTag(query, `tag.tag_id = :tagId${index}`), { [`tagId${index}`]: tagId }),
  );
  return query;
}

function existsCustomer(query: SelectQueryBuilder<Follow>, matches: string): string {
  const customer = query
    .subQuery()
    .select('1')
    .from(ExternalContact, 'customer')
    .where('customer.id = follow.customer_pk')
    .andWhere('customer.uniacid = follow.uniacid AND customer.crop_id = follow.crop_id')
    .andWhere('customer.deleted_at IS NULL')
    .andWhere(matches);
  return `EXISTS ${customer.getQuery()}`;
}

function existsTag(query: SelectQueryBuilder<Follow>, matches: string): string {
  const tag = query
    .subQuery()
    .select('1')
    .from(FollowTag, 'link')
    .innerJoin(Tag, 'tag', 'tag.id = link.tag_pk AND tag.uniacid = follow.uniacid AND tag.crop_id = follow.crop_id')
    .where('link.follow_id = follow.id AND tag.deleted_at IS NULL')
    .andWhere(matches);
  return `EXISTS ${tag.getQuery()}`;
}
