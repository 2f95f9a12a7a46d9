import { ApiProperty } from '@nestjs/swagger';
import type { Page } from '../../http/output/paginator';
import { Encoded } from '../../http/output/json';
import { paginate, PageReply } from '../../http/output/paginator';
import type { TagsAndEmployees } from './kept/tags-and-employees';
import { CustomerReply, FollowReply, TagReply } from '../rows.reply';

class EmployeeOptionReply {
  @ApiProperty({ description: '成员 userid / employee', example: 'SunXinJian' })
  user_id: string;

  @ApiProperty({ description: '姓名 / name', example: '孙新建' })
  name: string;
}

/** The answer of getList: Laravel's page of follows, and the enterprise's tags and employees to filter by. */
export class CustomerListReply extends PageReply {
  @ApiProperty({ description: '客户与成员的关系，id 倒序 / follows, id descending', type: [FollowReply] })
  declare data: FollowReply[];

  @ApiProperty({ description: '同 total / the same as total', example: 45 })
  count: number;

  @ApiProperty({ description: '企业全部标签，id 倒序 / all tags, id descending', type: [TagReply] })
  tag: TagReply[] | Encoded;

  @ApiProperty({
    description: '企业全部成员，user_id 升序 / all employees, user_id ascending',
    type: [EmployeeOptionReply],
  })
  employee: EmployeeOptionReply[] | Encoded;
}

/** A row of `pageRows`: a follow and its contact, whose columns are all null when it is gone. */
export interface FollowRow {
  wechat_follow: Omit<FollowReply, 'tag_name' | 'has_one_customer' | 'has_one_employee'>;
  wechat_customer: CustomerReply | { id: null };
}

export function toCustomerListReply(page: Page<FollowRow>, lists: TagsAndEmployees): CustomerListReply {
  return { ...paginate(page, (row) => toFollowReply(row, lists)), count: page.total, ...lists.encoded };
}

function toFollowReply({ wechat_follow, wechat_customer }: FollowRow, lists: TagsAndEmployees): FollowReply {
  return {
    ...wechat_follow,
    tag_name: tagNames(wechat_follow.tag_id, lists),
    has_one_customer: wechat_customer.id === null ? null : wechat_customer,
    has_one_employee: lists.employees.get(wechat_follow.userid) ?? null,
  };
}

/** The names in the order of the tag list; ids of unknown or deleted tags are skipped. */
function tagNames(tagIds: string, { tags, tagPositions }: TagsAndEmployees): string {
  if (tagIds === '') return '';
  const positions = new Set(tagIds.split(',').flatMap((tagId) => tagPositions.get(tagId) ?? []));
  return [...positions]
    .sort((a, b) => a - b)
    .map((position) => tags[position]!.name)
    .join(',');
}
