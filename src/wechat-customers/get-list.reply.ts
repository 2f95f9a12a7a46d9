import { ApiProperty } from '@nestjs/swagger';
import type { Page } from '../http/paginator';
import { paginate, PageReply } from '../http/paginator';
import type { Employee } from './entities/employee.entity';
import type { Follow } from './entities/follow.entity';
import type { Tag } from './entities/tag.entity';
import { FollowReply, TagReply, toFollowReply, toTagReply } from './rows.reply';

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
  tag: TagReply[];

  @ApiProperty({
    description: '企业全部成员，user_id 升序 / all staff, user_id ascending',
    type: [EmployeeOptionReply],
  })
  employee: EmployeeOptionReply[];
}

/** @param tags all tags of the enterprise, id descending; @param employees all its staff, user_id ascending */
export function toCustomerListReply(page: Page<Follow>, tags: Tag[], employees: Employee[]): CustomerListReply {
  return {
    ...paginate(page, (follow) => toFollowReply(follow, tagNames(follow.tagId, tags))),
    count: page.total,
    tag: tags.map(toTagReply),
    employee: employees.map(({ userId, name }) => ({ user_id: userId, name })),
  };
}

/** The names in the order of the tag list; ids without a tag are passed over. */
function tagNames(tagIds: string, tags: Tag[]): string {
  if (tagIds === '') return '';
  const worn = new Set(tagIds.split(','));
  return tags
    .filter(({ tagId }) => worn.has(tagId))
    .map(({ name }) => name)
    .join(',');
}
