import { ApiProperty } from '@nestjs/swagger';
import type { Page } from '../../http/output/paginator';
import { Encoded } from '../../http/output/json';
import { paginate, PageReply } from '../../http/output/paginator';
import type { TagsAndStaff } from './kept/tags-and-employees';
import { CustomerReply, FollowReply, TagReply } from '../rows.reply';

class EmployeeOptionReply {
  @ApiProperty({ description: '成员 userid / staff member', example: 'SunXinJian' })
  user_id: string;

  @ApiProperty({ description: '姓名 / name', example: '孙新建' })
  name: string;
}

/** What getList answers: Laravel's page of relations, and the enterprise's tags and staff to filter by. */
export class CustomerListReply extends PageReply {
  @ApiProperty({ description: '客户与成员的关系，id 倒序 / relations, id descending', type: [FollowReply] })
  declare data: FollowReply[];

  @ApiProperty({ description: '同 total / the same as total', example: 45 })
  count: number;

  @ApiProperty({ description: '企业全部标签，id 倒序 / all tags, id descending', type: [TagReply] })
  tag: TagReply[] | Encoded;

  @ApiProperty({
    description: '企业全部成员，user_id 升序 / all staff, user_id ascending',
    type: [EmployeeOptionReply],
  })
  employee: EmployeeOptionReply[] | Encoded;
}

/** A follow and its customer, whose columns are all null when there is none: a row of `pageRows`. */
export interface FollowRow {
  wechat_follow: Omit<FollowReply, 'tag_name' | 'has_one_customer' | 'has_one_employee'>;
  wechat_customer: CustomerReply | { id: null };
}

export function toCustomerListReply(page: Page<FollowRow>, kept: TagsAndStaff): CustomerListReply {
  return { ...paginate(page, (row) => toFollowReply(row, kept)), count: page.total, ...kept.encoded };
}

function toFollowReply({ wechat_follow, wechat_customer }: FollowRow, kept: TagsAndStaff): FollowReply {
  return {
    ...wechat_follow,
    tag_name: tagNames(wechat_follow.tag_id, kept),
    has_one_customer: wechat_customer.id === null ? null : wechat_customer,
    has_one_employee: kept.employees.get(wechat_follow.userid) ?? null,
  };
}

/** The names in the order of the tag list; ids without a tag are passed over. */
function tagNames(tagIds: string, { tags, tagPlaces }: TagsAndStaff): string {
  if (tagIds === '') return '';
  const places = new Set(tagIds.split(',').flatMap((tagId) => tagPlaces.get(tagId) ?? []));
  return [...places]
    .sort((a, b) => a - b)
    .map((place) => tags[place]!.name)
    .join(',');
}
